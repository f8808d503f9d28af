import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { user } from '../../app/session.ts';
import { remember, remembered } from '../../app/storage.ts';

const pause_ms = 300;

const keyOf = (exercise_id: string): string => `draft.${user.peek()?.user_id ?? ''}.${exercise_id}`;

/** What the signed-in person typed for an exercise and has kept in this browser. */
export const keptDraft = (exercise_id: string): string | undefined => remembered(keyOf(exercise_id));

/** What equals the beginning is not worth keeping. */
export function keepDraft(exercise_id: string, code: string, starter: string): void {
  remember(keyOf(exercise_id), code === starter ? undefined : code);
}

interface Draft {
  readonly code: string;
  readonly isKept: boolean;
  set(code: string): void;
}

/** The program being written: kept in this browser a moment after each change, and when the page goes away. */
export function useDraft(exercise_id: string, starter: string): Draft {
  const code = useSignal(keptDraft(exercise_id) ?? starter);
  const unkept = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = () => {
    clearTimeout(timer.current);
    if (unkept.peek()) keepDraft(exercise_id, code.peek(), starter);
    unkept.value = false;
  };
  useEffect(() => {
    addEventListener('pagehide', flush);
    return () => {
      removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  return {
    code: code.value,
    isKept: !unkept.value && code.value !== starter,
    set: (next) => {
      if (next === code.peek()) return;
      code.value = next;
      unkept.value = true;
      clearTimeout(timer.current);
      timer.current = setTimeout(flush, pause_ms);
    },
  };
}
