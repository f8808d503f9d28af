import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type * as z from 'zod';
import { newKey } from '../app/api.ts';
import { issueText, none, type Problems, refusedFields } from './field-problems.ts';
import { showFirstProblem } from './first-problem.ts';

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
  const problems = useSignal<Problems>(none);
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const sent = useRef({ body: '', key: '' });

  const send = async () => {
    const given = options.bodyOf(draft.value);
    const parsed = options.schema.safeParse(given);
    failure.value = undefined;
    problems.value = problemsOf(draft.value, given, parsed.error?.issues ?? [], options);
    if (problems.value.size > 0 || !parsed.success) return showFirstProblem();
    const same = JSON.stringify(given);
    if (sent.current.body !== same) sent.current = { body: same, key: newKey() };
    busy.value = true;
    try {
      await options.submit(parsed.data, sent.current.key);
    } catch (error) {
      problems.value = refusedFields(error, (path) => options.fieldOf(path, draft.value));
      if (problems.value.size > 0) showFirstProblem();
      else failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return {
    draft: draft.value,
    failure: failure.value,
    busy: busy.value,
    isChanged: JSON.stringify(draft.value) !== JSON.stringify(initial),
    problems: problems.value.size,
    problem: (field) => problems.value.get(field),
    set: (change) => {
      draft.value = { ...draft.peek(), ...change };
      const touched = Object.keys(change);
      if (problems.value.size > 0)
        problems.value = new Map(
          [...problems.value].filter(([field]) => !touched.some((one) => isIn(field, one))),
        );
    },
    save: () => {
      if (!busy.peek()) void send();
    },
  };
}

const isIn = (field: string, part: string): boolean => field === part || field.startsWith(`${part}.`);

function problemsOf<D, B>(
  draft: D,
  body: unknown,
  issues: readonly z.core.$ZodIssue[],
  { fieldOf, check }: DraftOptions<D, B>,
): Problems {
  const found = new Map<string, string>();
  for (const [field, problem] of Object.entries(check?.(draft) ?? {}))
    if (problem !== false) found.set(field, problem);
  for (const issue of issues) {
    const field = fieldOf(issue.path, draft);
    if (!found.has(field)) found.set(field, issueText(issue, body));
  }
  return found;
}
