import { useSignal } from '@preact/signals';
import type * as z from 'zod';
import { addIssues } from './field-problems.ts';
import { useSendOnce } from './send-once.ts';
import { useSubmission } from './submission.ts';

export interface Draft<D> {
  readonly draft: D;
  readonly failure: unknown;
  readonly busy: boolean;
  readonly isChanged: boolean;
  /** How many fields are wrong. */
  readonly problems: number;
  problem(field: string): string | undefined;
  set(change: Partial<D>): void;
  save(): void;
}

interface DraftOptions<D, B> {
  readonly initial: D;
  /** As the contract takes it; what is no number stays text and is refused at its field. */
  readonly bodyOf: (draft: D) => unknown;
  readonly schema: z.ZodType<B>;
  /** The field that shows a problem at this place of the body. */
  readonly fieldOf: (path: readonly PropertyKey[], draft: D) => string;
  /** What the contract cannot tell. */
  readonly check?: (draft: D) => Readonly<Record<string, string | false>>;
  /** `key` is the same when the same is sent again, so that a lost reply makes nothing twice. */
  readonly submit: (body: B, key: string) => Promise<void>;
}

/** Something being written that the contract checks before it is sent, with each problem at its field. */
export function useDraft<D extends object, B>(options: DraftOptions<D, B>): Draft<D> {
  const { initial } = options;
  const draft = useSignal(initial);
  const sendOnce = useSendOnce();

  const prepare = () => {
    const current = draft.peek();
    const given = options.bodyOf(current);
    const parsed = options.schema.safeParse(given);
    const problems = new Map<string, string>();
    for (const [field, problem] of Object.entries(options.check?.(current) ?? {}))
      if (problem !== false) problems.set(field, problem);
    addIssues(problems, parsed.error, given, (path) => options.fieldOf(path, current));
    const send = async () => {
      if (parsed.success) await sendOnce(given, (key) => options.submit(parsed.data, key));
    };
    return { problems, send };
  };
  const submission = useSubmission(prepare, (path) => options.fieldOf(path, draft.peek()));
  return {
    draft: draft.value,
    failure: submission.failure,
    busy: submission.busy,
    isChanged: JSON.stringify(draft.value) !== JSON.stringify(initial),
    problems: submission.problems.size,
    problem: (field) => submission.problems.get(field),
    set: (change) => {
      draft.value = { ...draft.peek(), ...change };
      const touched = Object.keys(change);
      submission.forgive((field) => touched.some((part) => isIn(field, part)));
    },
    save: submission.save,
  };
}

const isIn = (field: string, part: string): boolean => field === part || field.startsWith(`${part}.`);
