import { signal } from '@preact/signals';
import type { CodeVerdicts } from '#shared/contracts/code.ts';
import type { Submission } from '#shared/contracts/submissions.ts';
import { api, newKey } from '../../app/api.ts';
import { followJob } from './follow-job.ts';
import { verdictsAfter } from './live-verdicts.ts';

/** Nothing more happens by itself. */
export const isJudged = ({ status }: Pick<Submission, 'status'>): boolean =>
  status === 'graded' || status === 'manual_review';

interface Solution {
  readonly exercise_id: string;
  readonly assignment_id: string | undefined;
  readonly code: string;
}

/** A submission from the moment it is handed in until its verdict is there. */
export class LiveSubmission {
  readonly submission = signal<Submission | undefined>(undefined);
  /** Of its tests, while they run. */
  readonly verdicts = signal<CodeVerdicts | undefined>(undefined);
  readonly sending = signal(false);
  readonly refusal = signal<unknown>(undefined);
  readonly #onJudged: (submission: Submission) => void;
  #stopFollowing = () => {};
  #sent = { code: '', key: '' };

  constructor(onJudged: (submission: Submission) => void = () => {}) {
    this.#onJudged = onJudged;
  }

  get busy(): boolean {
    const submission = this.submission.value;
    return this.sending.value || (submission !== undefined && !isJudged(submission));
  }

  async hand({ exercise_id, assignment_id, code }: Solution): Promise<void> {
    if (this.busy) return;
    this.dispose();
    this.sending.value = true;
    this.refusal.value = undefined;
    this.submission.value = undefined;
    this.verdicts.value = undefined;
    try {
      const submission = await api.submissions.submit({
        params: { exercise_id },
        body: { submission_code: code, ...(assignment_id !== undefined && { assignment_id }) },
        idempotency_key: this.#keyFor(code),
      });
      this.#sent = { code: '', key: '' };
      this.follow(submission);
    } catch (error) {
      this.refusal.value = error;
    } finally {
      this.sending.value = false;
    }
  }

  follow(submission: Submission): void {
    this.submission.value = submission;
    this.verdicts.value = undefined;
    if (isJudged(submission)) {
      this.#onJudged(submission);
      return;
    }
    const { submission_id } = submission;
    this.#stopFollowing = followJob({
      id: submission_id,
      read: () => api.submissions.getSubmission({ params: { submission_id } }),
      isFinal: isJudged,
      isWaiting: ({ status }) => status === 'pending',
      onState: (state) => {
        this.submission.value = state;
        if (isJudged(state)) this.#onJudged(state);
      },
      onEvent: (event) => {
        this.verdicts.value = verdictsAfter(this.verdicts.value, event);
      },
    });
  }

  dispose(): void {
    this.#stopFollowing();
    this.#stopFollowing = () => {};
  }

  /** The same program sent again after a lost reply is the same submission, and uses up one attempt. */
  #keyFor(code: string): string {
    if (this.#sent.code !== code) this.#sent = { code, key: newKey() };
    return this.#sent.key;
  }
}
