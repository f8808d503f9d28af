/** Something the person at the keyboard can put right: printed as one sentence, without a stack, exit code 1. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The message of whatever was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** The `code` of a Node.js system error (`EADDRINUSE`, `EACCES` …), if it has one. */
export const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
