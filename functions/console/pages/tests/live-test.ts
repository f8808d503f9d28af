import { signal } from '@preact/signals';
import * as z from 'zod';
import type { AnswerAccepted, PendingItem } from '#shared/contracts/exam-sessions.ts';
import { ApiError } from '#shared/http/client.ts';
import { taking } from '../../app/taking-api.ts';
import { type Answer, type Draft, mutable } from '../taking/answers.ts';
import { keep, kept } from '../taking/kept.ts';
import { isPassing, Retry } from '../taking/retry.ts';

const draft = z.union([z.number(), z.array(z.number()), z.string()]);
/** Of the question on the screen, as this device knows it. */
const keptShape = z.object({
  item_id: z.string(),
  shown_at: z.number(),
  draft: draft.optional(),
  /** An answer that was given and may not have reached the server. */
  given: z.object({ answer: draft, response_time_ms: z.number() }).optional(),
});
type Kept = z.output<typeof keptShape>;

const withoutGiven = ({ given: _, ...shown }: Kept): Kept => shown;

/** What the server said last: the question that waits, or the end. */
export type Asked = Pick<
  PendingItem,
  'next_item' | 'status' | 'stop_reason' | 'progress' | 'item_deadline_at'
> & {
  /** When it was said, by this device's clock. */
  readonly heard_ms: number;
};

/**
 * An adaptive test as it is taken. An answer is kept on this device until the server has it: it survives a reload and
 * a lost network, and sending it twice counts once.
 */
export class LiveTest {
  readonly asked = signal<Asked | undefined>(undefined);
  readonly draft = signal<Draft | undefined>(undefined);
  /** `kept`: it could not be sent yet and is sent again by itself. */
  readonly sending = signal<'no' | 'sending' | 'kept'>('no');
  readonly failure = signal<unknown>(undefined);
  /** Somebody answered before: another tab or device. */
  readonly overtaken = signal(false);
  readonly #id: string;
  readonly #retry = new Retry(() => void this.#send());
  #kept: Kept | undefined;
  #gone = false;

  constructor(exam_session_id: string) {
    this.#id = exam_session_id;
    const found = keptShape.safeParse(kept(this.#name));
    this.#kept = found.success ? found.data : undefined;
  }

  get #name(): string {
    return `test.${this.#id}`;
  }

  /** Goes on where one was: first with an answer that is still to be sent. */
  async open(): Promise<void> {
    if (this.#kept?.given) await this.#send();
    else await this.look();
  }

  /** Asks which question waits. */
  async look(): Promise<void> {
    if (this.sending.peek() !== 'no') return;
    this.failure.value = undefined;
    try {
      const said = await taking.sessions.nextExamItem({ params: { exam_session_id: this.#id } });
      // an answer that was given meanwhile knows more
      const known = this.asked.peek()?.progress.answered ?? 0;
      if (this.sending.peek() === 'no' && said.progress.answered >= known) this.#hear(said);
    } catch (error) {
      if (!this.#gone) this.failure.value = error;
    }
  }

  write(next: Draft): void {
    this.draft.value = next;
    this.overtaken.value = false;
    if (this.#kept) this.#keep({ ...this.#kept, draft: mutable(next) });
  }

  async give(answer: Answer): Promise<void> {
    if (!this.#kept || this.sending.peek() !== 'no') return;
    const response_time_ms = Math.min(86_400_000, Math.max(0, Math.round(Date.now() - this.#kept.shown_at)));
    const given = { answer: mutable(answer) ?? '', response_time_ms };
    this.#keep({ ...this.#kept, given });
    await this.#send();
  }

  retry(): void {
    this.#retry.now();
  }

  dispose(): void {
    this.#gone = true;
    this.#retry.dispose();
  }

  async #send(): Promise<void> {
    const { item_id, given } = this.#kept ?? {};
    if (this.#gone || item_id === undefined || given === undefined) return;
    this.sending.value = 'sending';
    this.failure.value = undefined;
    try {
      const accepted = await taking.sessions.createAttempt({
        body: { exam_session_id: this.#id, item_id, ...given },
      });
      this.#retry.succeeded();
      this.sending.value = 'no';
      this.#hear(accepted);
    } catch (error) {
      await this.#notSent(error);
    }
  }

  async #notSent(error: unknown): Promise<void> {
    if (this.#gone) return;
    if (isPassing(error)) {
      this.sending.value = 'kept';
      this.#retry.later();
      return;
    }
    this.sending.value = 'no';
    this.#keep(this.#kept && withoutGiven(this.#kept));
    if (error instanceof ApiError && error.status === 409) {
      this.overtaken.value = true;
      await this.look();
    } else this.failure.value = error;
  }

  #hear(said: PendingItem | AnswerAccepted): void {
    if (this.#gone) return;
    const item = said.next_item;
    if (item === null) this.#keep(undefined);
    else if (this.#kept?.item_id !== item.item_id) {
      this.#keep({ item_id: item.item_id, shown_at: Date.now() });
      this.draft.value = undefined;
    } else {
      this.#keep(withoutGiven(this.#kept));
      this.draft.value = this.#kept.draft;
    }
    this.asked.value = { ...said, heard_ms: Date.now() };
  }

  #keep(next: Kept | undefined): void {
    this.#kept = next;
    keep(this.#name, next);
  }
}
