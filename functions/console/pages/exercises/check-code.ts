import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CodeError, CodeWarning } from '#shared/contracts/validation.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import { ApiError } from '#shared/http/client.ts';
import { api } from '../../app/api.ts';
import { online } from '../../app/online.ts';
import type { Mark } from '../../editor/marks.ts';

const pause_ms = 600;
/** After a refusal the checks rest a while: they are a courtesy, and running counts. */
const rest_ms = 15_000;

export interface CodeProblem extends Mark {
  /** The exception's class or the rule's name. */
  readonly type: string;
}

const ofError = ({ message, type, ...place }: CodeError): CodeProblem => ({
  kind: 'error',
  ...place,
  type,
  text: message,
});
const ofWarning = ({ message, code, ...place }: CodeWarning): CodeProblem => ({
  kind: 'warning',
  ...place,
  type: code,
  text: message,
});

/** What the language's own parser says of the program, a moment after one stops typing. */
export function useCodeCheck(language: Language, code: string): readonly CodeProblem[] {
  const found = useSignal<readonly CodeProblem[]>(none);
  const restsUntil = useSignal(0);
  useEffect(() => {
    if (code.trim() === '') {
      found.value = none;
      return;
    }
    const controller = new AbortController();
    const check = async () => {
      if (!online.peek() || Date.now() < restsUntil.peek()) return;
      try {
        const { errors, warnings } = await api.code.validate({
          body: { code, language },
          signal: controller.signal,
        });
        found.value = [...errors.map(ofError), ...warnings.map(ofWarning)];
      } catch (error) {
        if (error instanceof ApiError) restsUntil.value = Date.now() + rest_ms;
      }
    };
    const timer = setTimeout(() => void check(), pause_ms);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [language, code]);
  return found.value;
}
const none: readonly CodeProblem[] = [];
