/** The processes of a platform, found by the gateway that their environment names. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Pids of running processes whose command line contains `word` and whose environment contains `variable`. */
export const processesOf = (word: string, variable: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(word))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(variable))
    .map(Number);

/** Pids of a platform's trainers. */
export const trainersOf = ({ gateway }: { readonly gateway: string }): number[] =>
  processesOf('main.mjs', `AWS_ENDPOINT_URL=${gateway}`).filter(
    (pid) => !read(`/proc/${pid}/cmdline`).startsWith('/bin/sh'),
  );
