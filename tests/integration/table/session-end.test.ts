import { afterAll, expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { putMark } from '#shared/table/entity.ts';
import {
  AlreadyEnded,
  completedOfBank,
  endSession,
  examSessions,
  openExams,
  type SessionEnd,
} from '#shared/table/exam-session.ts';
import { begun } from '#tests/support/exam-results.ts';
import { aTable } from '#tests/support/table.ts';

const { table, stop } = await aTable();
afterAll(stop);

const end = (status: SessionEnd['status']): SessionEnd => ({
  status,
  ended_at: '2026-11-20T09:00:00.000Z',
  duration_sec: 600,
  answered: 20,
  stop_reason: status === 'completed' ? 'max_items' : 'left',
  theta: 0.5,
  standard_error: 0.3,
  score: status === 'completed' ? 550 : null,
});

const aSession = async (more: object = {}) => {
  const of = { org_id: 'org', class_id: uuidv7(), student_id: uuidv7() };
  const session = begun(of, { bank_id: `bank-${uuidv7()}`, ...more });
  await table.write(table.insert(examSessions, session));
  return session;
};
const stored = async (id: { exam_session_id: string }) => {
  const [raw] = await table.getRaw([examSessions.key(id)]);
  const { [putMark]: _, ...item } = raw ?? {};
  return item;
};
const inIndex = async (pk: string, { exam_session_id }: { exam_session_id: string }) => {
  const all = await table.queryAll(examSessions, { index: 'gsi3', pk });
  return all.some((one) => one.exam_session_id === exam_session_id);
};

test.each(['completed', 'abandoned', 'expired'] as const)(
  'a session that is %s is as if it had been written whole',
  async (status) => {
    const session = await aSession();
    const { bank_id } = session;
    expect(await inIndex(openExams, session)).toBe(true);
    await table.write(endSession(table, session, end(status)));
    const whole = { ...session, ...end(status), result_n: 1, version: 2 };
    expect(await stored(session)).toEqual(examSessions.stored(whole));
    expect(await inIndex(openExams, session)).toBe(false);
    expect(await inIndex(completedOfBank(bank_id ?? ''), session)).toBe(status === 'completed');
  },
);

test('a session ends once', async () => {
  const session = await aSession();
  await table.write(endSession(table, session, end('completed')));
  const again = table.write(endSession(table, session, end('abandoned')));
  await expect(again).rejects.toBeInstanceOf(AlreadyEnded);
  expect((await table.get(examSessions, session, { consistent: true }))?.status).toBe('completed');
});
