import { localTime, toInstant } from '#shared/domain/school-time.ts';

/** `2026-12-01T23:59`, as clocks in `zone` show it, as an instant; null for nothing. */
export function instantOf(typed: string, zone: string): string | null {
  return Number.isNaN(Date.parse(`${typed}Z`)) ? null : toInstant(typed, zone, 'end');
}

/** What the field of a date shows for an instant. */
export const typedOf = (instant: string | null, zone: string): string =>
  instant === null ? '' : localTime(instant, zone);

export const deviceZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether clocks in two zones agree at a moment. */
export const showSameTime = (at: string, zone: string, other: string): boolean =>
  localTime(at, zone) === localTime(at, other);
