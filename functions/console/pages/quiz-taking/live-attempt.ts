import { computed, signal } from '@preact/signals';
import type { QuizAttemptDetail } from '#shared/contracts/quiz-views.ts';
import { ApiError } from '#shared/http/client.ts';
import { taking } from '../../app/taking-api.ts';
import { answerOf, type Draft, draftOf, isSameAnswer } from '../taking/answers.ts';
import { keep, kept } from '../taking/kept.ts';
import { isPassing, Retry } from '../taking/retry.ts';
import {
  mergeElsewhere,
  nothingUnsent,
  readUnsent,
  toSend,
  type Unsent,
  withoutSent,
  withWritten,
} from './unsent.ts';

const pause_ms = 600;

/** `kept`: on this device, until the network is back. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'kept';

/**
 * An attempt at a quiz as it is taken. Each answer is kept on this device at once and saved on the server a moment
 * later; without a network it stays here and is sent when that is back, handing in included.
 */
export class LiveAttempt {
  readonly attempt = signal<QuizAttemptDetail | undefined>(undefined);
  readonly state = signal<SaveState>('saved');
  readonly failure = signal<unknown>(undefined);
  /** Questions for which another device had a newer answer. */
  readonly gaveWay = signal<readonly string[]>([]);
  /** Handing in is under way, or waits for the network. */
  readonly handingIn = signal(false);
  /** The attempt ended before these answers had arrived. */
  readonly tooLate = signal(0);
  readonly drafts = computed<Readonly<Record<string, Draft>>>(() => this.#draftsNow());

  readonly #id: string;
  readonly #unsent = signal<Unsent>(nothingUnsent);
  readonly #retry = new Retry(() => void this.#send());
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** As they were typed here: the server's `5` must not take the point from `5.` on its way to `5.5`. */
  readonly #typed: Record<string, Draft> = {};
  #sending = false;
  #gone = false;
  /** How far the server's clock is ahead of this device's. */
  #ahead_ms = 0;

  constructor(attempt_id: string) {
    this.#id = attempt_id;
    this.#unsent.value = readUnsent(kept(this.#name));
  }

  get #name(): string {
    return `quiz.${this.#id}`;
  }

  /** When the time is up, by this device's clock; undefined: never. */
  get ends_ms(): number | undefined {
    const deadline = this.attempt.value?.deadline_at ?? null;
    return deadline === null ? undefined : Date.parse(deadline) - this.#ahead_ms;
  }

  async load(): Promise<void> {
    this.failure.value = undefined;
    try {
      this.#arrive(await taking.quizzes.getQuizAttempt({ params: { attempt_id: this.#id } }));
    } catch (error) {
      if (!this.#gone) this.failure.value = error;
      return;
    }
    await this.#send();
  }

  /** Another device may have gone on; asked when this one is looked at again. */
  async look(): Promise<void> {
    if (this.attempt.peek()?.status === 'in_progress' && !this.#hasUnsent() && !this.#sending)
      await this.load();
  }

  write(item_id: string, draft: Draft): void {
    this.#typed[item_id] = draft;
    const saved = this.attempt.peek()?.answers ?? {};
    const written = { draft, written_ms: Date.now() + this.#ahead_ms };
    this.#keep(withWritten(this.#unsent.peek(), item_id, written, saved));
    this.gaveWay.value = this.gaveWay.peek().filter((one) => one !== item_id);
    if (this.state.peek() !== 'kept') this.state.value = 'waiting';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), pause_ms);
  }

  async handIn(): Promise<void> {
    this.#keep({ ...this.#unsent.peek(), handed_in: true });
    this.handingIn.value = true;
    await this.#send();
  }

  /** What is still unsent is sent now: the page goes away, or somebody is impatient. */
  retry(): void {
    clearTimeout(this.#timer);
    if (this.#hasUnsent()) this.#retry.now();
  }

  dispose(): void {
    this.retry();
    this.#gone = true;
    this.#retry.dispose();
  }

  #draftsNow(): Readonly<Record<string, Draft>> {
    const { questions = [], answers = {} } = this.attempt.value ?? {};
    const unsent = this.#unsent.value.answers;
    return Object.fromEntries(
      questions.flatMap((question): [string, Draft][] => {
        const { item_id } = question;
        const written = unsent[item_id];
        const saved = answers[item_id];
        const typed = this.#typed[item_id];
        if (written) return [[item_id, written.draft]];
        if (typed !== undefined && isSameAnswer(answerOf(question, typed), saved)) return [[item_id, typed]];
        return saved === undefined ? [] : [[item_id, draftOf(question, saved)]];
      }),
    );
  }

  #hasUnsent(): boolean {
    const { answers, handed_in } = this.#unsent.peek();
    return handed_in || Object.keys(answers).length > 0;
  }

  #take(attempt: QuizAttemptDetail): void {
    if (this.#gone) return;
    this.#ahead_ms = Date.parse(attempt.server_time) - Date.now();
    this.attempt.value = attempt;
    if (attempt.status === 'in_progress') return;
    this.tooLate.value = this.#unsent.peek().handed_in ? 0 : Object.keys(this.#unsent.peek().answers).length;
    this.#keep(undefined);
    this.state.value = 'saved';
    this.handingIn.value = false;
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    const attempt = this.attempt.peek();
    if (this.#sending || !attempt || attempt.status !== 'in_progress' || !this.#hasUnsent()) return;
    this.#sending = true;
    const sent = this.#unsent.peek();
    if (this.state.peek() !== 'kept') this.state.value = 'saving';
    this.failure.value = undefined;
    try {
      if (sent.handed_in) await this.#submit(attempt, sent);
      else await this.#save(attempt, sent);
      this.#retry.succeeded();
      this.#sending = false;
      // something was written while this was under way
      if (this.#hasUnsent()) await this.#send();
    } catch (error) {
      this.#sending = false;
      await this.#notSent(error);
    }
  }

  async #save(attempt: QuizAttemptDetail, sent: Unsent): Promise<void> {
    const answers = toSend(attempt.questions, sent);
    const { saved, saved_at, deadline_at } = await taking.quizzes.saveQuizAttempt({
      params: { attempt_id: this.#id },
      body: { answers, saved: attempt.saved },
    });
    const stored = Object.entries({ ...attempt.answers, ...answers }).flatMap(([item_id, answer]) =>
      answer === null ? [] : [[item_id, answer] as const],
    );
    this.attempt.value = {
      ...attempt,
      answers: Object.fromEntries(stored),
      saved,
      saved_at,
      deadline_at,
    };
    this.#keep(withoutSent(this.#unsent.peek(), sent));
    this.state.value = 'saved';
  }

  async #submit(attempt: QuizAttemptDetail, sent: Unsent): Promise<void> {
    const result = await taking.quizzes.submitQuizAttempt({
      params: { attempt_id: this.#id },
      body: { answers: toSend(attempt.questions, sent) },
    });
    this.#keep(undefined);
    this.#take(result);
  }

  async #notSent(error: unknown): Promise<void> {
    if (isPassing(error)) {
      this.state.value = 'kept';
      if (!this.#gone) this.#retry.later();
      return;
    }
    this.state.value = 'waiting';
    this.handingIn.value = false;
    this.#keep({ ...this.#unsent.peek(), handed_in: false });
    if (error instanceof ApiError && error.status === 409) await this.#catchUp(error);
    else this.failure.value = error;
  }

  /** Something happened elsewhere: another device saved or handed in, or the time is over. */
  async #catchUp(because: ApiError): Promise<void> {
    try {
      this.#arrive(await taking.quizzes.getQuizAttempt({ params: { attempt_id: this.#id } }));
    } catch (error) {
      this.failure.value = error;
      return;
    }
    if (because.error_code === 'quiz.saved_elsewhere') await this.#send();
    else if (this.attempt.peek()?.status === 'in_progress') this.failure.value = because;
    if (!this.#hasUnsent()) this.state.value = 'saved';
  }

  /** What the server has now, beside what it does not have yet. */
  #arrive(attempt: QuizAttemptDetail): void {
    if (attempt.status === 'in_progress') {
      const { unsent, gaveWay } = mergeElsewhere(this.#unsent.peek(), attempt);
      this.#keep(unsent);
      this.gaveWay.value = [...new Set([...this.gaveWay.peek(), ...gaveWay])];
    }
    this.#take(attempt);
  }

  #keep(next: Unsent | undefined): void {
    const unsent = next ?? nothingUnsent;
    this.#unsent.value = unsent;
    const isNothing = !unsent.handed_in && Object.keys(unsent.answers).length === 0;
    keep(this.#name, isNothing ? undefined : unsent);
  }
}
