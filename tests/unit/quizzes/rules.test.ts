import { describe, expect, test } from 'vitest';
import { countedPercent, type Try } from '#shared/domain/quizzes/counted.ts';
import {
  deadlineOf,
  feedbackOf,
  feedbackTo,
  hasOpened,
  isLate,
  isOverdue,
  lengthened,
  limitEnd,
  type QuizTimes,
  shortestLimit,
  shutBecause,
} from '#shared/domain/quizzes/rules.ts';

const before = '2026-11-20T09:00:00.000Z';
const noon = '2026-11-20T12:00:00.000Z';
const after = '2026-11-20T15:00:00.000Z';
const quiz = (changes: Partial<QuizTimes> = {}): QuizTimes => ({
  opens_at: null,
  due_at: null,
  late_policy: 'refuse',
  status: 'open',
  ...changes,
});

test('a limit has 30 seconds for each question, and the message says how many that are', () => {
  expect(shortestLimit(null, 100)).toBeUndefined();
  expect(shortestLimit(150, 5)).toBeUndefined();
  expect(shortestLimit(149, 5)).toBe('time_limit_s must be at least 150 s: 30 s for each of 5 questions');
  expect(shortestLimit(29, 1)).toBe('time_limit_s must be at least 30 s: 30 s for 1 question');
});

describe('beginning', () => {
  test.each([
    [quiz(), undefined],
    [quiz({ status: 'draft' }), 'not_open'],
    [quiz({ status: 'closed' }), 'closed'],
    [quiz({ opens_at: after }), 'not_open'],
    [quiz({ opens_at: noon }), undefined],
    [quiz({ due_at: before }), 'past_due'],
    [quiz({ due_at: noon }), 'past_due'],
    [quiz({ due_at: before, late_policy: 'accept' }), undefined],
    [quiz({ due_at: after }), undefined],
  ] as const)('at noon, %o: %s', (times, reason) => {
    expect(shutBecause(times, noon)).toBe(reason);
  });

  test('students know of a quiz that has opened, closed or not, and of no draft', () => {
    expect(hasOpened(quiz({ status: 'closed' }), noon)).toBe(true);
    expect(hasOpened(quiz({ status: 'draft' }), noon)).toBe(false);
    expect(hasOpened(quiz({ opens_at: after }), noon)).toBe(false);
  });
});

describe('deadlines', () => {
  const limit = limitEnd(noon, 600);

  test('the limit or the due date, whichever is first, where the due date refuses', () => {
    expect(limit).toBe('2026-11-20T12:10:00.000Z');
    expect(limitEnd(noon, null)).toBeNull();
    expect(deadlineOf(quiz(), null)).toBeNull();
    expect(deadlineOf(quiz(), limit)).toBe(limit);
    expect(deadlineOf(quiz({ due_at: after }), limit)).toBe(limit);
    expect(deadlineOf(quiz({ due_at: noon }), limit)).toBe(noon);
    expect(deadlineOf(quiz({ due_at: noon }), null)).toBe(noon);
    expect(deadlineOf(quiz({ due_at: noon, late_policy: 'accept' }), null)).toBeNull();
  });

  test('a changed quiz lengthens what was promised and never shortens it', () => {
    const promised = { limit_at: after, deadline_at: noon };
    expect(lengthened(quiz({ due_at: before }), promised)).toBe(noon);
    expect(lengthened(quiz({ due_at: '2026-11-20T13:00:00.000Z' }), promised)).toBe(
      '2026-11-20T13:00:00.000Z',
    );
    expect(lengthened(quiz({ due_at: '2027-01-01T00:00:00.000Z' }), promised)).toBe(after);
    expect(lengthened(quiz(), { limit_at: null, deadline_at: noon })).toBeNull();
    expect(lengthened(quiz({ due_at: before }), { limit_at: null, deadline_at: null })).toBeNull();
  });

  test('five seconds after the deadline are still in time, one millisecond more is not', () => {
    const end = Date.parse(noon);
    expect(isOverdue(noon, new Date(end + 5_000))).toBe(false);
    expect(isOverdue(noon, new Date(end + 5_001))).toBe(true);
    expect(isOverdue(null, new Date(end))).toBe(false);
  });

  test('late is what ended after the due date', () => {
    expect(isLate(quiz({ due_at: noon }), noon)).toBe(false);
    expect(isLate(quiz({ due_at: noon }), after)).toBe(true);
    expect(isLate(quiz(), after)).toBe(false);
  });
});

test('feedback comes when its policy says, and says no more than that', () => {
  for (const show of ['score', 'correctness', 'answers'] as const) {
    const at = (when: 'never' | 'after_submit' | 'after_due', times: Partial<QuizTimes> = {}) =>
      feedbackOf({ ...quiz(times), feedback: { when, show } }, noon);
    expect(at('never', { status: 'closed', due_at: before })).toBe('nothing');
    expect(at('after_submit')).toBe(show);
    expect(at('after_due')).toBe('nothing');
    expect(at('after_due', { due_at: after })).toBe('nothing');
    expect(at('after_due', { due_at: before })).toBe(show);
    expect(at('after_due', { status: 'closed' })).toBe(show);
  }
});

test('no key is shown while answers are still taken', () => {
  const due = { ...quiz({ due_at: noon }), feedback: { when: 'after_due', show: 'answers' } } as const;
  for (const seconds of [-1, 0, 1, 4.999, 5, 5.001, 60]) {
    const at = new Date(Date.parse(noon) + seconds * 1000);
    const isTaken = !isOverdue(deadlineOf(due, null), at);
    expect([seconds, feedbackOf(due, at.toISOString()) === 'answers']).toEqual([seconds, !isTaken]);
  }
});

test('who may begin late learns the score when the quiz is due, and no key before they may begin no more', () => {
  const late = {
    ...quiz({ due_at: noon, late_policy: 'accept' }),
    feedback: { when: 'after_due', show: 'answers' },
    max_attempts: 2,
  } as const;
  const done = { status: 'submitted' } as const;
  const running = { status: 'in_progress' } as const;
  expect(feedbackTo(late, [done], before)).toBe('nothing');
  expect(feedbackTo(late, [done, done], before)).toBe('nothing');
  expect(feedbackTo(late, [done], after)).toBe('score');
  expect(feedbackTo(late, [done, running], after)).toBe('nothing');
  expect(feedbackTo(late, [done, done], after)).toBe('answers');
  expect(feedbackTo({ ...late, max_attempts: null }, [done, done], after)).toBe('score');
  expect(feedbackTo({ ...late, status: 'closed' }, [done], before)).toBe('answers');
  expect(feedbackTo({ ...late, late_policy: 'refuse' }, [done], after)).toBe('answers');
  // what is shown at once waits for nothing
  const atOnce = { ...late, feedback: { ...late.feedback, when: 'after_submit' } } as const;
  expect(feedbackTo(atOnce, [done], before)).toBe('answers');
});

test('of several attempts the best, the last, the first or their mean counts, of finished ones alone', () => {
  const done = (percent: number): Try => ({ status: 'submitted', percent });
  const tries: Try[] = [
    done(50),
    { status: 'expired', percent: 80 },
    done(60),
    { status: 'in_progress', percent: null },
  ];
  expect(countedPercent(tries, 'best')).toBe(80);
  expect(countedPercent(tries, 'last')).toBe(60);
  expect(countedPercent(tries, 'first')).toBe(50);
  expect(countedPercent(tries, 'average')).toBe(63.33);
  expect(countedPercent(tries.slice(3), 'best')).toBeNull();
  expect(countedPercent([], 'average')).toBeNull();
});
