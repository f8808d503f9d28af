import { useSignal } from '@preact/signals';
import { none, type Problems, refusedFields } from './field-problems.ts';
import { showFirstProblem } from './first-problem.ts';

export interface Submission {
  /** By field: `topic`, `texts.en.title`, `tests.2.expected`. */
  readonly problems: Problems;
  readonly failure: unknown;
  readonly busy: boolean;
  /** A field that is being put right is not wrong until it is sent again. */
  forgive(isTouched: (field: string) => boolean): void;
  /** Nothing was ever sent. */
  reset(): void;
  save(): void;
}

interface Sending {
  /** What is wrong before the server sees it; then nothing is sent. */
  readonly problems: Problems;
  readonly send: () => Promise<void>;
}

/** Sends what was written, once at a time, and shows each problem at the field that `fieldOf` a place of the body names. */
export function useSubmission(
  prepare: () => Sending,
  fieldOf: (path: readonly PropertyKey[]) => string,
): Submission {
  const problems = useSignal<Problems>(none);
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);

  const submit = async (): Promise<void> => {
    const sending = prepare();
    failure.value = undefined;
    problems.value = sending.problems;
    if (problems.value.size > 0) return showFirstProblem();
    busy.value = true;
    try {
      await sending.send();
    } catch (error) {
      problems.value = refusedFields(error, fieldOf);
      if (problems.value.size > 0) showFirstProblem();
      else failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return {
    problems: problems.value,
    failure: failure.value,
    busy: busy.value,
    forgive: (isTouched) => {
      if (problems.peek().size > 0)
        problems.value = new Map([...problems.peek()].filter(([field]) => !isTouched(field)));
    },
    reset: () => {
      problems.value = none;
      failure.value = undefined;
    },
    save: () => {
      if (!busy.peek()) void submit();
    },
  };
}
