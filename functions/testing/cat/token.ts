import * as z from 'zod';
import { conflict, invalid } from '#shared/errors.ts';
import type { ExamState } from '#shared/table/exam-session.ts';

/** What the other system keeps for us between two requests: which session, and how far it was. */
const token = z.strictObject({ session: z.string(), seq: z.int().min(1) });

export const stateToken = ({ exam_session_id, seq }: ExamState): string =>
  Buffer.from(JSON.stringify({ session: exam_session_id, seq } satisfies z.output<typeof token>)).toString(
    'base64url',
  );

/**
 * The table knows better than the token how far a session is: an old one is what a repeated request brings, and what it
 * reports decides. One of another session, or of a future that never was, is refused.
 */
export function openState(given: string, state: ExamState): void {
  const parsed = token.safeParse(decoded(given));
  if (!parsed.success || parsed.data.session !== state.exam_session_id)
    throw invalid(['body', 'sessionState'], 'is not the state of this session', 'session_state');
  if (parsed.data.seq > state.seq)
    throw conflict(
      'exam_session.state',
      'This state is ahead of the session; hand in the one that was replied.',
    );
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
