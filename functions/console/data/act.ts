import { useSignal } from '@preact/signals';
import { toast } from '../app/toasts.ts';
import { errorText } from '../i18n/problems.ts';

export interface Act {
  /** Name of what is being done; undefined when nothing is. */
  readonly busy: string | undefined;
  /** Why the last one failed. */
  readonly failure: unknown;
  run(name: string, act: () => Promise<void>): Promise<void>;
}

/**
 * What is done on a click: one of several, of which each button shows that it is under way. A failure is kept to be
 * shown where it belongs, unless it is told elsewhere.
 */
export function useAct(tell?: (failure: unknown) => void): Act {
  const busy = useSignal<string | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  return {
    busy: busy.value,
    failure: failure.value,
    run: async (name, act) => {
      busy.value = name;
      failure.value = undefined;
      try {
        await act();
      } catch (error) {
        if (tell) tell(error);
        else failure.value = error;
      } finally {
        busy.value = undefined;
      }
    },
  };
}

/** Says it in passing, for what has no place of its own on the page. */
export const inPassing = (failure: unknown): void => toast('bad', errorText(failure));
