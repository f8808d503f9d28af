import { signal } from '@preact/signals';
import type { ExecutionResult } from '#shared/contracts/code.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import { api, newKey } from '../../app/api.ts';
import { followJob } from './follow-job.ts';

export interface Program {
  readonly language: Language;
  readonly code: string;
  readonly stdin: string;
}

/** What the page keeps of a program that prints without end. */
const mostShown = 65_536;

const isFinal = ({ status }: ExecutionResult): boolean => status !== 'pending' && status !== 'running';

/** A run of a program with one's own input: what it prints while it runs, and how it ended. */
export class LiveRun {
  /** Undefined until the platform has taken it. */
  readonly execution = signal<ExecutionResult | undefined>(undefined);
  readonly output = signal('');
  readonly isCut = signal(false);
  readonly busy = signal(false);
  readonly refusal = signal<unknown>(undefined);
  /** The program that was run. */
  readonly code = signal('');
  #stopFollowing = () => {};
  #wantsStop = false;

  async start({ language, code, stdin }: Program): Promise<void> {
    if (this.busy.value) return;
    this.dispose();
    this.busy.value = true;
    this.code.value = code;
    this.#wantsStop = false;
    this.refusal.value = undefined;
    this.execution.value = undefined;
    this.#show('');
    try {
      const execution = await api.code.execute({
        body: { code, language, stdin },
        idempotency_key: newKey(),
      });
      if (this.#wantsStop) await api.code.cancelExecution(params(execution));
      this.#follow(execution);
    } catch (error) {
      this.refusal.value = error;
      this.busy.value = false;
    }
  }

  async stop(): Promise<void> {
    this.#wantsStop = true;
    const execution = this.execution.value;
    if (!execution || isFinal(execution)) return;
    try {
      this.#take(await api.code.cancelExecution(params(execution)));
    } catch (error) {
      this.refusal.value = error;
    }
  }

  dispose(): void {
    this.#stopFollowing();
    this.#stopFollowing = () => {};
  }

  #follow(execution: ExecutionResult): void {
    this.#take(execution);
    if (isFinal(execution)) return;
    this.#stopFollowing = followJob({
      id: execution.execution_id,
      read: () => api.code.getExecution(params(execution)),
      isFinal,
      isWaiting: ({ status }) => status === 'pending',
      onState: (state) => this.#take(state),
      onOutput: (text) => {
        if (this.busy.value) this.#show(this.output.value + text);
      },
    });
  }

  #take(execution: ExecutionResult): void {
    this.execution.value = execution;
    if (!isFinal(execution)) return;
    this.dispose();
    this.busy.value = false;
    if (execution.output.length >= this.output.value.length) this.#show(execution.output);
  }

  #show(text: string): void {
    this.isCut.value = text.length > mostShown;
    this.output.value = text.slice(-mostShown);
  }
}

const params = ({ execution_id }: ExecutionResult) => ({ params: { execution_id } });
