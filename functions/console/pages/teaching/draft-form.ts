import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { exerciseInput } from '#shared/contracts/exercises.ts';
import { user } from '../../app/session.ts';
import { remember, remembered } from '../../app/storage.ts';
import { type Locale, t } from '../../i18n/index.ts';
import { addIssues, type Problems } from '../../ui/field-problems.ts';
import { useSubmission } from '../../ui/submission.ts';
import { bodyOf, type ExerciseDraft, fieldOf, keptDraft, type TextDraft } from './exercise-draft.ts';
import { argumentsOf, parseJson, rowField, type TestDraft } from './test-draft.ts';

export interface DraftForm {
  readonly draft: ExerciseDraft;
  /** By field: `topic`, `texts.en.title`, `tests.2.expected`. */
  readonly problems: Problems;
  readonly failure: unknown;
  readonly busy: boolean;
  readonly isChanged: boolean;
  /** What is shown was kept in this browser from an earlier visit. */
  readonly isRestored: boolean;
  set(change: Partial<ExerciseDraft>): void;
  setText(locale: Locale, change: Partial<TextDraft>): void;
  setTest(key: string, change: Partial<TestDraft>): void;
  setTests(change: (tests: readonly TestDraft[]) => readonly TestDraft[]): void;
  /** Back to what the server has. */
  discard(): void;
  save(): void;
}

interface DraftOptions {
  readonly exercise_id: string | undefined;
  /** The version that the draft began from; null: a new exercise. */
  readonly version: number | null;
  readonly initial: ExerciseDraft;
  readonly submit: (body: unknown, version: number | null) => Promise<void>;
}
const pause_ms = 400;

/** The exercise being written: kept in this browser while it is not saved, with each problem at its field. */
export function useDraftForm({ exercise_id, version, initial, submit }: DraftOptions): DraftForm {
  const storage = `exercise.${user.peek()?.user_id ?? ''}.${exercise_id ?? 'new'}`;
  const kept = useRef(readKept(storage));
  const draft = useSignal(kept.current?.draft ?? initial);
  const base = useRef(kept.current?.version ?? version);
  const restored = useSignal(kept.current !== undefined);
  const isChanged = JSON.stringify(draft.value) !== JSON.stringify(initial);

  useKeeping(storage, isChanged ? { version: base.current, draft: draft.value } : undefined);

  const prepare = () => {
    const body = bodyOf(draft.peek());
    const send = async () => {
      await submit(body, base.current);
      remember(storage, undefined);
    };
    return { problems: problemsOf(draft.peek(), body), send };
  };
  const submission = useSubmission(prepare, (path) => place(draft.peek(), path));
  const change = (next: ExerciseDraft, touched: string) => {
    draft.value = next;
    submission.forgive((field) => field.startsWith(touched));
  };
  return {
    draft: draft.value,
    problems: submission.problems,
    failure: submission.failure,
    busy: submission.busy,
    isChanged,
    isRestored: restored.value,
    set: (part) => change({ ...draft.peek(), ...part }, Object.keys(part)[0] ?? ''),
    setText: (locale, part) => {
      const { texts } = draft.peek();
      const next = { ...texts, [locale]: { ...texts[locale], ...part } };
      change({ ...draft.peek(), texts: next }, `texts.${locale}.${Object.keys(part)[0]}`);
    },
    setTest: (key, part) => {
      const { tests } = draft.peek();
      const at = tests.findIndex((test) => test.key === key);
      const next = tests.map((test) => (test.key === key ? { ...test, ...part } : test));
      change({ ...draft.peek(), tests: next }, `tests.${at}.${Object.keys(part)[0]}`);
    },
    setTests: (rearrange) => change({ ...draft.peek(), tests: rearrange(draft.peek().tests) }, 'tests'),
    discard: () => {
      restored.value = false;
      base.current = version;
      submission.reset();
      draft.value = initial;
      remember(storage, undefined);
    },
    save: submission.save,
  };
}

/** Puts what is not saved into this browser, a moment after the last key. */
function useKeeping(storage: string, unsaved: { version: number | null; draft: ExerciseDraft } | undefined) {
  useEffect(() => {
    const keep = () => remember(storage, unsaved && JSON.stringify(unsaved));
    const timer = setTimeout(keep, pause_ms);
    return () => clearTimeout(timer);
  }, [unsaved?.draft]);
}

function readKept(storage: string) {
  const value = remembered(storage);
  if (value === undefined) return undefined;
  try {
    return keptDraft.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}

/** What the contract would refuse, and what is no JSON: said at once, without the server. */
function problemsOf(draft: ExerciseDraft, body: Record<string, unknown>): Problems {
  const found = new Map<string, string>();
  for (const [at, test] of draft.tests.entries()) {
    if (test.kind === 'stdio') continue;
    if (!argumentsOf(test.input)) found.set(`tests.${at}.input`, t('tests.notArguments'));
    if (!parseJson(test.expected)) found.set(`tests.${at}.expected`, t('tests.notJson'));
  }
  addIssues(found, exerciseInput.safeParse(body).error, body, (path) => place(draft, path));
  return found;
}

function place(draft: ExerciseDraft, path: readonly PropertyKey[]): string {
  const field = fieldOf(draft, path);
  return /^tests\.\d/.test(field) ? rowField(field) : field;
}
