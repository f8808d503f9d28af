import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localTime, offsetAt, toInstant } from '#shared/domain/school-time.ts';

/** With and without summer time, of both hemispheres, by half and quarter hours, with changes at midnight. */
const zones = [
  'Asia/Seoul',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Havana',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'UTC',
] as const;
const zone = fc.constantFrom(...zones);
const minute = 60_000;
const moment = fc
  .integer({ min: Date.UTC(2015, 0) / minute, max: Date.UTC(2036, 0) / minute })
  .map((minutes) => minutes * minute);
const iso = (at: number): string => new Date(at).toISOString();

/** The change of the clocks at or after a moment, found by halving; undefined within a year without one. */
function nextChange(name: string, from: number): number | undefined {
  const end = from + 400 * 86_400_000;
  for (let low = from; low < end; low += 7 * 86_400_000) {
    let [before, after] = [low, low + 7 * 86_400_000];
    if (offsetAt(name, before) === offsetAt(name, after)) continue;
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (offsetAt(name, middle) === offsetAt(name, before)) before = middle;
      else after = middle;
    }
    return after;
  }
  return undefined;
}

describe('dates by the clocks of a school', () => {
  test('an instant stays what it is', () => {
    expect(toInstant('2026-12-01T00:00:00Z', 'Asia/Seoul', 'end')).toBe('2026-12-01T00:00:00.000Z');
    expect(toInstant('2026-12-01T00:00:00.25Z', 'Asia/Seoul', 'start')).toBe('2026-12-01T00:00:00.250Z');
  });

  test('a date alone is the whole day there, and a time without a zone is by the clocks there', () => {
    expect(toInstant('2026-12-01', 'Asia/Seoul', 'end')).toBe('2026-12-01T14:59:59.999Z');
    expect(toInstant('2026-12-01', 'Asia/Seoul', 'start')).toBe('2026-11-30T15:00:00.000Z');
    expect(toInstant('2026-12-01T18:00', 'Asia/Seoul', 'end')).toBe('2026-12-01T09:00:00.000Z');
    expect(toInstant('2026-12-31', 'UTC', 'end')).toBe('2026-12-31T23:59:59.999Z');
    expect(toInstant('2028-02-29', 'Europe/Berlin', 'end')).toBe('2028-02-29T22:59:59.999Z');
  });

  test('a day on which the clocks change is an hour shorter or longer, also where they change at midnight', () => {
    const hours = (date: string, name: string): number =>
      (Date.parse(toInstant(date, name, 'end')) + 1 - Date.parse(toInstant(date, name, 'start'))) / 3_600_000;
    expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
    expect(hours('2026-10-26', 'Europe/Berlin')).toBe(24);
    expect(hours('2026-04-24', 'Africa/Cairo')).toBe(23);
    expect(hours('2026-10-29', 'Africa/Cairo')).toBe(25);
    expect(hours('2026-04-05', 'Australia/Lord_Howe')).toBe(24.5);
  });

  test('a time that the clocks skip is an hour later, and of one that comes twice the first is meant', () => {
    expect(toInstant('2026-03-29T02:30', 'Europe/Berlin', 'end')).toBe('2026-03-29T01:30:00.000Z');
    expect(toInstant('2026-10-25T02:30', 'Europe/Berlin', 'end')).toBe('2026-10-25T00:30:00.000Z');
    expect(toInstant('2026-04-24', 'Africa/Cairo', 'start')).toBe('2026-04-23T22:00:00.000Z');
  });

  test('what a clock shows means the moment at which it shows that, for the first time', () => {
    fc.assert(
      fc.property(zone, moment, (name, at) => {
        const meant = toInstant(localTime(iso(at), name), name, 'end');
        expect(localTime(meant, name)).toBe(localTime(iso(at), name));
        expect(Date.parse(meant)).toBeLessThanOrEqual(at);
        expect(at - Date.parse(meant)).toBeLessThanOrEqual(2 * 3_600_000);
      }),
      { numRuns: 1000 },
    );
  });

  test('around every change of the clocks: what comes twice is meant once, what is skipped is later', () => {
    fc.assert(
      fc.property(zone, moment, fc.integer({ min: -180, max: 180 }), (name, from, minutes) => {
        const change = nextChange(name, from);
        fc.pre(change !== undefined);
        const [before, after] = [offsetAt(name, change - 1000), offsetAt(name, change)];
        const local = iso(change + before + minutes * minute).slice(0, 16);
        const meant = Date.parse(toInstant(local, name, 'end'));
        const skips = minutes * minute >= 0 && minutes * minute < after - before;
        const shown = Date.parse(`${localTime(iso(meant), name)}Z`);
        expect(shown - Date.parse(`${local}Z`)).toBe(skips ? after - before : 0);
        const repeated = minutes * minute < 0 && minutes * minute >= after - before;
        if (repeated) expect(meant).toBeLessThan(change);
      }),
      { numRuns: 200 },
    );
  });

  test('days follow each other without a gap, and each of their moments shows their date', () => {
    fc.assert(
      fc.property(zone, moment, (name, at) => {
        const date = localTime(iso(at), name).slice(0, 10);
        const [start, end] = [toInstant(date, name, 'start'), toInstant(date, name, 'end')];
        expect(iso(at) >= start && iso(at) <= end).toBe(true);
        expect(localTime(start, name).slice(0, 10)).toBe(date);
        expect(localTime(end, name).slice(0, 10)).toBe(date);
        const next = localTime(iso(Date.parse(end) + 1), name).slice(0, 10);
        expect(next > date).toBe(true);
        expect(toInstant(next, name, 'start')).toBe(iso(Date.parse(end) + 1));
      }),
      { numRuns: 600 },
    );
  });

  test('what is no date, and a zone that is none, are refused', () => {
    for (const written of ['', 'tomorrow', '2026-13-01', '2026-02-31T25:00'])
      expect(() => toInstant(written, 'Asia/Seoul', 'end'), written).toThrow(RangeError);
    expect(() => toInstant('2026-12-01', 'Mars/Olympus', 'end')).toThrow(RangeError);
  });
});
