/** What sockets hear of a running test: each state once, θ for staff alone. */
import '#tests/support/quiet.ts';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { examTopic } from '#shared/exams/events.ts';
import { type ExamState, examStates } from '#shared/table/exam-session.ts';
import { socketsOfASchool } from '#tests/integration/realtime/sockets.ts';
import { anExam, answerTo, take } from '#tests/support/exams.ts';
import type { Person } from '#tests/support/school.ts';

const { school, open, broadcast } = await socketsOfASchool();
const { table } = school;

const stateOf = async (exam_session_id: string): Promise<ExamState> => {
  const state = await table.get(examStates, { exam_session_id }, { consistent: true });
  if (!state) throw new Error('no such test');
  return state;
};

/** The stream's record of a state that was written. */
const streamed = (state: ExamState) => {
  const record: DynamoDBRecord = {
    eventID: `${state.exam_session_id}-${state.seq}`,
    eventName: state.seq === 1 ? 'INSERT' : 'MODIFY',
    dynamodb: {
      SequenceNumber: String(state.seq),
      // the SDK's attribute values and those of Lambda's events are one form, declared twice
      NewImage: marshall(examStates.stored(state)) as NonNullable<
        NonNullable<DynamoDBRecord['dynamodb']>['NewImage']
      >,
    },
  };
  return broadcast({ Records: [record] });
};

async function running(students = 2) {
  const exam = await anExam(school, { students });
  const session = await exam.start();
  const { exam_session_id } = session;
  const answer = async (right = true) => {
    const { item } = await exam.student.testing.nextExamItem({ params: { exam_session_id } });
    const item_id = item?.item_id ?? '';
    const selected_choice = answerTo(exam.itemOf.get(item_id), right);
    await exam.student.testing.createAttempt({ body: { exam_session_id, item_id, selected_choice } });
    await streamed(await stateOf(exam_session_id));
  };
  const other = exam.students[1] ?? exam.student;
  return { ...exam, session, topic: examTopic(session), exam_session_id, answer, other };
}

const listening = async (person: Person, topic: string, after_seq?: number) => {
  const socket = await open(person);
  const said = await socket.subscribe(topic, after_seq);
  socket.clear();
  return { ...socket, said };
};

describe('a running test', () => {
  test.each(['class', 'exam'] as const)(
    'is no longer told on the topic of the %s to who was taken off the class',
    async (kind) => {
      const { class_id, teacher, student, session, ...exam } = await running();
      const assistant = await school.person('assistant');
      const params = { class_id, user_id: assistant.user_id };
      await teacher.school.putStaff({ params, body: { role: 'assistant' } });
      const topic = { class: `class:${class_id}`, exam: exam.topic }[kind];
      const [gone, kept, own] = [
        await listening(assistant, topic),
        await listening(teacher, topic),
        await listening(student, topic),
      ];
      await teacher.school.removeStaff({ params });
      await streamed(await stateOf(session.exam_session_id));
      expect([gone, kept, own].map((socket) => socket.received().length)).toEqual([0, 1, 1]);
      await teacher.school.putStaff({ params, body: { role: 'assistant' } });
      const [again] = await gone.subscribe(topic);
      expect(again).toMatchObject({ type: 'subscribed', topic });
    },
  );

  test('tells each answer once, numbered without a gap, to who takes it and who teaches it', async () => {
    const { topic, student, teacher, session, answer, exam_session_id } = await running();
    const sockets = [await listening(student, topic), await listening(teacher, topic)];
    await streamed(await stateOf(session.exam_session_id));
    await answer();
    await answer();
    for (const socket of sockets)
      expect(socket.received().map(({ seq, type }) => [seq, type])).toEqual([
        [1, 'exam.progress'],
        [2, 'exam.progress'],
        [3, 'exam.progress'],
      ]);
    const state = await stateOf(exam_session_id);
    const [own, staff] = sockets.map((socket) => socket.received().at(-1)?.['data']);
    expect(staff).toMatchObject({ answered: 2, theta: state.theta, standard_error: state.se, max_items: 6 });
    expect(own).toMatchObject({ answered: 2, theta: null, standard_error: null });
  });

  test('on the class’s topic is heard by its staff, and by no other student', async () => {
    const { topic, student, other, teacher, class_id, answer } = await running();
    const [staff, own, classmate] = [
      await listening(teacher, `class:${class_id}`),
      await listening(student, `class:${class_id}`),
      await listening(other, `class:${class_id}`),
    ];
    await answer();
    for (const socket of [staff, own])
      expect(socket.received()).toMatchObject([{ topic: `class:${class_id}`, source: topic, seq: 2 }]);
    expect(classmate.received()).toEqual([]);
    expect(JSON.stringify(own.received())).not.toContain(String((await stateOf(topic.slice(5))).theta));
  });

  test('sends who comes late, or comes back, its newest state', async () => {
    const { topic, teacher, answer } = await running();
    await answer();
    await answer();
    const { said } = await listening(teacher, topic, 0);
    expect(said).toMatchObject([
      { type: 'subscribed', first_seq: 3, last_seq: 3 },
      { type: 'exam.progress', seq: 3, data: { answered: 2 } },
    ]);
    const current = await listening(teacher, topic, 3);
    expect(current.said).toHaveLength(1);
  });

  test('says with each pong how far it is, so that a lost last event is noticed', async () => {
    const { topic, student, answer } = await running();
    const socket = await listening(student, topic);
    await answer();
    expect(await socket.say({ action: 'ping' })).toEqual([{ type: 'pong', last_seq: { [topic]: 2 } }]);
  });

  test('is on the class’s snapshot while it runs and for an hour after', async () => {
    const { topic, student, other, teacher, class_id, exam_session_id, ...exam } = await running();
    const snapshot = async (who: Person) => (await listening(who, `class:${class_id}`)).said[0]?.['snapshot'];
    expect(await snapshot(teacher)).toMatchObject([
      { source: topic, kind: 'exam', status: 'in_progress', seq: 1, owner_id: student.user_id },
    ]);
    expect(await snapshot(other)).toEqual([]);
    await take({ ...exam, student, teacher, class_id }, student, exam_session_id);
    expect(await snapshot(teacher)).toMatchObject([{ source: topic, status: 'completed', answered: 6 }]);
  });
});

describe('the topic of a test', () => {
  test('is for who takes it, their guardians and their staff', async () => {
    const { topic, student, other, teacher } = await running();
    const guardian = await school.person('guardian');
    await teacher.school.linkGuardian({
      body: { guardian_id: guardian.user_id, student_id: student.user_id },
    });
    const outcome = async (who: Person) => (await listening(who, topic)).said[0]?.['type'];
    for (const who of [student, guardian, teacher, await school.person('org_admin')])
      expect(await outcome(who)).toBe('subscribed');
    const strangers = [other, await school.person('teacher'), await school.person('guardian')];
    for (const who of strangers) expect(await outcome(who)).toBe('error');
  });
});
