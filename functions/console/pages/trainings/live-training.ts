import { batch, signal } from '@preact/signals';
import type * as z from 'zod';
import {
  type TrainingEvaluated,
  type TrainingState,
  type TrainingWarning,
  trainingEvent,
} from '#shared/contracts/training.ts';
import { api, connection, realtime } from '../../app/api.ts';
import { online } from '../../app/online.ts';
import { extend, type Point, pointsOf } from './charts/curve.ts';
import { isFinal, type Session } from './status.ts';

type TrainingEvent = z.infer<typeof trainingEvent>;

/** How often the state is asked for while it waits in the queue, or while the socket is down. */
const poll_ms = 3_000;

/**
 * A training as it stands and as it goes on: first everything that has happened, by HTTP, then what happens,
 * by the socket, from the event on that was seen last. Without a socket it goes on by asking.
 */
export class LiveTraining {
  readonly session = signal<Session | undefined>(undefined);
  readonly curve = signal<readonly Point[]>([]);
  readonly evaluations = signal<readonly TrainingEvaluated[]>([]);
  readonly error = signal<unknown>(undefined);
  /** Everything that had happened when the page was opened is there. */
  readonly caughtUp = signal(false);

  readonly #id: string;
  #seq = 0;
  #ended = false;
  #unsubscribe: (() => void) | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  async start(): Promise<void> {
    this.error.value = undefined;
    try {
      this.session.value = await api.training.get(this.#params());
      await this.#readEvents();
      this.caughtUp.value = true;
      if (!this.#ended) this.#follow();
    } catch (error) {
      this.error.value = error;
    }
  }

  stop(): void {
    this.#ended = true;
    clearInterval(this.#poll);
    this.#unsubscribe?.();
  }

  async cancel(): Promise<void> {
    this.#take(await api.training.cancel(this.#params()));
  }

  async pause(): Promise<void> {
    this.#take(await api.training.pause(this.#params()));
  }

  async resume(): Promise<void> {
    this.#take(await api.training.resume(this.#params()));
  }

  async redrive(): Promise<void> {
    this.#take(await api.training.redrive(this.#params()));
    this.#follow();
  }

  #params() {
    return { params: { session_id: this.#id } };
  }

  async #readEvents(): Promise<void> {
    for (let more = true; more && !this.#ended; ) {
      const page = await api.training.metrics({
        ...this.#params(),
        query: { after_seq: this.#seq, limit: 100 },
      });
      batch(() => {
        for (const event of page.items) this.#apply(event);
      });
      more = page.has_next && page.items.length > 0;
    }
  }

  #follow(): void {
    const session = this.session.value;
    if (!session || isFinal(session.status) || this.#unsubscribe) return;
    this.#unsubscribe = realtime.subscribe(`job:${this.#id}`, {
      after_seq: this.#seq,
      onEvent: (event) => {
        const known = trainingEvent.safeParse(event);
        if (known.success) this.#apply(known.data);
        else this.#seq = Math.max(this.#seq, event.seq);
      },
    });
    this.#poll = setInterval(() => void this.#ask(), poll_ms);
  }

  async #ask(): Promise<void> {
    const status = this.session.value?.status;
    const waits = status === 'pending' || status === 'interrupted' || this.session.value?.pause_requested;
    const silent = connection.value !== 'open';
    if (!online.value || !(waits || silent)) return;
    try {
      if (silent) await this.#readEvents();
      await this.#refresh();
    } catch {
      // the next round asks again; the page says that the connection is down
    }
  }

  async #refresh(): Promise<void> {
    this.#take(await api.training.status(this.#params()));
  }

  #take(state: TrainingState): void {
    const before = this.session.value;
    if (before) this.session.value = { ...before, ...state };
    if (isFinal(state.status)) this.#rest();
  }

  /** Nothing more will happen: the last events are there, or come with this reading. */
  #rest(): void {
    clearInterval(this.#poll);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    void this.#readEvents().catch(() => {});
  }

  #apply(event: TrainingEvent): void {
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    if (event.type === 'training.metrics') this.#applyMetrics(event.data);
    if (event.type === 'training.evaluated') this.#applyEvaluation(event.data);
    if (event.type === 'training.warning') this.#applyWarning(event.data);
    if (event.type === 'job.status') this.#applyStatus(event.data.status);
  }

  #applyMetrics(data: Extract<TrainingEvent, { type: 'training.metrics' }>['data']): void {
    this.curve.value = extend(this.curve.value, pointsOf(data));
    const session = this.session.value;
    // older news than what has been read about the session: its progress would run backwards
    if (!session || isFinal(session.status) || !this.caughtUp.value) return;
    const { max_steps } = session.progress;
    const eta_s = data.fps ? Math.max(0, max_steps - data.step) / data.fps : session.progress.eta_s;
    this.session.value = { ...session, progress: { step: data.step, max_steps, fps: data.fps, eta_s } };
  }

  #applyEvaluation(data: TrainingEvaluated): void {
    this.evaluations.value = [...this.evaluations.value.filter(({ step }) => step < data.step), data];
    const session = this.session.value;
    if (!session) return;
    const best_mean_reward = Math.max(session.best_mean_reward ?? data.mean_reward, data.mean_reward);
    this.session.value = { ...session, best_mean_reward };
  }

  #applyWarning(data: TrainingWarning): void {
    const session = this.session.value;
    if (!session) return;
    const others = session.warnings.filter(({ code }) => code !== data.code);
    this.session.value = { ...session, warnings: [...others, data] };
  }

  #applyStatus(status: Session['status']): void {
    const session = this.session.value;
    // what has been read is the state after every event before
    if (!session || !this.caughtUp.value) return;
    this.session.value = { ...session, status };
    void this.#refresh().catch(() => {});
  }
}
