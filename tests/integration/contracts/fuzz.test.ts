import fc from 'fast-check';
import { expect, test } from 'vitest';
import { domains } from '#shared/contracts/index.ts';
import { type Operation, roles } from '#shared/contracts/operation.ts';
import { errorResponse } from '#shared/contracts/shapes.ts';
import { openApi } from '#shared/http/openapi.ts';
import { checkpoints } from '#shared/jobs/training-records.ts';
import { completedCalibration } from '#tests/support/calibrations.ts';
import { aPlan } from '#tests/support/exams.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { handedIn } from '#tests/support/handed-in.ts';
import { balancing } from '#tests/support/policies.ts';
import { aQuiz } from '#tests/support/quizzes.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank } from '#tests/support/testing.ts';
import { type FuzzRequest, operations, requests } from './requests.ts';

/** Eight of each operation on average; `npm run test:fuzz` asks for ten thousand. */
const count = Number(process.env['LYCEUM_FUZZ_REQUESTS'] ?? 8 * operations.size);
const seed = Number(process.env['LYCEUM_FUZZ_SEED'] ?? 20_261_120);

const school = await aSchool();
const { class_id, teacher, students } = await school.withClass({ students: 2 });
const callers = [...(await Promise.all(roles.map((role) => school.person(role)))), teacher];
const started = await teacher.training.start({
  body: { algorithm: 'ppo', environment: 'CartPole-v1', class_id },
});
const { session_id } = started;
const swept = await teacher.training.startSweep({
  body: {
    config: { algorithm: 'ppo', environment: 'CartPole-v1', class_id },
    search: { method: 'grid', space: { gamma: [0.9] } },
  },
});
const kept = { step: 1000, reasons: ['saved' as const], size_bytes: 1, mean_reward: null };
const [at, expires_at] = [new Date().toISOString(), Math.floor(Date.now() / 1000) + 86_400];
await school.table.write(school.table.put(checkpoints, { job_id: session_id, ...kept, at, expires_at }));
const exercise = await anExercise(school.table, {
  org_id: school.org_id,
  by: teacher.user_id,
  practice: true,
});
const { exercise_id } = exercise;
const assignment = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
const { assignment_id } = assignment;
const handed = await Promise.all(
  students.map((student) => handedIn(school.table, { exercise, student, assignment })),
);
const { regrade_id } = await teacher.code.createRegrade({ body: { exercise_id, assignment_id } });
const uploaded = students[0]?.policies.uploadPolicy({ body: balancing() });
const upload_id = (await uploaded)?.upload_id ?? '';
const board = { params: { environment: 'CartPole-v1' }, body: { upload_id } };
const entered = await students[0]?.policies.enter(board);
const { quiz_id } = await aQuiz(teacher, class_id, { max_attempts: null });
const taken = await students[0]?.assessment.startQuizAttempt({ params: { quiz_id } });
const bank = await aBank(school, { org_id: school.org_id, by: teacher.user_id, items: 4 });
const plan = await aPlan(school, {
  org_id: school.org_id,
  by: teacher.user_id,
  class_ids: [class_id],
  bank_id: bank.bank_id,
  config: { stop: { max_items: 4 } },
});
const { plan_id } = plan;
const { exam_session_id = '' } =
  (await students[0]?.testing.startExamSession({ body: { class_id, plan_id } })) ?? {};
// nobody here is a caller: a request that disables or renames one of them must not end the run
const known = {
  class_id: [class_id],
  org_id: [school.org_id, await school.organization()],
  session_id: [session_id, exam_session_id],
  sweep_id: [swept.sweep_id],
  step: [String(kept.step)],
  exercise_id: [exercise_id],
  assignment_id: [assignment_id],
  submission_id: handed.map(({ submission_id }) => submission_id),
  regrade_id: [regrade_id],
  upload_id: [upload_id],
  entry_id: [entered?.entry_id ?? ''],
  bank_id: [bank.bank_id],
  item_id: bank.items.map(({ item_id }) => item_id),
  calibration_id: [await completedCalibration(school, teacher, bank)],
  quiz_id: [quiz_id],
  attempt_id: [taken?.attempt_id ?? '', `${exam_session_id}-0`],
  plan_id: [plan_id],
  section_id: [plan_id],
  exam_session_id: [exam_session_id],
  environment: ['CartPole-v1', 'Pendulum-v1'],
  other: [...students, ...(await school.several(2, 'teacher')), await school.person('guardian')].map(
    ({ user_id }) => user_id,
  ),
};

const { paths } = openApi(domains, { title: 'Lyceum', version: '1' }) as {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, unknown> }>>;
};
const operationOf = ({ name }: FuzzRequest): Operation => {
  const operation = operations.get(name);
  if (!operation) throw new Error(`no operation ${name}`);
  return operation;
};
const declared = ({ path, method }: Operation): number[] =>
  Object.keys(paths[path]?.[method.toLowerCase()]?.responses ?? {}).map(Number);

async function ask({ method, path, query, headers, body, caller }: FuzzRequest) {
  const token = callers[caller]?.token;
  const response = await school.fetch(`${school.origin}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    length: text.length,
  };
}

/** What of a reply is not as declared. */
function faultOf(request: FuzzRequest, reply: Awaited<ReturnType<typeof ask>>): string | undefined {
  const operation = operationOf(request);
  if (reply.status >= 500) return 'an error of ours';
  if (reply.status < 300) {
    if (reply.status !== operation.status) return 'another status than declared';
    return operation.response.safeParse(reply.body).error && 'a body that is not declared';
  }
  const error = errorResponse.strict().safeParse(reply.body);
  if (!error.success) return 'an error in another shape';
  if (reply.length > 12_000) return 'an error that goes on and on';
  // a path that is none of ours names no operation
  if (error.data.error_code.startsWith('route.')) return undefined;
  return declared(operation).includes(reply.status) ? undefined : 'an undeclared error';
}

test(
  `${count} requests, fitting and hostile, are answered as the contracts say, and none with 5xx`,
  async () => {
    const answers = new Map<number, number>();
    const reached = new Set<string>();
    const faults = new Map<string, object>();
    for (const request of fc.sample(
      requests(
        known,
        callers.map(({ role }) => role),
      ),
      { numRuns: count, seed },
    )) {
      const before = performance.now();
      const reply = await ask(request);
      const elapsed = performance.now() - before;
      answers.set(reply.status, (answers.get(reply.status) ?? 0) + 1);
      if (reply.status < 300) reached.add(request.name);
      const fault = faultOf(request, reply) ?? (elapsed > 10_000 ? 'too slow' : undefined);
      const title = `${request.name} ${reply.status}: ${fault}`;
      if (fault !== undefined && !faults.has(title)) faults.set(title, { request, reply: reply.body });
    }
    for (const [title, { ...example }] of faults)
      console.error(title, JSON.stringify(example).slice(0, 1500));
    const shown = [...answers].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`);
    console.info(
      `${count} fuzzed requests: ${shown.join(', ')}; ${reached.size} of ${operations.size} operations succeeded`,
    );
    expect([...faults.keys()]).toEqual([]);
    // the campaign gets through to the use-cases, and is refused in every way
    expect([...answers.keys()]).toEqual(expect.arrayContaining([200, 201, 401, 403, 404, 422]));
    expect(reached.size).toBeGreaterThan(operations.size / 3);
  },
  60_000 + count * 100,
);
