/** A socket shows of a job what a GET of the same thing shows: to nobody more, and to nobody less. */
import '#tests/support/quiet.ts';
import { expect, test } from 'vitest';
import { socketsOfASchool } from '#tests/integration/realtime/sockets.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import type { Person } from '#tests/support/school.ts';
import { aBank } from '#tests/support/testing.ts';

const { school, jobs, open } = await socketsOfASchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student, classmate] = students;
if (!student || !classmate) throw new Error('the class has students');
const admin = await school.person('org_admin');
const elsewhere = await school.organization();
const assistant = await school.person('assistant');
await teacher.school.putStaff({
  params: { class_id, user_id: assistant.user_id },
  body: { role: 'assistant' },
});
const guardian = await school.person('guardian');
await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id: student.user_id } });

const people: Readonly<Record<string, Person>> = {
  student,
  classmate,
  guardian,
  teacher,
  assistant,
  admin,
  'platform admin': await school.person('platform_admin'),
  'another guardian': await school.person('guardian'),
  'another teacher': await school.person('teacher'),
  'another assistant': await school.person('assistant'),
  'admin elsewhere': await school.person('org_admin', { org_id: elsewhere }),
  'teacher elsewhere': await school.person('teacher', { org_id: elsewhere }),
};

const exercise = await anExercise(table, { org_id, by: teacher.user_id, practice: true });
const { exercise_id } = exercise;
const assignment = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
const { assignment_id } = assignment;
const submission = await handedIn(table, { exercise, student, assignment });
await handedIn(table, { exercise, student: classmate, assignment });
const practised = await handedIn(table, { exercise, student });
const { execution_id } = await student.code.execute({ body: { code: 'print(1)' } });
const drafted = await anExercise(table, { org_id, by: teacher.user_id, state: 'draft' });
const draft = { params: { exercise_id: drafted.exercise_id } };
const certified = (await teacher.code.certifyExercise(draft)).certification?.job_id ?? '';
const regrade = await teacher.code.createRegrade({ body: { exercise_id, assignment_id } });
const whole = await admin.code.createRegrade({ body: { exercise_id } });
const compared = (await teacher.code.startSimilarity({ params: { assignment_id } })).job_id ?? '';
const bank = await aBank(school, { org_id, by: teacher.user_id, items: 1 });
const { calibration_id } = await teacher.testing.createCalibration({ body: { bank_id: bank.bank_id } });
const training = await jobs.create({ owner_id: student.user_id, org_id, class_id });

interface Watched {
  readonly what: string;
  readonly job_id: string;
  readonly get: (who: Person) => Promise<unknown>;
  readonly seenBy: readonly string[];
}
const ofTheStudent = ['student', 'guardian', 'teacher', 'assistant', 'admin', 'platform admin'];
const graders = ['teacher', 'admin', 'platform admin'];
const watched: readonly Watched[] = [
  {
    what: 'a scratch run',
    job_id: execution_id,
    get: (who) => who.code.getExecution({ params: { execution_id } }),
    seenBy: ['student'],
  },
  ...[submission, practised].map(({ submission_id, assignment_id: of }) => ({
    what: of === null ? 'a submission for practice' : 'a submission',
    job_id: submission_id,
    get: (who: Person) => who.code.getSubmission({ params: { submission_id } }),
    seenBy: ofTheStudent,
  })),
  {
    what: 'a certification',
    job_id: certified,
    get: async (who) => {
      const { certification } = await who.code.getExercise(draft);
      if (certification === null) throw new Error('students do not see it');
    },
    seenBy: ['teacher', 'assistant', 'admin', 'platform admin', 'another teacher', 'another assistant'],
  },
  ...[regrade, whole].map(({ regrade_id, job_id, assignment_id: of }) => ({
    what: of === null ? 'a regrade of a whole exercise' : 'a regrade',
    job_id,
    get: (who: Person) => who.code.getRegrade({ params: { regrade_id } }),
    seenBy: of === null ? ['admin', 'platform admin'] : graders,
  })),
  {
    what: 'a comparison',
    job_id: compared,
    get: (who) => who.code.getSimilarity({ params: { assignment_id } }),
    seenBy: graders,
  },
  {
    what: 'a calibration',
    job_id: calibration_id,
    get: (who) => who.testing.getCalibration({ params: { calibration_id } }),
    seenBy: ['teacher', 'assistant', 'admin', 'platform admin', 'another teacher', 'another assistant'],
  },
  {
    what: 'a training',
    job_id: training.job_id,
    get: (who) => who.training.status({ params: { session_id: training.job_id } }),
    seenBy: ofTheStudent,
  },
];

test.each(watched)('$what is followed by who may read it', async ({ job_id, get, seenBy }) => {
  const reading: string[] = [];
  const following: string[] = [];
  for (const [name, who] of Object.entries(people)) {
    if (
      await get(who).then(
        () => true,
        () => false,
      )
    )
      reading.push(name);
    const [answer] = await (await open(who)).subscribe(`job:${job_id}`);
    if (answer?.['type'] === 'subscribed') following.push(name);
    else expect(answer).toMatchObject({ type: 'error', error_code: 'topic.not_found' });
  }
  expect(reading.toSorted()).toEqual(seenBy.toSorted());
  expect(following).toEqual(reading);
});
