import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import * as z from 'zod';
import { verdict } from '#shared/contracts/grading-shapes.ts';
import type { Language, Test, Verdict } from '#shared/domain/grading/types.ts';
import { build } from '../../build.ts';
import { bundlesIn, projectRoot } from '../../bundles.ts';
import { Failure } from '../failure.ts';

const answer = z.object({ runtime: z.string(), verdicts: z.array(verdict) });

export interface Rerun {
  /** The version of the grader on this machine. */
  readonly runtime: string;
  readonly verdicts: readonly Verdict[];
}

/** Beside the project's own build, which may be running. */
const outdir = join(projectRoot, 'node_modules/.cache/lyceum-verify');

/** Runs the program through the tests as a grader does: by the grader's own code, in a process of its own. */
export async function rerun(program: {
  readonly language: Language;
  readonly code: string;
  readonly tests: readonly Test[];
}): Promise<Rerun> {
  await build({ console: false, outdir, assets: 'optional' });
  const script = join(projectRoot, 'functions/tasks/grader/rerun.ts');
  const child = spawn(process.execPath, [script, bundlesIn(outdir).tasks('grader')], {
    cwd: projectRoot,
    env: { NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(program));
  const [said, complaint, [code]] = await Promise.all([
    json(child.stdout).catch(() => undefined),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Failure(`The program cannot be run here. ${lastLine(complaint)}`);
  return answer.parse(said);
}

/** What was thrown, without its stack. */
const lastLine = (complaint: string): string =>
  complaint.split('\n').find((line) => /^\w*Error: /.test(line)) ?? complaint.trim();
