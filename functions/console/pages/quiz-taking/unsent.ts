import * as z from 'zod';
import {
  type Answer,
  answerOf,
  type Draft,
  isSameAnswer,
  mutable,
  type Question,
} from '../taking/answers.ts';

const draft = z.union([z.number(), z.array(z.number()), z.string()]);

/** What was answered on this device and has not reached the server. */
const unsentShape = z.object({
  answers: z.record(
    z.string(),
    z.object({
      draft,
      /** By the server's clock. */
      written_ms: z.number(),
      /** What the server had when this one was begun. */
      base: draft.optional(),
    }),
  ),
  /** It was handed in, and that has not reached the server either. */
  handed_in: z.boolean(),
});
export type Unsent = z.output<typeof unsentShape>;
export const nothingUnsent: Unsent = { answers: {}, handed_in: false };

export const readUnsent = (stored: unknown): Unsent => {
  const parsed = unsentShape.safeParse(stored);
  return parsed.success ? parsed.data : nothingUnsent;
};

type Answers = Readonly<Record<string, Answer>>;

type Sent = number | number[] | string | null;

/** As the server takes them; null takes an answer back. */
export const toSend = (questions: readonly Question[], { answers }: Unsent): Record<string, Sent> =>
  Object.fromEntries(
    questions.flatMap((question): [string, Sent][] => {
      const written = answers[question.item_id];
      return written ? [[question.item_id, mutable(answerOf(question, written.draft)) ?? null]] : [];
    }),
  );

export function withWritten(
  unsent: Unsent,
  item_id: string,
  written: { readonly draft: Draft; readonly written_ms: number },
  saved: Answers,
): Unsent {
  const before = unsent.answers[item_id];
  const base = before ? before.base : mutable(saved[item_id]);
  const next = { draft: mutable(written.draft) ?? '', written_ms: written.written_ms };
  return {
    ...unsent,
    answers: { ...unsent.answers, [item_id]: base === undefined ? next : { ...next, base } },
  };
}

/** What remains once these have arrived: a question that was changed meanwhile stays. */
export const withoutSent = (unsent: Unsent, sent: Unsent): Unsent => ({
  ...unsent,
  answers: Object.fromEntries(
    Object.entries(unsent.answers).filter(
      ([item_id, { written_ms }]) => sent.answers[item_id]?.written_ms !== written_ms,
    ),
  ),
});

interface Elsewhere {
  readonly questions: readonly Question[];
  readonly answers: Answers;
  readonly saved_at: string | null;
}

/**
 * The server may have more than this page knows: another device has saved, or a reply was lost. What has arrived is
 * done; what was changed elsewhere after it was written here is newer and stays; all else that is unsent goes on. Also
 * names the questions whose unsent answers gave way.
 */
export function mergeElsewhere(
  unsent: Unsent,
  elsewhere: Elsewhere,
): { readonly unsent: Unsent; readonly gaveWay: readonly string[] } {
  const saved_ms = elsewhere.saved_at === null ? 0 : Date.parse(elsewhere.saved_at);
  const ours = toSend(elsewhere.questions, unsent);
  const arrived = (item_id: string) => isSameAnswer(ours[item_id] ?? undefined, elsewhere.answers[item_id]);
  const gaveWay = Object.entries(unsent.answers).flatMap(([item_id, { base, written_ms }]) => {
    const isNewer = saved_ms > written_ms && !isSameAnswer(elsewhere.answers[item_id], base);
    return isNewer && !arrived(item_id) ? [item_id] : [];
  });
  const answers = Object.fromEntries(
    Object.entries(unsent.answers).filter(([item_id]) => !arrived(item_id) && !gaveWay.includes(item_id)),
  );
  return { unsent: { ...unsent, answers }, gaveWay };
}
