import { expect, test } from 'vitest';
import { mostSessions, standingOf } from '#shared/exams/start.ts';

const plan = {
  name: 'Practice',
  status: 'released',
  opens_at: null,
  closes_at: null,
  max_sessions: null,
  min_days_between: null,
} as const;
const after = (sessions: number) => ({
  plan_id: 'p',
  student_id: 's',
  sessions,
  running_session_id: null,
  last_session_id: 'e',
  last_started_at: '2026-11-01T00:00:00.000Z',
  version: 1,
});
const now = new Date('2026-11-20T12:00:00.000Z');

test('a plan without a number of sessions is taken often, and not without end', () => {
  expect(standingOf(plan, after(mostSessions - 1), now)).toMatchObject({
    can_start: true,
    sessions_left: null,
  });
  const { can_start, refusal } = standingOf(plan, after(mostSessions), now);
  expect(can_start).toBe(false);
  expect(refusal?.()).toMatchObject({ kind: 'conflict', error_code: 'exam_plan.sessions_used' });
});

test('a plan with a number of sessions is taken as often', () => {
  const twice = { ...plan, max_sessions: 2 };
  expect(standingOf(twice, after(1), now)).toMatchObject({ can_start: true, sessions_left: 1 });
  expect(standingOf(twice, after(2), now)).toMatchObject({ can_start: false, sessions_left: 0 });
});
