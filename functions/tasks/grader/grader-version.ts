/** Of the sandbox: raised when the same program and tests may come to another verdict. */
const engine = '1';
const pyodide = '314.0.7';
const python = '3.14.2';

/** Recorded with each grading: what it was graded by. */
export const graderVersion = `lyceum-grader/${engine} pyodide/${pyodide} python/${python} v8/${process.versions.v8} node/${process.versions.node}`;
