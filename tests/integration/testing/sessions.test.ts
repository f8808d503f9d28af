/** An adaptive test from the start to the end, and everything that may go wrong between. */
import '#tests/support/quiet.ts';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { faults } from '#infra/local/gateway.ts';
import { examResponses, examSessions, examStates } from '#shared/table/exam-session.ts';
import { anExam, answerTo, take } from '#tests/support/exams.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';
import { anItem, itemSecrets } from '#tests/support/testing.ts';

const school = await aSchool();
const calls = recordCalls();

const stored = async (exam_session_id: string) => {
  const state = await school.table.get(examStates, { exam_session_id }, { consistent: true });
  const head = await school.table.get(examSessions, { exam_session_id }, { consistent: true });
  if (!state || !head) throw new Error('no such session');
  return { state, head };
};

/** A session with its first question, and how to answer it. */
async function begun(options: Parameters<typeof anExam>[1] = {}) {
  const exam = await anExam(school, options);
  const session = await exam.start();
  const params = { exam_session_id: session.exam_session_id };
  const { item } = await exam.student.testing.nextExamItem({ params });
  if (!item) throw new Error('a test begins with a question');
  const body = (right: boolean) => ({
    exam_session_id: session.exam_session_id,
    item_id: item.item_id,
    selected_choice: answerTo(exam.itemOf.get(item.item_id), right),
    response_time_ms: 900,
  });
  const answer = (right: boolean) => exam.student.testing.createAttempt({ body: body(right) });
  return { ...exam, session, params, item, body, answer };
}

describe('a test', () => {
  test('goes from question to question until its rules end it, and has a result', async () => {
    const exam = await anExam(school, { feedback: { show: 'theta' } });
    const session = await exam.start();
    expect(session).toMatchObject({
      status: 'in_progress',
      answered: 0,
      max_items: 6,
      result: 'none',
      theta: null,
    });
    const replies = await take(exam, exam.student, session.exam_session_id);
    expect(replies.map(({ progress }) => progress.answered)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(replies.at(-1)).toMatchObject({ next_item: null, status: 'completed', stop_reason: 'max_items' });
    const asked = replies.flatMap(({ next_item }) => (next_item ? [next_item.item_id] : []));
    expect(new Set(asked).size).toBe(5);
    const params = { exam_session_id: session.exam_session_id };
    const result = await exam.student.testing.getExamSession({ params });
    const { head } = await stored(session.exam_session_id);
    expect(result).toMatchObject({
      status: 'completed',
      answered: 6,
      result: 'theta',
      theta: head.theta,
      result_n: 1,
    });
    expect(result.score).toBeCloseTo(500 + 100 * (head.theta ?? Number.NaN), 1);
    expect(result.band?.low).toBeLessThan(result.score ?? 0);
  });

  test('is the same again on another device and after a reload', async () => {
    const { student, start, session, item, answer, params } = await begun();
    const second = await start();
    expect(second.exam_session_id).toBe(session.exam_session_id);
    expect((await student.testing.nextExamItem({ params })).item).toEqual(item);
    const { next_item } = await answer(true);
    expect((await student.testing.nextExamItem({ params })).item).toEqual(next_item);
    expect((await start()).exam_session_id).toBe(session.exam_session_id);
  });

  test('tells when its student was last there: at the start, at each answer, at the end', async () => {
    const { teacher, class_id, session, params, answer, student } = await begun();
    const listed = async () => (await teacher.testing.listExamSessions({ query: { class_id } })).items[0];
    expect(await listed()).toMatchObject({ last_active_at: session.started_at });
    await answer(true);
    const { state } = await stored(session.exam_session_id);
    expect(state.at).toBeGreaterThan(state.began);
    expect(await listed()).toMatchObject({ last_active_at: new Date(state.at).toISOString() });
    await student.testing.updateExamSession({ params, body: { status: 'abandoned' } });
    const ended = await listed();
    expect(ended?.last_active_at).toBe(ended?.ended_at);
  });

  test('two starts at once are one session', async () => {
    const exam = await anExam(school);
    const all = await Promise.all(Array.from({ length: 10 }, () => exam.start()));
    expect(new Set(all.map(({ exam_session_id }) => exam_session_id)).size).toBe(1);
    const listed = await exam.student.testing.listExamSessions({});
    expect(listed.items).toHaveLength(1);
  });

  test('freezes each answer with what the item was like', async () => {
    const { session, student, ...exam } = await begun();
    await take({ ...exam, student }, student, session.exam_session_id);
    const id = { exam_session_id: session.exam_session_id, result_n: 1 };
    const frozen = await school.table.get(examResponses, id, { consistent: true });
    expect(frozen?.responses).toHaveLength(6);
    for (const one of frozen?.responses ?? []) {
      const item = exam.itemOf.get(one.item_id);
      expect(one).toMatchObject({ revision: item?.revision, parameters: item?.parameters, pilot: false });
      expect(one.expected).toBeGreaterThan(0);
      expect(one.variance).toBeLessThanOrEqual(0.25);
    }
  });
});

describe('of one answer', () => {
  test('a hundred submissions at once give one next question', async () => {
    const { answer, session } = await begun();
    const replies = await Promise.all(Array.from({ length: 100 }, () => answer(true)));
    expect(new Set(replies.map((reply) => JSON.stringify(reply.next_item))).size).toBe(1);
    expect(new Set(replies.map(({ attempt_id }) => attempt_id))).toEqual(
      new Set([`${session.exam_session_id}-0`]),
    );
    const { state } = await stored(session.exam_session_id);
    expect(state).toMatchObject({ seq: 2, r: [1] });
  });

  test('a hundred submissions that differ leave one of them, and the others are told', async () => {
    const { answer, session } = await begun();
    const all = await Promise.allSettled(Array.from({ length: 100 }, (_, k) => answer(k % 2 === 0)));
    const { state } = await stored(session.exam_session_id);
    const won = all.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(50);
    expect(state.seq).toBe(2);
    for (const one of all)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ status: 409, error_code: 'attempt.conflict' });
  });

  test('the same again gets the stored outcome with the question that waits now, another a conflict', async () => {
    const { answer, student, session } = await begun();
    const first = await answer(true);
    expect(await answer(true)).toMatchObject({ attempt_id: first.attempt_id, next_item: first.next_item });
    await take(await anExam(school), student, session.exam_session_id).catch(() => undefined);
    expect(await refusedWith(answer(false))).toMatchObject({ status: 409, error_code: 'attempt.conflict' });
  });

  test('repeated after the end still gets its outcome', async () => {
    const { answer, student, session, ...exam } = await begun();
    await take({ ...exam, student }, student, session.exam_session_id, () => true);
    expect(await answer(true)).toMatchObject({
      attempt_id: `${session.exam_session_id}-0`,
      status: 'completed',
      next_item: null,
    });
  });

  test('follows what another process has written meanwhile, not what this one remembers', async () => {
    const { answer, student, params, session } = await begun();
    const { next_item } = await answer(true);
    await school.table.write(
      school.table.update(examStates, params, {
        expression: 'SET #status = :abandoned ADD #seq :one',
        values: { ':abandoned': 'abandoned', ':one': 1 },
      }),
    );
    const body = { ...params, item_id: next_item?.item_id ?? '', selected_choice: 0 };
    expect(await refusedWith(student.testing.createAttempt({ body }))).toMatchObject({
      status: 409,
      error_code: 'exam_session.ended',
    });
    expect((await stored(session.exam_session_id)).state).toMatchObject({ seq: 3, r: [1] });
  });

  test('is one write: the state that a process wrote or read last it need not read again', async () => {
    const { answer, student, params } = await begun();
    calls.clear();
    const { next_item } = await answer(true);
    expect(calls.summary()).toBe('1 Update');
    calls.clear();
    const body = { ...params, item_id: next_item?.item_id ?? '', selected_choice: 0 };
    await student.testing.createAttempt({ body });
    expect(calls.summary()).toBe('1 Update');
  });

  test('a lost reply changes nothing: the retry finds its own answer', async () => {
    const { answer, session } = await begun();
    let lost = 0;
    school.meet((operation) => (operation === 'UpdateItem' && lost++ === 0 ? faults.lostReply() : undefined));
    try {
      const reply = await answer(true);
      expect(reply.progress.answered).toBe(1);
    } finally {
      school.meet();
    }
    expect(lost).toBeGreaterThan(1);
    expect((await stored(session.exam_session_id)).state).toMatchObject({ seq: 2, r: [1] });
  });

  test('to a question that does not wait, names the one that does', async () => {
    const { student, session, item, bank } = await begun();
    const other = bank.items.find(({ item_id }) => item_id !== item.item_id);
    const body = {
      exam_session_id: session.exam_session_id,
      item_id: other?.item_id ?? '',
      selected_choice: 0,
    };
    const refused = await refusedWith(student.testing.createAttempt({ body }));
    expect(refused).toMatchObject({ status: 409, error_code: 'attempt.not_pending' });
    expect(refused.message).toContain(item.item_id);
  });

  test('what the server computes is refused from clients', async () => {
    const { student, body, session } = await begun();
    for (const name of ['correct', 'theta', 'score', 'standard_error'])
      expect(
        await refusedWith(student.testing.createAttempt({ body: { ...body(true), [name]: 1 } })),
      ).toMatchObject({ status: 422, error_code: 'server_computed' });
    const params = { exam_session_id: session.exam_session_id };
    expect(
      await refusedWith(
        student.testing.updateExamSession({ params, body: { status: 'completed', theta: 3 } }),
      ),
    ).toMatchObject({ status: 422, error_code: 'server_computed' });
    expect((await stored(session.exam_session_id)).state.seq).toBe(1);
  });

  test('an answer of another shape than the item’s is refused in words', async () => {
    const { student, body } = await begun();
    const wrong = { ...body(true), selected_choice: undefined, answer: 'four' };
    expect(await refusedWith(student.testing.createAttempt({ body: wrong }))).toMatchObject({ status: 422 });
    expect(
      await refusedWith(student.testing.createAttempt({ body: { ...body(true), selected_choice: 9 } })),
    ).toMatchObject({ status: 422 });
  });

  test('consumes at most three write units, whole tests included', async () => {
    const exam = await anExam(school, { items: 60, config: { stop: { max_items: 30, se: null } } });
    const session = await exam.start();
    const units: number[] = [];
    const { item } = await exam.student.testing.nextExamItem({
      params: { exam_session_id: session.exam_session_id },
    });
    let pending = item;
    while (pending !== null) {
      calls.clear();
      const { item_id } = pending;
      const { next_item } = await exam.student.testing.createAttempt({
        body: {
          exam_session_id: session.exam_session_id,
          item_id,
          selected_choice: answerTo(exam.itemOf.get(item_id), true),
        },
      });
      units.push(
        calls
          .all()
          .filter(({ kind }) => kind === 'write')
          .reduce((sum, call) => sum + call.units, 0),
      );
      pending = next_item;
    }
    const before = units.slice(0, -1);
    console.info(`write units: ${before.join(' ')}, at the end ${units.at(-1)}`);
    expect(units).toHaveLength(30);
    expect(Math.max(...before)).toBeLessThanOrEqual(3);
    expect(units.reduce((sum, one) => sum + one, 0) / units.length).toBeLessThanOrEqual(3);
  });
});

describe('time', () => {
  beforeAll(() => () => void vi.useRealTimers());
  const later = (seconds: number) => vi.setSystemTime(Date.now() + 1000 * seconds);
  const fake = async (act: () => Promise<void>) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await act();
    } finally {
      vi.useRealTimers();
    }
  };
  const timed = { stop: { max_items: 6, min_items: 2, se: null, time_limit_s: 600 } };

  test('that is over ends the test: with a result if enough was answered', () =>
    fake(async () => {
      const { student, session, answer, params, ...exam } = await begun({ config: timed });
      const { next_item } = await answer(true);
      const item_id = next_item?.item_id ?? '';
      const second = {
        exam_session_id: session.exam_session_id,
        item_id,
        selected_choice: answerTo(exam.itemOf.get(item_id), false),
      };
      const { next_item: third } = await student.testing.createAttempt({ body: second });
      later(700);
      const body = { ...second, item_id: third?.item_id ?? '' };
      expect(await refusedWith(student.testing.createAttempt({ body }))).toMatchObject({
        status: 409,
        error_code: 'exam_session.ended',
      });
      const ended = await student.testing.getExamSession({ params });
      expect(ended).toMatchObject({
        status: 'completed',
        stop_reason: 'time_limit',
        answered: 2,
        duration_sec: 600,
      });
      expect(ended.score).not.toBeNull();
    }));

  test('that is over with too few answers leaves no result', () =>
    fake(async () => {
      const { student, answer, params, start, session } = await begun({ config: timed });
      await answer(true);
      later(700);
      const ended = await student.testing.getExamSession({ params });
      expect(ended).toMatchObject({ status: 'expired', score: null, answered: 1 });
      expect((await start()).exam_session_id).not.toBe(session.exam_session_id);
    }));

  test('of one question that is over counts as wrong, and the next is asked', () =>
    fake(async () => {
      const config = { ...timed, item_time_limit_s: 30 };
      const { student, answer, params, item, session } = await begun({ config });
      later(33);
      const { item: next } = await student.testing.nextExamItem({ params });
      expect(next?.item_id).not.toBe(item.item_id);
      expect(await refusedWith(answer(true))).toMatchObject({ status: 409, error_code: 'attempt.late' });
      const { state } = await stored(session.exam_session_id);
      expect(state).toMatchObject({ r: [-1], a: [null] });
    }));

  test('an answer that was under way when the time was over counts', () =>
    fake(async () => {
      const { answer, session } = await begun({ config: { ...timed, item_time_limit_s: 30 } });
      later(31);
      expect(await answer(true)).toMatchObject({ progress: { answered: 1 } });
      expect((await stored(session.exam_session_id)).state.r).toEqual([1]);
    }));

  test('a test without a limit ends a day after it began', () =>
    fake(async () => {
      const { student, params, answer } = await begun();
      await answer(true);
      later(90_000);
      // the access token is over, too
      const again = school.clients(await school.tokenOf(student.user_id));
      expect(await again.testing.getExamSession({ params })).toMatchObject({
        status: 'expired',
        stop_reason: 'idle',
      });
    }));

  test('what the client measured counts at most as long as it was on the server', () =>
    fake(async () => {
      const { student, body, session } = await begun();
      later(2);
      await student.testing.createAttempt({ body: { ...body(true), response_time_ms: 3_600_000 } });
      const { state } = await stored(session.exam_session_id);
      expect(state.t[0]).toBeGreaterThanOrEqual(2000);
      expect(state.t[0]).toBeLessThan(5000);
    }));
});

describe('an end', () => {
  test('by the student needs the plan’s fewest items; abandoning does not', async () => {
    const { student, params, answer, session, ...exam } = await begun();
    expect(
      await refusedWith(student.testing.updateExamSession({ params, body: { status: 'completed' } })),
    ).toMatchObject({ status: 409, error_code: 'exam_session.too_few' });
    await answer(true);
    const { item } = await student.testing.nextExamItem({ params });
    const item_id = item?.item_id ?? '';
    await student.testing.createAttempt({
      body: {
        exam_session_id: session.exam_session_id,
        item_id,
        selected_choice: answerTo(exam.itemOf.get(item_id), true),
      },
    });
    const ended = await student.testing.updateExamSession({ params, body: { status: 'completed' } });
    expect(ended).toMatchObject({ status: 'completed', stop_reason: 'ended_early', answered: 2 });
    expect(await student.testing.updateExamSession({ params, body: { status: 'completed' } })).toEqual(ended);
    expect(
      await refusedWith(student.testing.updateExamSession({ params, body: { status: 'abandoned' } })),
    ).toMatchObject({ status: 409, error_code: 'exam_session.ended' });
  });

  test('frees the student to take it again, as often as the plan says', async () => {
    const exam = await anExam(school, { max_sessions: 2 });
    for (let k = 0; k < 2; k++) {
      const { exam_session_id } = await exam.start();
      await exam.student.testing.updateExamSession({
        params: { exam_session_id },
        body: { status: 'abandoned' },
      });
    }
    expect(await refusedWith(exam.start())).toMatchObject({
      status: 409,
      error_code: 'exam_plan.sessions_used',
    });
  });

  test('is one, however many end it at once', async () => {
    const { student, params, session } = await begun();
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        student.testing.updateExamSession({ params, body: { status: 'abandoned' } }),
      ),
    );
    expect(new Set(all.map(({ ended_at }) => ended_at)).size).toBe(1);
    expect((await stored(session.exam_session_id)).head).toMatchObject({ result_n: 1, version: 2 });
  });

  test('cut off before its result was written is an end all the same; the result comes with the next look', async () => {
    const { student, params, session } = await begun();
    school.meet((operation) => (operation === 'TransactWriteItems' ? faults.serverError() : undefined));
    try {
      await expect(
        student.testing.updateExamSession({ params, body: { status: 'abandoned' } }),
      ).rejects.toThrow();
    } finally {
      school.meet();
    }
    const { state, head } = await stored(session.exam_session_id);
    expect([state.status, head.status]).toEqual(['abandoned', 'in_progress']);
    const again = await student.testing.updateExamSession({ params, body: { status: 'abandoned' } });
    expect(again).toMatchObject({ status: 'abandoned', result_n: 1 });
    expect((await stored(session.exam_session_id)).head.status).toBe('abandoned');
  });
});

describe('students never learn', () => {
  test('keys, explanations, parameters, θ or errors before the end, nor more than the policy says after it', async () => {
    const items = Array.from({ length: 12 }, (_, k) =>
      anItem({
        body: `Question ${k}`,
        parameters: { model: '2PL', a: 1.123456789, b: 0.123456789 + k / 10 },
      }),
    );
    const exam = await anExam(school, { items, feedback: { show: 'band' } });
    const session = await exam.start();
    const params = { exam_session_id: session.exam_session_id };
    const replies = await take(exam, exam.student, session.exam_session_id);
    const said = JSON.stringify([
      session,
      replies,
      await exam.student.testing.getExamSession({ params }),
      await exam.student.testing.listExamSessions({}),
      await exam.student.testing.listAttempts({ query: { exam_session_id: session.exam_session_id } }),
      await exam.student.testing.listExamPlans({}),
    ]);
    for (const secret of [...itemSecrets, '1.123456789']) expect(said).not.toContain(secret);
    expect(said).not.toMatch(/"(key|explanation|config|category|discrimination|difficulty)":\s*[^n]/);
    const { theta, standard_error } = (await stored(session.exam_session_id)).head;
    expect(said).not.toContain(String(theta));
    expect(said).not.toContain(String(standard_error));
  });

  test('which answers were right unless answers are shown', async () => {
    const hidden = await anExam(school, { feedback: { show_answers: false } });
    const shown = await anExam(school, { feedback: { show_answers: true } });
    const look = async (exam: typeof hidden) => {
      const { exam_session_id } = await exam.start();
      await take(exam, exam.student, exam_session_id);
      return (await exam.student.testing.getExamSession({ params: { exam_session_id } })).attempts;
    };
    expect((await look(hidden)).every(({ correct, question }) => correct === null && question === null)).toBe(
      true,
    );
    const open = await look(shown);
    expect(open.map(({ correct }) => correct)).toEqual([true, false, true, false, true, false]);
    expect(open[0]?.question?.explanation).toBe('sekret_explanation');
    expect(open[0]?.parameters).toBeNull();
  });
});
