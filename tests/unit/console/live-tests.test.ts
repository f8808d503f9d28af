import { describe, expect, it } from 'vitest';
import { type LiveTest, movedOn, newer } from '#functions/console/pages/class-live/moved-on.ts';

const id = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const told = {
  exam_session_id: id(1),
  student_id: id(2),
  student_name: '김민아',
  exam_type: 'midterm',
  plan_id: id(3),
  status: 'in_progress',
  answered: 3,
  max_items: 20,
  started_at: '2026-12-01T00:00:00.000Z',
  theta: 0.4,
  standard_error: 0.5,
} as const;
const event = (data: object, at = '2026-12-01T00:05:00.000Z') => ({
  type: 'exam.progress',
  topic: `class:${id(9)}`,
  seq: 4,
  at,
  data: { ...told, ...data },
});
const test: LiveTest = {
  ...told,
  plan_name: '중간고사',
  deadline_at: '2026-12-01T01:00:00.000Z',
  moved_at: '2026-12-01T00:04:00.000Z',
};

describe('the live view of a class', () => {
  it('moves a student’s test on with each answer, and keeps what the event does not tell', () => {
    const [moved] = movedOn([test], event({ answered: 4, theta: 0.7 }));
    expect(moved).toMatchObject({
      answered: 4,
      theta: 0.7,
      plan_name: '중간고사',
      deadline_at: test.deadline_at,
    });
    expect(moved?.moved_at).toBe('2026-12-01T00:05:00.000Z');
  });

  it('takes no answer back when events come out of order', () => {
    const tests = [test];
    expect(movedOn(tests, event({ answered: 2, theta: -1 }))).toBe(tests);
    const ended: LiveTest = { ...test, answered: 8, status: 'completed' };
    const after = [ended];
    expect(movedOn(after, event({ answered: 8 }))).toBe(after);
  });

  it('shows a test that has just begun, and no other kind of event', () => {
    expect(movedOn([test], event({ exam_session_id: id(7), answered: 0, theta: null }))).toHaveLength(2);
    const tests = [test];
    expect(movedOn(tests, { ...event({}), type: 'quiz.progress' })).toBe(tests);
    expect(movedOn(tests, event({ answered: 'many' }))).toBe(tests);
  });

  it('believes events more than an older reading, but for the names that only the reading has', () => {
    const seen: LiveTest = { ...test, answered: 6, plan_name: null, moved_at: '2026-12-01T00:06:00.000Z' };
    expect(newer(test, [seen])).toMatchObject({ answered: 6, plan_name: '중간고사' });
    expect(newer({ ...test, status: 'completed', answered: 9 }, [seen])).toMatchObject({ answered: 9 });
    expect(newer(test, [test])).toBe(test);
  });
});
