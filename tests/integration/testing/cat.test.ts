/** The 1EdTech CAT 1.0 service: another delivery system shows the items and hands in what became of them. */
import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import type { CatAnswered } from '#shared/contracts/cat.ts';
import { examSessions, examStates } from '#shared/table/exam-session.ts';
import { anExam, answerTo, shortTest } from '#tests/support/exams.ts';
import { aProjector } from '#tests/support/projector.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { deliverEnds } = await aProjector();
const exam = await anExam(school, { students: 2, items: 12 });
const { teacher, student, plan, class_id } = exam;
const section = { section_id: plan.plan_id };
const cat = teacher.testing;

const asBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const started = async (body: Parameters<typeof cat.createCatSession>[0]['body'] = {}) => {
  const reply = await cat.createCatSession({ params: section, body });
  return { ...reply, params: { ...section, session_id: reply.sessionIdentifier } };
};
const forStudent = {
  priorData: [
    { key: 'student_id', value: student.user_id },
    { key: 'class_id', value: class_id },
  ],
};

/** What a delivery system reports of an item: its response, or a score only. */
const report = (identifier: string, right: boolean, how: 'response' | 'score' = 'response') => ({
  identifier,
  datestamp: new Date().toISOString(),
  sessionStatus: 'final' as const,
  ...(how === 'response'
    ? {
        responseVariables: [
          {
            identifier: 'RESPONSE',
            cardinality: 'single' as const,
            baseType: 'identifier',
            candidateResponse: {
              value: [{ value: `choice-${answerTo(exam.itemOf.get(identifier), right)}` }],
            },
          },
        ],
      }
    : {
        outcomeVariables: [
          {
            identifier: 'SCORE',
            cardinality: 'single' as const,
            baseType: 'float',
            normalMaximum: 2,
            value: [{ value: right ? '2' : '0' }],
          },
        ],
      }),
});
const outcomes = ({ assessmentResult }: CatAnswered) =>
  Object.fromEntries(
    assessmentResult.testResult.outcomeVariables.map(({ identifier, value }) => [
      identifier,
      value[0]?.value,
    ]),
  );

/** Hands in the results of one item after the other until nothing is asked any more. */
async function played(how: 'response' | 'score', start = started()) {
  const { params, nextItems, sessionState, sessionIdentifier } = await start;
  let asked = nextItems.itemIdentifiers;
  let state = sessionState;
  let last: CatAnswered | undefined;
  for (let n = 0; asked.length > 0; n++) {
    const itemResult = asked.map((item) => report(item, n % 2 === 0, how));
    last = await cat.submitCatResults({
      params,
      body: { assessmentResult: { itemResult }, sessionState: state },
    });
    asked = last.nextItems.itemIdentifiers;
    state = last.sessionState;
  }
  if (!last) throw new Error('nothing was asked');
  return { last, exam_session_id: sessionIdentifier, head: await headOf(sessionIdentifier) };
}

/** A session once the projector has come by. */
async function headOf(exam_session_id: string) {
  const state = await school.table.get(examStates, { exam_session_id }, { consistent: true });
  await deliverEnds(state ? [state] : []);
  return school.table.get(examSessions, { exam_session_id }, { consistent: true });
}

describe('a section', () => {
  test('is a released plan: its items and its configuration', async () => {
    const { items, section: told } = await cat.getCatSection({ params: section });
    expect(items.itemIdentifiers.toSorted()).toEqual(
      exam.bank.items.map(({ item_id }) => item_id).toSorted(),
    );
    const configuration = JSON.parse(Buffer.from(told.sectionConfiguration, 'base64').toString());
    expect(configuration).toMatchObject({
      plan_id: plan.plan_id,
      bank_version: 1,
      config: { stop: { max_items: 6 } },
    });
    const again = await cat.createCatSection({
      body: { sectionConfiguration: asBase64({ plan_id: plan.plan_id }) },
    });
    expect(again.sectionIdentifier).toBe(plan.plan_id);
  });

  test('is made of a bank, simulated and released at once, and closed by its deletion', async () => {
    const sectionConfiguration = asBase64({
      bank_id: exam.bank.bank_id,
      name: 'Elsewhere',
      config: shortTest,
    });
    const { sectionIdentifier } = await cat.createCatSection({ body: { sectionConfiguration } });
    const params = { section_id: sectionIdentifier };
    expect((await cat.createCatSession({ params, body: {} })).nextItems.stageLength).toBe(1);
    await cat.deleteCatSection({ params });
    expect(await refusedWith(cat.createCatSession({ params, body: {} }))).toMatchObject({
      status: 409,
      error_code: 'exam_plan.closed',
    });
  });

  test('with a configuration that is none is refused where it is wrong', async () => {
    const wrong = { bank_id: exam.bank.bank_id, config: { stop: { max_items: 0 } } };
    const refused = await refusedWith(
      cat.createCatSection({ body: { sectionConfiguration: asBase64(wrong) } }),
    );
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('sectionConfiguration');
    expect(
      await refusedWith(cat.createCatSection({ body: { sectionConfiguration: 'bm90IEpTT04=' } })),
    ).toMatchObject({ status: 422 });
  });
});

describe('a session', () => {
  test('of responses ends as the same session does by answers, with θ, its error and the score', async () => {
    const { last, exam_session_id, head } = await played('response', started(forStudent));
    expect(head).toMatchObject({ status: 'completed', student_id: student.user_id, class_id, answered: 6 });
    expect(outcomes(last)).toEqual({
      THETA: String(head?.theta),
      THETA_SE: String(head?.standard_error),
      SCORE: String(head?.score),
      NUM_ITEMS: '6',
      STATUS: 'completed',
      STOP_REASON: 'max_items',
    });
    const seen = await student.testing.getExamSession({ params: { exam_session_id } });
    expect(seen).toMatchObject({ status: 'completed', answered: 6 });
    expect(last.nextItems).toEqual({ itemIdentifiers: [], stageLength: 0 });
  });

  test('of a candidate whom only the other system knows counts for the items, by their scores alone', async () => {
    const { exam_session_id, head } = await played('score');
    expect(head).toMatchObject({ status: 'completed', student_id: `cat-${exam_session_id}`, result_n: 1 });
    const state = await school.table.get(examStates, { exam_session_id }, { consistent: true });
    expect(state).toMatchObject({ r: [1, 0, 1, 0, 1, 0], a: [null, null, null, null, null, null] });
    expect((await teacher.testing.listExamSessions({ query: { class_id } })).items).not.toContainEqual(
      expect.objectContaining({ exam_session_id }),
    );
  });

  test('is told the whole of the results so far as often as the other system likes', async () => {
    const { params, nextItems, sessionState } = await started();
    const [first = ''] = nextItems.itemIdentifiers;
    const body = { assessmentResult: { itemResult: [report(first, true)] }, sessionState };
    const one = await cat.submitCatResults({ params, body });
    expect(await cat.submitCatResults({ params, body })).toEqual(one);
    const [second = ''] = one.nextItems.itemIdentifiers;
    const both = { itemResult: [report(first, true), report(second, false)] };
    const two = await cat.submitCatResults({ params, body: { assessmentResult: both, sessionState } });
    expect(outcomes(two)['NUM_ITEMS']).toBe('2');
    const otherwise = { assessmentResult: { itemResult: [report(first, false)] } };
    expect(await refusedWith(cat.submitCatResults({ params, body: otherwise }))).toMatchObject({
      status: 409,
      error_code: 'attempt.conflict',
    });
  });

  test('takes a result once, however many hand it in at once', async () => {
    const { params, nextItems, sessionState } = await started();
    const [first = ''] = nextItems.itemIdentifiers;
    const body = { assessmentResult: { itemResult: [report(first, true)] }, sessionState };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => cat.submitCatResults({ params, body })),
    );
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  });

  test('knows its own state from another’s and from one that never was', async () => {
    const { params, sessionState } = await started();
    const other = await started();
    const hand = (state: string) =>
      refusedWith(cat.submitCatResults({ params, body: { assessmentResult: {}, sessionState: state } }));
    expect(await hand(other.sessionState)).toMatchObject({ status: 422 });
    expect(await hand('nonsense')).toMatchObject({ status: 422 });
    const { session } = JSON.parse(Buffer.from(sessionState, 'base64url').toString());
    const ahead = Buffer.from(JSON.stringify({ session, seq: 99 })).toString('base64url');
    expect(await hand(ahead)).toMatchObject({ status: 409, error_code: 'exam_session.state' });
  });

  test('that is ended early is completed with enough answers, else abandoned', async () => {
    const { params } = await started();
    await cat.endCatSession({ params });
    expect(await headOf(params.session_id)).toMatchObject({ status: 'abandoned' });
    await cat.endCatSession({ params });
  });

  test('of another section or of another teacher is not there', async () => {
    const { params } = await started();
    const stranger = await school.person('teacher');
    expect(await refusedWith(stranger.testing.endCatSession({ params }))).toMatchObject({ status: 404 });
    expect(
      await refusedWith(cat.endCatSession({ params: { ...params, section_id: 'another' } })),
    ).toMatchObject({ status: 404 });
  });
});
