import type { ExerciseInput } from '../contracts/exercises.ts';
import type { TestInput } from '../contracts/grading-shapes.ts';
import {
  type ExerciseRecord,
  type ExerciseVersion,
  exercises,
  exerciseVersions,
  type PublishedExercise,
  type VersionState,
  versionStates,
} from './exercise.ts';
import type { Table, Write } from './table.ts';

/** What a version keeps of what its author wrote. */
export type WrittenExercise = Omit<ExerciseInput, 'practice' | 'exported'>;

/** What lists show of a version. */
export const summaryOf = (written: Omit<WrittenExercise, 'tests'>) => ({
  title: written.title,
  titles: Object.fromEntries(
    Object.entries(written.translations).map(([locale, { title }]) => [locale, title]),
  ),
  topic: written.topic,
  module: written.module,
  difficulty: written.difficulty,
  language: written.language,
  tags: written.tags,
  estimated_completion_time_min: written.estimated_completion_time_min,
});

/** Gives each test an id: that of the earlier test of its name, else a new number. */
export function withIds(
  tests: readonly TestInput[],
  before: ExerciseVersion['tests'] = [],
): ExerciseVersion['tests'] {
  const unclaimed = [...before];
  let last = Math.max(0, ...before.map(({ id }) => Number(id.slice(1))));
  return tests.map((test) => {
    const at = unclaimed.findIndex(({ name }) => name === test.name);
    const [earlier] = at < 0 ? [] : unclaimed.splice(at, 1);
    return { ...test, id: earlier?.id ?? `t${++last}` };
  });
}

interface Made {
  readonly by: string;
  readonly at: string;
}

/** The next version of an exercise, and the beginning of its story. */
export function newVersion(
  id: { readonly exercise_id: string; readonly version_number: number },
  written: WrittenExercise,
  { by, at }: Made,
  from: { readonly tests: ExerciseVersion['tests']; readonly changed: readonly string[] },
): { readonly version: ExerciseVersion; readonly state: VersionState } {
  const made = { ...id, created_by: by, created_at: at };
  return {
    version: { ...written, ...made, tests: withIds(written.tests, from.tests) },
    state: {
      ...made,
      changed: [...from.changed],
      certification: { status: 'none', job_id: null, at: null, grader_version: null, problems: [] },
      published_at: null,
      version: 1,
    },
  };
}

export interface NewExercise {
  readonly head: ExerciseRecord;
  readonly version: ExerciseVersion;
  readonly state: VersionState;
}

/** A draft, version 1. */
export function newExercise(
  id: { readonly exercise_id: string; readonly org_id: string },
  { practice, exported: _exported, ...written }: ExerciseInput,
  made: Made,
): NewExercise {
  const first = newVersion({ exercise_id: id.exercise_id, version_number: 1 }, written, made, {
    tests: [],
    changed: [],
  });
  const head: ExerciseRecord = {
    ...id,
    ...summaryOf(written),
    status: 'draft',
    practice,
    newest_version: 1,
    published_version: null,
    assignment_count: 0,
    created_by: made.by,
    created_at: made.at,
    updated_at: made.at,
    version: 1,
  };
  return { head, ...first };
}

export const newExerciseWrites = (table: Table, { head, version, state }: NewExercise): Write[] => [
  table.insert(exercises, head),
  table.insert(exerciseVersions, version),
  table.insert(versionStates, state),
];

/** What students see in lists of a version that is published at that moment. */
export const publishedOf = (
  head: ExerciseRecord,
  version: ExerciseVersion,
  at: string,
): PublishedExercise => ({
  exercise_id: head.exercise_id,
  org_id: head.org_id,
  ...summaryOf(version),
  status: 'published',
  practice: head.practice,
  published_version: version.version_number,
  created_by: head.created_by,
  created_at: head.created_at,
  updated_at: at,
});
