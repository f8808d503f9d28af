import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ExecutionResult } from '#shared/contracts/code.ts';
import { api, newKey } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { counted, t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { followJob } from '../exercises/follow-job.ts';
import type { DraftForm } from './draft-form.ts';
import type { TestDraft } from './test-draft.ts';

const isFinal = ({ status }: ExecutionResult): boolean => status !== 'pending' && status !== 'running';

/** Runs the solution with the inputs whose output is still empty, and writes down what it prints. */
export function FillExpected({ form }: { form: DraftForm }) {
  const busy = useSignal(false);
  const stop = useRef(() => {});
  useEffect(() => () => stop.current(), []);
  const { language, solution_code: code, tests } = form.draft;
  const open = tests.filter(({ kind, expected }) => kind === 'stdio' && expected === '');
  const take = (of: readonly TestDraft[], result: ExecutionResult) => {
    busy.value = false;
    const printed = result.test_results.map(({ status, output }) => (status === 'pass' ? output : null));
    let filled = 0;
    for (const [at, { key }] of of.entries()) {
      const expected = printed[at];
      if (expected == null || expected === '') continue;
      form.setTest(key, { expected });
      filled += 1;
    }
    const error = result.test_results.find((one) => one.error !== null)?.error;
    if (filled > 0) toast('good', counted('fill.done', filled));
    else toast('bad', error ? `${error.type}: ${error.message}` : t('fill.nothing'));
  };
  const fill = async () => {
    busy.value = true;
    try {
      const { execution_id } = await api.code.execute({
        body: { code, language, test_cases: open.map(({ input }, at) => ({ name: String(at + 1), input })) },
        idempotency_key: newKey(),
      });
      stop.current = followJob({
        id: execution_id,
        read: () => api.code.getExecution({ params: { execution_id } }),
        isFinal,
        isWaiting: ({ status }) => status === 'pending',
        onState: (state) => isFinal(state) && take(open, state),
      });
    } catch (error) {
      busy.value = false;
      toast('bad', errorText(error));
    }
  };
  if (open.length === 0) return null;
  return (
    <Button icon="play" busy={busy.value} disabled={code.trim() === ''} onClick={() => void fill()}>
      {t('fill.action')}
    </Button>
  );
}
