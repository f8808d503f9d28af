import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { newKey } from '../../app/api.ts';

/** The three steps of an import: choose, see what will happen, do it. */
export function useImport<Report>(ask: (dry_run: boolean, key: string) => Promise<Report>) {
  const foreseen = useSignal<Report | undefined>(undefined);
  const done = useSignal<Report | undefined>(undefined);
  // one key for one file: trying again goes on with what was begun
  const key = useRef(newKey());
  const back = () => {
    foreseen.value = undefined;
    done.value = undefined;
    key.current = newKey();
  };
  return {
    foreseen: foreseen.value,
    done: done.value,
    check: async () => {
      foreseen.value = await ask(true, key.current);
    },
    apply: async () => {
      done.value = await ask(false, key.current);
    },
    back,
  };
}
