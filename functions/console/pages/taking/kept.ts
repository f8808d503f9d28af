import { user } from '../../app/session.ts';
import { remember, remembered } from '../../app/storage.ts';

const nameOf = (what: string): string => `taking.${user.peek()?.user_id ?? ''}.${what}`;

/** What the signed-in person did on this device and the server does not have yet. */
export function kept(what: string): unknown {
  const text = remembered(nameOf(what));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function keep(what: string, value: unknown): void {
  remember(nameOf(what), value === undefined ? undefined : JSON.stringify(value));
}
