import { duration, t } from '../../i18n/index.ts';
import type { LiveTest } from './moved-on.ts';

const idle_ms = 3 * 60_000;
const short_ms = 5 * 60_000;
/** Fewer tests than this tell nothing of how far below the others one is. */
const fewestToCompare = 5;
const farBelow = 1.5;

/** Why a student may need somebody now; undefined: they do not. */
export function whyOf(test: LiveTest, tests: readonly LiveTest[], now_ms: number): string | undefined {
  if (test.status === 'expired') return t('watch.why.expired');
  if (test.status === 'abandoned') return t('watch.why.abandoned');
  if (test.status !== 'in_progress') return undefined;
  const left = test.deadline_at === null ? undefined : Date.parse(test.deadline_at) - now_ms;
  if (left !== undefined && left < short_ms)
    return t('watch.why.time', { time: duration(Math.max(0, left) / 1000) });
  const still = now_ms - Date.parse(test.moved_at);
  if (still > idle_ms) return t('watch.why.idle', { time: duration(still / 1000) });
  return isFarBelow(test, tests) ? t('watch.why.low') : undefined;
}

function isFarBelow({ theta, standard_error }: LiveTest, tests: readonly LiveTest[]): boolean {
  const all = tests.flatMap((test) => (test.theta === null || test.answered < 3 ? [] : [test.theta]));
  if (theta === null || standard_error === null || all.length < fewestToCompare) return false;
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const sd = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1));
  return theta + standard_error < mean - farBelow * sd;
}
