import '#tests/support/quiet.ts';
import { afterAll, expect, test } from 'vitest';
import { adminKeyId, localSecret, startGateway } from '#infra/local/gateway.ts';
import { jsonReply } from '#infra/local/services/aws/call.ts';
import { workers } from '#shared/jobs/job.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { aSchool } from '#tests/support/school.ts';

/** An ECS with one service, and what it was told to do. */
const place = { region: 'eu-west-1', account: '000000000000' };
const gateway = await startGateway({ ...place, principals: new Map() });
const told: unknown[] = [];
let desiredCount = 0;
gateway.register('ecs', {
  protocol: 'json',
  requires: () => [{ action: 'ecs:any', resource: '*' }],
  handle: async (call) => {
    if (call.target === 'DescribeServices') return jsonReply({ services: [{ desiredCount }], failures: [] });
    told.push(await call.json());
    return jsonReply({});
  },
});
Object.assign(process.env, {
  AWS_REGION: place.region,
  AWS_ACCESS_KEY_ID: adminKeyId,
  AWS_SECRET_ACCESS_KEY: localSecret,
  AWS_ENDPOINT_URL_ECS: gateway.url,
});
const school = await aSchool();
const { table, org_id } = school;
afterAll(() => gateway.close());

const cluster = 'arn:aws:ecs:eu-west-1:000000000000:cluster/school';

test('opening an exercise asks for a grader where none is there, once in a while', async () => {
  const student = await school.person('student');
  const { exercise_id } = await anExercise(table, { org_id, by: student.user_id, practice: true });
  const open = () => student.code.getExercise({ params: { exercise_id } });
  const worker = { queue: 'grading', worker_id: 'g', job_id: null, off_reason: null } as const;
  const seen = (seen_at: Date) =>
    table.write(
      table.put(workers, {
        ...worker,
        seen_at: seen_at.toISOString(),
        expires_at: Math.floor(Date.now() / 1000) + 300,
      }),
    );
  await seen(new Date());
  await open();
  expect(told).toEqual([]);
  await seen(new Date(Date.now() - 60_000));
  await open();
  await open();
  await student.code.execute({ body: { code: 'print(1)' } });
  expect(told).toEqual([{ cluster, service: 'grader', desiredCount: 1 }]);
});

test('tasks that are on their way already are not reduced to one', async () => {
  const { graderService } = await import('#functions/code/graders.ts');
  desiredCount = 3;
  const before = told.length;
  await graderService(cluster, 'grader', () => new Date())();
  expect(told).toHaveLength(before);
});
