/**
 * The statistics against a recomputation from the sessions and their answers, after whatever the stream does with the
 * records of a term: late, in another order, twice, not at all while a later one comes.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ItemSums, itemSumsOf, mergeItemSums, noItemSums } from '#shared/domain/irt/index.ts';
import {
  addResultSums,
  noResultSums,
  type ResultSums,
  resultSumsOf,
  summaryOf,
} from '#shared/domain/results/sums.ts';
import { uuidv7 } from '#shared/ids.ts';
import { createDocuments } from '#shared/table/documents.ts';
import { type ExamResponse, type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';
import {
  classExamSums,
  examRanksKey,
  examStandings,
  itemAnswerSums,
  itemSumsKey,
} from '#shared/table/exam-statistics.ts';
import { anAnswer, begun, writeResult } from '#tests/support/exam-results.ts';
import { aProjector } from '#tests/support/projector.ts';
import { aSchool } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';

const { table, meet } = await aSchool();
const { deliver } = await aProjector();
const calls = recordCalls();

interface Term {
  readonly classes: readonly string[];
  readonly students: readonly string[];
  readonly bank_id: string;
}
const aTerm = (): Term => ({
  classes: [uuidv7(), uuidv7()],
  students: [uuidv7(), uuidv7(), uuidv7()],
  bank_id: uuidv7(),
});

const pick = <T>(from: readonly T[], at: number): T => {
  const found = from[at % from.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

/** Nothing that is too small for the table. */
const theta = fc
  .integer({ min: -3_000_000, max: 3_000_000 })
  .map((millionths) => millionths / 1_000_000 + 0.123e-8);
const answer = fc.record({
  x: fc.constantFrom(0, 0, 1, 1, 1 / 3),
  milliseconds: fc.constantFrom(0, 1, 900, 61_234),
  known: fc.boolean(),
});
const answers = fc.oneof(
  { weight: 8, arbitrary: fc.array(answer, { minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.array(answer, { minLength: 86, maxLength: 180 }) },
);
type Drawn = readonly { x: number; milliseconds: number; known: boolean }[];
const responsesOf = (drawn: Drawn): ExamResponse[] =>
  drawn.map(({ x, milliseconds, known }, at) =>
    anAnswer(`item-${at}`, x, {
      milliseconds,
      ...(!known && { pilot: true, parameters: null, expected: null, variance: null }),
    }),
  );

/** What may happen in a term, a number saying to whom. */
const event = fc.oneof(
  fc.record({
    kind: fc.constant('take' as const),
    who: fc.nat(100),
    type: fc.constantFrom('placement' as const, 'final' as const),
  }),
  fc.record({ kind: fc.constant('complete' as const), who: fc.nat(100), theta, answers }),
  fc.record({ kind: fc.constant('abandon' as const), who: fc.nat(100) }),
  fc.record({ kind: fc.constant('void' as const), who: fc.nat(100), at: fc.nat(200), theta }),
  fc.record({
    kind: fc.constant('rescore' as const),
    who: fc.nat(100),
    at: fc.nat(200),
    x: fc.constantFrom(0, 1),
    theta,
  }),
  fc.record({ kind: fc.constant('import' as const), who: fc.nat(100), theta: fc.option(theta) }),
  fc.record({ kind: fc.constant('deliver' as const), which: fc.array(fc.nat(100), { maxLength: 4 }) }),
);
type Happening = typeof event extends fc.Arbitrary<infer T> ? T : never;

/** Plays a term: writes what happens, and hands some records on while it does. */
async function play(term: Term, happenings: readonly Happening[]) {
  const sessions = new Map<string, ExamSessionRecord>();
  const answered = new Map<string, ExamResponse[]>();
  const records: ExamSessionRecord[] = [];
  const note = (session: ExamSessionRecord): void => {
    sessions.set(session.exam_session_id, session);
    records.push(session);
  };
  const of = (who: number) => ({
    org_id: 'org',
    class_id: pick(term.classes, who),
    student_id: pick(term.students, Math.floor(who / 2)),
  });
  const result = async (session: ExamSessionRecord, theta: number, responses: ExamResponse[]) => {
    answered.set(session.exam_session_id, responses);
    note(await writeResult(table, session, { theta, responses }));
  };
  const start = async (session: ExamSessionRecord) => {
    await table.write(table.insert(examSessions, session));
    note(session);
  };
  for (const one of happenings) {
    if (one.kind === 'deliver') {
      if (records.length > 0) await deliver(one.which.map((at) => pick(records, at)));
      continue;
    }
    if (one.kind === 'take') {
      await start(begun(of(one.who), { exam_type: one.type, bank_id: term.bank_id }));
      continue;
    }
    if (one.kind === 'import') {
      const ended = { status: 'completed', source: 'import', bank_id: null, bank_version: null } as const;
      const score = one.theta === null ? 512.5 : null;
      await start(begun(of(one.who), { ...ended, theta: one.theta, score, result_n: 1 }));
      continue;
    }
    const running = one.kind === 'complete' || one.kind === 'abandon';
    const fitting = [...sessions.values()].filter(
      ({ status, source }) => source === 'taken' && status === (running ? 'in_progress' : 'completed'),
    );
    if (fitting.length === 0) continue;
    const session = pick(fitting, one.who);
    if (one.kind === 'complete') await result(session, one.theta, responsesOf(one.answers));
    else if (one.kind === 'abandon') {
      const next = { ...session, status: 'abandoned' as const, theta: 0.5, standard_error: 0.9 };
      await table.write(table.replace(examSessions, session, next));
      note({ ...next, version: session.version + 1 });
    } else {
      const responses = [...(answered.get(session.exam_session_id) ?? [])];
      const at = one.at % responses.length;
      const changed = one.kind === 'void' ? { x: null, category: -2 } : { x: one.x, category: one.x };
      responses[at] = { ...pick(responses, at), ...changed };
      await result(session, one.theta, responses);
    }
  }
  return { sessions: [...sessions.values()], answered, records };
}
type Played = Awaited<ReturnType<typeof play>>;

const sumOf = (sessions: readonly ExamSessionRecord[]): ResultSums =>
  sessions.map(resultSumsOf).reduce(addResultSums, noResultSums);
const onlySums = <T extends ResultSums>(one: T): ResultSums => addResultSums(one, noResultSums);

/** The same from the raw sessions and answers, by the definitions. */
function recomputed({ classes, students }: Term, { sessions, answered }: Played) {
  const types = ['placement', 'practice', 'final'] as const;
  const nonEmpty = <T>(rows: [string, ResultSums, T][]) => rows.filter(([, { total }]) => total > 0);
  const items = new Map<string, ItemSums>();
  for (const { exam_session_id, status, source, theta } of sessions)
    for (const { item_id, x, milliseconds, expected, variance } of answered.get(exam_session_id) ?? []) {
      if (status !== 'completed' || source !== 'taken' || x === null || theta === null) continue;
      const time = milliseconds > 0 ? { milliseconds } : {};
      const known =
        expected !== null && variance !== null ? { expected, variance } : { expected: x, variance: 0 };
      const added = itemSumsOf({ x, theta, ...time, ...known });
      items.set(item_id, mergeItemSums(items.get(item_id) ?? noItemSums, added));
    }
  const rows = (fits: (session: ExamSessionRecord) => boolean) => sumOf(sessions.filter(fits));
  return {
    classes: nonEmpty(
      classes.flatMap((id) =>
        types.map((type): [string, ResultSums, null] => [
          `${id} ${type}`,
          rows(({ class_id, exam_type }) => class_id === id && exam_type === type),
          null,
        ]),
      ),
    ),
    standings: nonEmpty(
      students.flatMap((student) =>
        classes.flatMap((id) =>
          types.map((type): [string, ResultSums, number | null] => {
            const sums = rows(
              ({ class_id, student_id, exam_type }) =>
                class_id === id && student_id === student && exam_type === type,
            );
            return [`${student} ${id} ${type}`, sums, summaryOf(sums).average_theta];
          }),
        ),
      ),
    ),
    items,
  };
}

async function stored({ classes, students, bank_id }: Term) {
  const ofClasses = await Promise.all(
    classes.map((class_id) =>
      table.queryAll(classExamSums, { pk: `class#${class_id}`, prefix: 'examsums#' }),
    ),
  );
  const ofStudents = await Promise.all(
    students.map((id) => table.queryAll(examStandings, { pk: `user#${id}`, prefix: 'examstanding#' })),
  );
  const ranked = await Promise.all(
    classes.flatMap((id) =>
      ['placement', 'practice', 'final'].map((type) =>
        table.queryAll(examStandings, {
          index: 'gsi1',
          pk: examRanksKey(id),
          prefix: `${type}#`,
          backwards: true,
        }),
      ),
    ),
  );
  const items = await table.queryAll(itemAnswerSums, { pk: itemSumsKey(bank_id) });
  return {
    classes: ofClasses
      .flat()
      .map((one) => [`${one.class_id} ${one.exam_type}`, onlySums(one), null] as const),
    standings: ofStudents
      .flat()
      .map((one) => [
        `${one.student_id} ${one.class_id} ${one.exam_type}`,
        onlySums(one),
        summaryOf(one).average_theta,
      ]),
    ranked,
    items: new Map(items.map(({ item_id, bank_id: _, ...sums }) => [item_id, sums])),
  };
}

const byName = (rows: readonly (readonly [string, ...unknown[]])[]) =>
  rows.toSorted(([a], [b]) => (a < b ? -1 : 1));

async function expectExact(term: Term, played: Played): Promise<void> {
  const [wanted, found] = [recomputed(term, played), await stored(term)];
  expect(byName(found.classes)).toEqual(byName(wanted.classes));
  expect(byName(found.standings as never)).toEqual(byName(wanted.standings));
  const counted = [...found.items].filter(([, sums]) => Object.values(sums).some((sum) => sum !== 0));
  expect(new Map(counted.map(([id, sums]) => [id, mergeItemSums(sums, noItemSums)]))).toEqual(
    new Map([...wanted.items].filter(([, { n }]) => n > 0)),
  );
  for (const ranks of found.ranked) {
    const thetas = ranks.map((one) => summaryOf(one).average_theta ?? Number.NaN);
    expect(thetas).toEqual(thetas.toSorted((a, b) => b - a));
  }
  const withTheta = wanted.standings.filter(([, , average]) => average !== null);
  expect(found.ranked.flat().length).toBe(withTheta.length);
}

test('statistics equal a recomputation from raw answers, whatever order and number the records come in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 5, maxLength: 40 }),
      fc.array(fc.nat(1000), { maxLength: 30 }),
      fc.nat(),
      async (happenings, again, seed) => {
        const term = aTerm();
        const played = await play(term, happenings);
        // the last record of each session comes in the end, others may be lost
        const last = new Map(played.records.map((one) => [one.exam_session_id, one]));
        const repeated = played.records.length === 0 ? [] : again.map((at) => pick(played.records, at));
        const all = [...last.values(), ...repeated];
        const shuffled = all
          .map((one, at) => ({ one, turn: (at * 7919 + seed) % 1009 }))
          .toSorted((a, b) => a.turn - b.turn)
          .map(({ one }) => one);
        await deliver(shuffled);
        await expectExact(term, played);
        await deliver(shuffled.toReversed());
        await expectExact(term, played);
      },
    ),
    { numRuns: 8 },
  );
});

test('a class that ends at once is counted once each, beside conflicts and throttles', async () => {
  const term = aTerm();
  const completes = Array.from({ length: 24 }, (_, who): Happening[] => [
    { kind: 'take', who, type: 'final' },
    {
      kind: 'complete',
      who: 0,
      theta: who / 10 - 1,
      answers: [{ x: who % 2, milliseconds: 900, known: true }],
    },
  ]).flat();
  const played = await play(term, completes);
  let asked = 0;
  const { faults } = await import('#infra/local/gateway.ts');
  meet((operation) =>
    operation.startsWith('TransactWrite') && ++asked % 3 === 0 ? faults.transactionConflict() : undefined,
  );
  // as shards do: two batches with the same classes at the same time
  await Promise.all([deliver(played.records), deliver(played.records.toReversed())]);
  meet();
  await expectExact(term, played);
});

test('a write that took effect but whose reply was lost counts once', async () => {
  const term = aTerm();
  const happenings: Happening[] = [
    { kind: 'take', who: 0, type: 'final' },
    { kind: 'complete', who: 0, theta: 1.25, answers: [{ x: 1, milliseconds: 900, known: true }] },
  ];
  const played = await play(term, happenings);
  let asked = 0;
  const { faults } = await import('#infra/local/gateway.ts');
  meet((operation) =>
    operation.startsWith('TransactWrite') && asked++ === 0 ? faults.lostReply() : undefined,
  );
  await deliver(played.records);
  meet();
  await expectExact(term, played);
});

test('counting a session reads single items and never scans', async () => {
  const of = { org_id: 'org', class_id: uuidv7(), student_id: uuidv7() };
  const session = begun(of, { bank_id: uuidv7() });
  await table.write(table.insert(examSessions, session));
  await deliver([session]);
  const responses = Array.from({ length: 30 }, (_, at) => anAnswer(`item-${at}`, 1));
  const completed = await writeResult(table, session, { theta: 0.5, responses });
  calls.clear();
  await deliver([completed]);
  expect(calls.summary()).toBe('2 BatchGet, 1 TransactWrite');
  const units = calls
    .all()
    .filter(({ kind }) => kind === 'write')
    .map(({ units }) => units);
  // two for each item, as a transaction has it, and ten for the note, the class and the student
  expect(units.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(2 * responses.length + 10);
  calls.clear();
  await deliver([completed, session]);
  expect(calls.all().filter(({ kind }) => kind === 'write')).toEqual([]);
});

test('a class that ends at once takes a few transactions, not one for each student', async () => {
  const bank_id = uuidv7();
  const of = { org_id: 'org', class_id: uuidv7() };
  const students = Array.from({ length: 24 }, () => uuidv7());
  const term = { classes: [of.class_id], students, bank_id };
  const answered = new Map<string, ExamResponse[]>();
  const ended: ExamSessionRecord[] = [];
  for (const [at, student_id] of students.entries()) {
    const session = begun({ ...of, student_id }, { bank_id });
    await table.write(table.insert(examSessions, session));
    const responses = Array.from({ length: 20 }, (_, item) => anAnswer(`item-${(at + item) % 40}`, at % 2));
    answered.set(session.exam_session_id, responses);
    ended.push(await writeResult(table, session, { theta: at / 10, responses }));
  }
  calls.clear();
  await deliver(ended);
  expect(calls.all().filter(({ command }) => command === 'TransactWrite').length).toBeLessThanOrEqual(2);
  await expectExact(term, { sessions: ended, answered, records: ended });
});

test('a session that is damaged keeps none of the others from being counted', async () => {
  const term = aTerm();
  const played = await play(
    term,
    [0, 2, 4].map((who): Happening => ({ kind: 'take', who, type: 'final' })),
  );
  const [damaged, ...sound] = played.sessions;
  if (!damaged) throw new Error('nobody took the test');
  const { pk, sk } = examSessions.key(damaged);
  const { dynamoDb } = await import('#shared/aws/clients.ts');
  const documents = createDocuments(dynamoDb());
  const odd = { ...examSessions.stored(damaged), status: 'odd' };
  await documents.put({ TableName: table.name, Item: odd });
  await expect(deliver(played.records)).rejects.toThrow();
  await documents.delete({ TableName: table.name, Key: { pk, sk } });
  await expectExact(term, { ...played, sessions: sound });
});
