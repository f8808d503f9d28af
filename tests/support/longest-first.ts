/**
 * The order of the files: those that take longest first, so that none is begun when all others are done. Vitest knows
 * what took long from the run before, which a new clone has not had, and never mixes its projects.
 */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** From half a minute down to some seconds, on two cores. Browsers come first: they wait while others compute. */
const longest = [
  'e2e/accessible',
  'e2e/quiz-taking',
  'integration/access/matrix',
  'e2e/exam-plan',
  'e2e/test-taking',
  'platform/adverse',
  'integration/training/run',
  'e2e/studio',
  'e2e/exercises',
  'platform/recovery',
  'integration/testing/calibration-workers',
  'e2e/quiz-builder',
  'e2e/teaching',
  'integration/training/warnings',
  'platform/training',
  'e2e/item-bank',
  'e2e/console',
  'integration/testing/items-import',
  'cloud/runner-lifecycle',
  'e2e/roster',
  'cloud/dynamodb',
  'integration/training/series',
  'integration/testing/calibrations',
  'integration/training/api',
  'integration/testing/sessions',
  'e2e/demo',
  'infra/build',
  'infra/product',
  'infra/planted-mistakes',
  'unit/grading/similarity',
  'unit/validation/threads',
  'unit/rl/resume',
  'unit/irt/simulate',
];

const tests = new URL('..', import.meta.url).pathname;

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.indexOf(relative(tests, moduleId).replace(/\.test\.ts$/, ''));
  return place < 0 ? longest.length : place;
}

/** Files that share their workers stay together, and come last. */
const groupOf = ({ project }: TestSpecification): string => (project.config.isolate ? '' : project.name);

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a).localeCompare(groupOf(b)) || placeOf(a) - placeOf(b));
  }
}
