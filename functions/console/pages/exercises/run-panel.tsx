import type { Signal } from '@preact/signals';
import type { ExecutionResult } from '#shared/contracts/code.ts';
import type { Exercise } from '#shared/contracts/exercises.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Fault } from './fault.tsx';
import type { LiveRun } from './live-run.ts';
import { Refusal } from './refusal.tsx';
import { memoryText, timeText } from './words.ts';

interface RunPanelProps {
  readonly run: LiveRun;
  readonly exercise: Exercise;
  /** The tests call a function: there is no input to type. */
  readonly asCalls: boolean;
  readonly stdin: Signal<string>;
  readonly retry: () => void;
  readonly onShow: (line: number, column: number | null) => void;
}

/** A run with one's own input. */
export function RunPanel({ run, exercise, asCalls, stdin, retry, onShow }: RunPanelProps) {
  const execution = run.execution.value;
  return (
    <div class="card-body run-panel">
      {asCalls ? (
        <p class="small muted">{t('run.callHint')}</p>
      ) : (
        <OwnInput exercise={exercise} stdin={stdin} />
      )}
      <div class="run-output">
        <div class="spread">
          <h3 class="field-label">{t('run.output')}</h3>
          <RunState run={run} />
        </div>
        <Printed run={run} />
        <Refusal error={run.refusal.value} retry={retry} />
        {execution?.error_code && <p class="problem">{t('run.failed')}</p>}
        {execution && !run.busy.value && execution.status !== 'cancelled' && (
          <Fault
            error={execution.error}
            {...verdictOf(execution)}
            language={execution.language}
            onShow={onShow}
          />
        )}
      </div>
    </div>
  );
}

function verdictOf({ test_results, status }: ExecutionResult) {
  const verdict = test_results[0]?.status ?? (status === 'timeout' ? 'time_limit' : undefined);
  return verdict === undefined ? {} : { verdict };
}

function OwnInput({ exercise, stdin }: Pick<RunPanelProps, 'exercise' | 'stdin'>) {
  const examples = exercise.public_tests.slice(0, 3);
  return (
    <div class="own-input">
      <Field
        label={t('run.stdin')}
        hint={exercise.language === 'python' ? t('run.stdinHint') : t('run.stdinHintJs')}
      >
        {(control) => (
          <textarea
            {...control}
            class="control code-input"
            rows={Math.min(6, Math.max(2, stdin.value.split('\n').length))}
            value={stdin.value}
            spellcheck={false}
            autoCapitalize="off"
            onInput={({ currentTarget }) => {
              stdin.value = currentTarget.value;
            }}
          />
        )}
      </Field>
      <div class="row">
        {examples.map(({ input, name }, index) => (
          <Button
            key={name}
            size="small"
            kind="quiet"
            onClick={() => {
              stdin.value = input;
            }}
          >
            {t('run.useExample', { n: index + 1 })}
          </Button>
        ))}
      </div>
    </div>
  );
}

function Printed({ run }: { run: LiveRun }) {
  const output = run.output.value;
  const ended = run.execution.value !== undefined && !run.busy.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: focus is what lets the arrow keys scroll it
    <div class="terminal" role="log" aria-label={t('run.output')} tabIndex={0}>
      {run.isCut.value && <p class="muted small">{t('run.cut')}</p>}
      {output === '' ? (
        <p class="muted">{ended ? t('run.printedNothing') : run.busy.value ? '' : t('run.nothingYet')}</p>
      ) : (
        <pre>{output}</pre>
      )}
    </div>
  );
}

function RunState({ run }: { run: LiveRun }) {
  const execution = run.execution.value;
  const words = stateOf(run.busy.value, execution);
  return (
    <span class={`badge ${words.look}`} role="status">
      {words.look === 'accent' && <span class="dot live" />}
      {words.text}
    </span>
  );
}

function stateOf(busy: boolean, execution: ExecutionResult | undefined): { look: string; text: string } {
  if (busy && !execution) return { look: 'accent', text: t('run.sending') };
  if (!execution) return { look: 'none', text: '' };
  switch (execution.status) {
    case 'pending':
      return {
        look: 'accent',
        text:
          execution.queue_position === null
            ? t('run.waiting')
            : t('run.waitingAt', { n: execution.queue_position }),
      };
    case 'running':
      return { look: 'accent', text: t('run.running') };
    case 'success':
      return { look: 'good', text: doneText(execution) };
    case 'timeout':
      return { look: 'bad', text: t('run.timeout') };
    case 'cancelled':
      return { look: '', text: t('run.stopped') };
    case 'error':
      return { look: 'bad', text: t('run.error') };
  }
}

function doneText({ execution_time_ms, memory_usage_kb }: ExecutionResult): string {
  const time = timeText(execution_time_ms ?? 0);
  return memory_usage_kb === null
    ? t('run.done', { time })
    : t('run.doneMemory', { time, memory: memoryText(memory_usage_kb) });
}
