/**
 * Runs one program through its tests, for whoever wants to see a grading again: JSON on stdin, the folder of the
 * runner as argument, verdicts as JSON on stdout.
 */
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { language, testInput } from '#shared/contracts/grading-shapes.ts';
import { gradeProgram } from './grade.ts';
import { graderVersion } from './grader-version.ts';
import { Sandbox } from './sandbox/sandbox.ts';

const input = z.object({
  language,
  code: z.string(),
  tests: z.array(z.intersection(testInput, z.object({ id: z.string() }))),
});

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('Usage: node rerun.ts <folder of the runner>');
const { tests, ...program } = input.parse(await json(process.stdin));
const sandbox = await Sandbox.open({ slots: 1, reuse: false, folder: pathToFileURL(`${folder}/`) });
try {
  const outcomes = await gradeProgram(sandbox, program, tests);
  console.log(JSON.stringify({ runtime: graderVersion, verdicts: outcomes.map(({ verdict }) => verdict) }));
} finally {
  await sandbox.close();
}
