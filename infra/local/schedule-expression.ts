import { Cron } from 'croner';

export interface Schedule {
  /** The next instant after `from`, or null when there is none. */
  next(from: Date): Date | null;
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * An AWS schedule expression: `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2026-11-20T08:00:00)`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseSchedule(expression: string, timeZone = 'UTC'): Schedule {
  const [, kind, argument = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') return everyRate(argument);
  if (kind === 'cron') return cronSchedule(argument, timeZone);
  if (kind === 'at') return once(argument, timeZone);
  throw new Error(`Schedule expression ${expression} is neither rate(…), cron(…) nor at(…)`);
}

function everyRate(argument: string): Schedule {
  const [, value, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(argument) ?? [];
  const interval = Number(value) * (unitMs[unit] ?? Number.NaN);
  if (!(interval > 0)) throw new Error(`rate(${argument}) is not a rate`);
  return { next: (from) => new Date(from.getTime() + interval) };
}

function once(argument: string, timeZone: string): Schedule {
  const at = new Cron(argument, { timezone: timeZone });
  return { next: (from) => at.nextRun(from) };
}

/** Largest value of minute, hour, day of the month, month, day of the week and year, for steps such as `5/10`. */
const largest = [59, 23, 31, 12, 7, 2199] as const;

/** AWS: minute hour day-of-month month day-of-week year, Sunday = 1. croner wants the second first. */
function cronSchedule(argument: string, timeZone: string): Schedule {
  const fields = argument.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`cron(${argument}) needs six fields`);
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw new Error(`cron(${argument}): exactly one of day-of-month and day-of-week must be "?"`);
  }
  const pattern = fields.map((field, index) => cronField(field, index)).join(' ');
  const cron = new Cron(`0 ${pattern}`, { timezone: timeZone, mode: '7-part', alternativeWeekdays: true });
  return { next: (from) => cron.nextRun(from) };
}

function cronField(field: string, index: number): string {
  if (field === '?') return '*';
  if (index === 4 && field === 'L') return '7';
  return field.replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${largest[index]}/$3`);
}
