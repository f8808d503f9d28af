import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AssignmentRules,
  attemptsLeft,
  closesFor,
  dueFor,
  gradeAfterLatePolicy,
  isLate,
  isOpenFor,
  nextAttemptAt,
  noStanding,
  refusal,
  type StudentStanding,
} from '#shared/domain/grading/assignment-rules.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-20T00:00:00.000Z');
const at = (hours: number): string => new Date(start + hours * hour).toISOString();

const rules = (more: Partial<AssignmentRules> = {}): AssignmentRules => ({
  opens_at: at(0),
  due_at: at(48),
  late_policy: { kind: 'refuse' },
  max_attempts: null,
  cooldown_s: 0,
  ...more,
});
const extended = (hours: number, extra_attempts = 0): StudentStanding => ({
  ...noStanding,
  extension: { due_at: at(hours), extra_attempts },
});

const instant = fc.integer({ min: -500, max: 500 }).map(at);
const perhaps = fc.option(instant);
const policy = fc.oneof(
  fc.constantFrom({ kind: 'refuse' } as const, { kind: 'accept' } as const),
  fc.record({
    kind: fc.constant('penalty' as const),
    percent_per_day: fc.double({ min: 0.1, max: 100, noNaN: true }),
    until: perhaps,
  }),
);
const anyRules: fc.Arbitrary<AssignmentRules> = fc.record({
  opens_at: perhaps,
  due_at: perhaps,
  late_policy: policy,
  max_attempts: fc.option(fc.integer({ min: 1, max: 5 })),
  cooldown_s: fc.integer({ min: 0, max: 86_400 }),
});
const anyStanding: fc.Arbitrary<StudentStanding> = fc.record({
  attempts: fc.integer({ min: 0, max: 7 }),
  last_at: perhaps,
  extension: fc.option(fc.record({ due_at: perhaps, extra_attempts: fc.integer({ min: 0, max: 3 }) })),
});

test('it is open from the moment it opens to the moment it closes, both included', () => {
  const open = (hours: number) => isOpenFor(rules(), noStanding, at(hours));
  expect([-0.001, 0, 48, 48.001].map(open)).toEqual([false, true, true, false]);
});

test('a refusal says why, the first reason that no waiting cures before the others', () => {
  const standing = { attempts: 2, last_at: at(1), extension: null };
  const limited = rules({ max_attempts: 2, cooldown_s: 3600 });
  expect(refusal(limited, standing, at(-1))).toEqual({ reason: 'not_open', opens_at: at(0) });
  expect(refusal(limited, standing, at(49))).toEqual({ reason: 'closed', closed_at: at(48) });
  expect(refusal(limited, standing, at(1.5))).toEqual({ reason: 'no_attempts' });
  const once = { ...standing, attempts: 1 };
  expect(refusal(limited, once, at(1.5))).toEqual({ reason: 'cooldown', until: at(2) });
  expect(refusal(limited, once, at(2))).toBeUndefined();
});

test('each day late that has begun takes its share of the grade', () => {
  const late = rules({ late_policy: { kind: 'penalty', percent_per_day: 10, until: null } });
  const graded = (hours: number) => gradeAfterLatePolicy(late, noStanding, 80, at(hours));
  expect([47, 48, 48.1, 72, 72.1, 48 + 24 * 30].map(graded)).toEqual([80, 80, 72, 72, 64, 0]);
});

test('late work without a penalty keeps its grade and is late all the same', () => {
  const lenient = rules({ late_policy: { kind: 'accept' } });
  expect(gradeAfterLatePolicy(lenient, noStanding, 80, at(60))).toBe(80);
  expect(isLate(lenient, noStanding, at(60))).toBe(true);
  expect(closesFor(lenient, noStanding)).toBeNull();
});

test('nothing is accepted after the end of the penalties', () => {
  const until = rules({ late_policy: { kind: 'penalty', percent_per_day: 10, until: at(72) } });
  expect(closesFor(until, noStanding)).toBe(at(72));
  expect(closesFor(until, extended(100))).toBe(at(100));
});

test('an extension gives time and attempts, and what it gives is in time', () => {
  const once = rules({ max_attempts: 1 });
  const standing = { ...extended(60, 1), attempts: 1 };
  expect(dueFor(once, standing)).toBe(at(60));
  expect(isLate(once, standing, at(59))).toBe(false);
  expect(attemptsLeft(once, standing)).toBe(1);
  expect(refusal(once, standing, at(59))).toBeUndefined();
});

test('the next attempt is announced when waiting helps, and only then', () => {
  const slow = rules({ cooldown_s: 3600 });
  const tried = (hours: number) => ({ attempts: 1, last_at: at(hours), extension: null });
  expect(nextAttemptAt(slow, tried(1), at(1.5))).toBe(at(2));
  expect(nextAttemptAt(slow, tried(1), at(3))).toBeNull();
  expect(nextAttemptAt(slow, tried(47.5), at(47.6)), 'it closes before').toBeNull();
  expect(nextAttemptAt(slow, noStanding, at(-5))).toBe(at(0));
});

test('no extension ever takes anything away', () => {
  fc.assert(
    fc.property(anyRules, anyStanding, instant, (some, standing, when) => {
      const without = { ...standing, extension: null };
      if (refusal(some, without, when) === undefined) expect(refusal(some, standing, when)).toBeUndefined();
      expect(gradeAfterLatePolicy(some, standing, 100, when)).toBeGreaterThanOrEqual(
        gradeAfterLatePolicy(some, without, 100, when),
      );
      if (isLate(some, standing, when)) expect(isLate(some, without, when)).toBe(true);
    }),
  );
});

test('a late grade is never above what was reached, never below 0, and never rises with time', () => {
  const grade = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(anyRules, anyStanding, grade, instant, instant, (some, standing, reached, one, two) => {
      const [sooner, later] = one < two ? [one, two] : [two, one];
      const first = gradeAfterLatePolicy(some, standing, reached, sooner);
      const second = gradeAfterLatePolicy(some, standing, reached, later);
      expect(first).toBeLessThanOrEqual(reached + 0.005);
      expect(second).toBeLessThanOrEqual(first + 0.005);
      expect(second).toBeGreaterThanOrEqual(0);
      if (!isLate(some, standing, sooner)) expect(first).toBe(reached);
    }),
  );
});

test('whoever is not refused is within the dates and has an attempt left', () => {
  fc.assert(
    fc.property(anyRules, anyStanding, instant, (some, standing, when) => {
      const allowed = refusal(some, standing, when) === undefined;
      if (!allowed) return;
      expect(isOpenFor(some, standing, when)).toBe(true);
      expect(attemptsLeft(some, standing)).not.toBe(0);
      expect(nextAttemptAt(some, standing, when)).toBeNull();
    }),
  );
});

test('at the announced moment the attempt is not refused for its cooldown', () => {
  fc.assert(
    fc.property(anyRules, anyStanding, instant, (some, standing, when) => {
      const next = nextAttemptAt(some, standing, when);
      if (next === null || refusal(some, standing, when)?.reason !== 'cooldown') return;
      expect(next > when).toBe(true);
      expect(refusal(some, standing, next)).toBeUndefined();
    }),
  );
});
