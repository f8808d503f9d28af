import { useSignal } from '@preact/signals';
import { ApiError } from '#shared/http/client.ts';
import { problemText } from '../i18n/problems.ts';
import { useSendOnce } from './send-once.ts';

type Problems<V> = { readonly [K in keyof V]?: string };

export interface Form<V extends Record<string, string>> {
  readonly values: V;
  readonly problems: Problems<V>;
  /** What the server refused beyond the fields. */
  readonly failure: unknown;
  readonly busy: boolean;
  set(name: keyof V, value: string): void;
  reset(values: V): void;
  /** What an input of this field takes. */
  control(name: keyof V): {
    name: string;
    value: string;
    onInput: (event: { currentTarget: { value: string } }) => void;
  };
  onSubmit(event: Event): void;
}

interface FormOptions<V> {
  /** Problems that the browser can tell without the server; false: none at this field. */
  readonly check?: (values: V) => { readonly [K in keyof V]?: string | false };
  /** `key` is the same when the same values are sent again, so that a lost reply creates nothing twice. */
  readonly submit: (values: V, key: string) => Promise<void>;
}

/** A form that keeps what was typed whatever happens, and shows the server's problems at their fields. */
export function useForm<V extends Record<string, string>>(
  initial: V,
  { check, submit }: FormOptions<V>,
): Form<V> {
  const values = useSignal(initial);
  const problems = useSignal<Problems<V>>({});
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const sendOnce = useSendOnce();

  async function send(form: HTMLFormElement): Promise<void> {
    problems.value = onlyProblems(check?.(values.value) ?? {});
    failure.value = undefined;
    if (Object.keys(problems.value).length > 0) return focusFirstProblem(form);
    busy.value = true;
    try {
      await sendOnce(values.value, (key) => submit(values.value, key));
    } catch (error) {
      problems.value = fieldProblems(error, values.value);
      if (Object.keys(problems.value).length > 0) focusFirstProblem(form);
      else failure.value = error;
    } finally {
      busy.value = false;
    }
  }

  const set = (name: keyof V, value: string) => {
    values.value = { ...values.value, [name]: value };
    if (problems.value[name] !== undefined) {
      const { [name]: _, ...others } = problems.value;
      // the rest of a record without one of its keys is still a partial record
      problems.value = others as Problems<V>;
    }
  };
  return {
    values: values.value,
    problems: problems.value,
    failure: failure.value,
    busy: busy.value,
    set,
    reset: (next) => {
      values.value = next;
      problems.value = {};
      failure.value = undefined;
    },
    control: (name) => ({
      name: String(name),
      value: values.value[name] ?? '',
      onInput: ({ currentTarget }) => set(name, currentTarget.value),
    }),
    onSubmit: (event) => {
      event.preventDefault();
      if (!busy.value && event.currentTarget instanceof HTMLFormElement) void send(event.currentTarget);
    },
  };
}

function onlyProblems<V>(checked: { readonly [K in keyof V]?: string | false }): Problems<V> {
  // fromEntries forgets which keys went in
  return Object.fromEntries(
    Object.entries(checked).filter(([, problem]) => problem !== false),
  ) as Problems<V>;
}

/** The server's 422 names the field at the end of `loc`: `["body", "hyperparameters", "gamma"]`. */
function fieldProblems<V extends Record<string, string>>(error: unknown, values: V): Problems<V> {
  if (!(error instanceof ApiError) || typeof error.body.detail === 'string') return {};
  const found: Record<string, string> = {};
  for (const issue of error.body.detail) {
    const name = issue.loc.findLast((part) => typeof part === 'string' && Object.hasOwn(values, part));
    if (name === undefined) return {};
    found[name] ??= problemText(issue);
  }
  // every key was just seen to be one of the form's
  return found as Problems<V>;
}

function focusFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
