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

/** AWS: minute hour day-of-month month day-of-week year. croner: second first, days of the week from Sunday = 0. */
function cronSchedule(argument: string, timeZone: string): Schedule {
  const fields = argument.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || !dayOfMonth || !dayOfWeek || !year)
    throw new Error(`cron(${argument}) needs six fields`);
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error(`cron(${argument}): exactly one of day-of-month and day-of-week must be "?"`);
  }
  const any = (field: string) => (field === '?' ? '*' : field);
  const pattern = ['0', minute, hour, any(dayOfMonth), month, weekDays(any(dayOfWeek)), year].join(' ');
  const cron = new Cron(pattern, { timezone: timeZone, mode: '7-part' });
  return { next: (from) => cron.nextRun(from) };
}

/** Numbers of days: 1-7 from Sunday becomes 0-6, also in `6L` (the last Friday) and `2#1` (the first Monday). */
function weekDays(field: string): string {
  if (field === 'L') return '6';
  const nthLast = /^([1-7])L$/.exec(field);
  if (nthLast) return `${Number(nthLast[1]) - 1}#L`;
  return field.replace(
    /(^|[,-])([1-7])(?=$|[,\-#])/g,
    (_, before: string, day: string) => before + (Number(day) - 1),
  );
}
