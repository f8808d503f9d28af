import { asText, at, type Json } from './json.ts';
import type { FunctionObserver } from './lambda/function.ts';
import type { LogFiles } from './log-files.ts';

/** The same words are not said again within this time. */
const quietMs = 10_000;

/** Passes warnings on, each at most every ten seconds. */
export function withoutRepeats(warn: (text: string) => void): (text: string) => void {
  const said = new Map<string, number>();
  return (text) => {
    const now = Date.now();
    for (const [earlier, when] of said) if (when < now - quietMs) said.delete(earlier);
    if (said.has(text)) return;
    said.set(text, now);
    warn(text);
  };
}

/** Events that are no errors, and that the person at the terminal should hear of all the same. */
const notable: Readonly<Record<string, string>> = {
  'grading.off': 'programs cannot be run on this machine',
};

/** What an error line of a log says, or undefined for any other line. */
export function errorIn(line: string): string | undefined {
  const [, event = ''] = /"message":"([a-z_.]+)"/.exec(line) ?? [];
  if (!/"level":"(ERROR|CRITICAL|FATAL)"/i.test(line) && !(event in notable)) return undefined;
  try {
    const parsed: Json = JSON.parse(line);
    const detail = asText(at(parsed, 'error', 'message')) ?? asText(at(parsed, 'reason'));
    const message = notable[event] ?? asText(at(parsed, 'message')) ?? 'error';
    return detail === undefined ? message : `${message}: ${detail}`;
  } catch {
    return undefined;
  }
}

/** Writes what functions print into their logs, and tells of errors. */
export function observeFunctions(logs: LogFiles, warn: (text: string) => void): FunctionObserver {
  const tell = (label: string, text: string) => warn(`${label}: ${text.split('\n')[0]} (logs/${label}.log)`);
  return {
    line: (label, line, requestId) => {
      logs.write(
        label,
        line,
        requestId === undefined ? { level: 'INFO' } : { level: 'INFO', request_id: requestId },
      );
      const error = errorIn(line);
      if (error !== undefined) tell(label, error);
    },
    failed: (label, request_id, error) => {
      logs.write(
        label,
        JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', request_id, error }),
      );
      tell(label, `${error.errorType}: ${error.errorMessage}`);
    },
  };
}
