import type * as z from 'zod';
import type { TrainingState, trainingSession } from '#shared/contracts/training.ts';
import { isKey, plain, t } from '../../i18n/index.ts';
import { titleOf } from './environment-title.ts';

export type Session = z.infer<typeof trainingSession>;
export type Status = TrainingState['status'];

export const isFinal = (status: Status): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/** What is under way comes first, in the order given. */
export const activeFirst = (trainings: readonly Session[]): Session[] =>
  trainings.filter(({ status }) => !isFinal(status));

const urgency: Readonly<Record<Status, number>> = {
  failed: 0,
  interrupted: 1,
  running: 2,
  pending: 3,
  paused: 3,
  completed: 4,
  cancelled: 4,
};
export const wantsAttention = (trainings: readonly Session[]): Session[] =>
  trainings
    .filter(({ status }) => urgency[status] < 4)
    .sort((a, b) => urgency[a.status] - urgency[b.status] || b.created_at.localeCompare(a.created_at));

/** Why a training failed, in the reader's language where the reason is a known one. */
export function reasonOf({ error_code, error_detail }: Session): string {
  const key = `error.${error_code ?? ''}`;
  return isKey(key) ? plain(key) : (error_detail ?? t('training.failedText'));
}

/** A training without a name is called after what it trains. */
export const nameOf = ({ config }: Session): string =>
  config.name ??
  t('training.untitled', {
    algorithm: config.algorithm.toUpperCase(),
    environment: titleOf(config.environment),
  });

export const share = ({ progress }: Pick<TrainingState, 'progress'>): number =>
  progress.max_steps > 0 ? Math.min(1, progress.step / progress.max_steps) : 0;
