import { gradeProgram } from './grade.ts';
import { graderVersion } from './grader-version.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { Engine } from './world.ts';

/** The sandbox as the grader uses it. */
export const engineOf = (sandbox: Sandbox): Engine => ({
  version: graderVersion,
  grade: (program, tests, options = {}) => gradeProgram(sandbox, program, tests, options),
});
