import '#tests/support/quiet.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { verdictsAfter } from '#functions/console/pages/exercises/live-verdicts.ts';
import { engineOf } from '#functions/tasks/grader/engine.ts';
import { type CodeVerdicts, codeVerdicts } from '#shared/contracts/code.ts';
import type { EventRecord } from '#shared/realtime/event.ts';
import { openSandbox } from '#tests/integration/sandbox/world.ts';
import { startBackground } from '#tests/support/background.ts';
import { certified, type ExerciseBody } from '#tests/support/exercises.ts';
import { eventsOf, startGrader, startRinging, until } from '#tests/support/grader.ts';
import { graderProcesses } from '#tests/support/grader-process.ts';
import { aSchool } from '#tests/support/school.ts';
import { aSubmission } from '#tests/support/submissions.ts';

const background = await startBackground();
const school = await aSchool();
const { table } = school;
const reaper = await import('#functions/schedules/reaper/handler.ts');
const processes = await graderProcesses();
const sandbox = await openSandbox({ reuse: true });
const ringing = startRinging(table);
afterAll(async () => {
  await ringing.stop();
  await processes.stop();
  await sandbox.close();
  await background.stop();
});

/** Whoever gets the number 9 takes so long that what was before is told by then. */
const slow =
  'import time\nn = int(input())\nprint(n * n)\nsince = time.time()\nwhile n == 9 and time.time() - since < 2: pass\n';
const limits = { cpu_ms: 10_000 };

const body: ExerciseBody = {
  title: 'Squares',
  topic: 'Loops',
  estimated_completion_time_min: 5,
  problem_description: 'Print the square of n.',
  solution_code: slow,
  limits,
  tests: [
    { kind: 'stdio', name: 'two', stdin: '2\n', expected: '4\n' },
    {
      kind: 'stdio',
      name: 'sekret name',
      stdin: '112233\n',
      expected: '12596246288\n',
      visibility: 'hidden',
    },
    { kind: 'stdio', name: 'nine', stdin: '9\n', expected: '81\n' },
  ],
};

const [teacher, mina] = [await school.person('teacher'), await school.person('student')];
const { exercise_id } = await teacher.code.createExercise({ body });
await certified(table, exercise_id);
await teacher.code.publishExercise({ params: { exercise_id } });

const handIn = async (code: string): Promise<string> => {
  const exercise = { exercise_id, title: body.title, org_id: school.org_id };
  const options = { student: mina, exercise, code, state: 'pending' } as const;
  return (await aSubmission(table, options)).submission_id;
};
const isVerdicts = ({ event_type }: EventRecord): boolean => event_type === 'code.verdicts';
const verdictsIn = (told: readonly EventRecord[]): CodeVerdicts[] =>
  told.filter(isVerdicts).map(({ data }) => codeVerdicts.parse(data));
const typesOf = (told: readonly EventRecord[]) => told.map(({ event_type }) => event_type);
const toldUntil = (id: string, holds: (told: readonly EventRecord[]) => boolean) =>
  until(() => eventsOf(table, id), holds);
const isOver = (told: readonly EventRecord[]): boolean => typesOf(told).includes('code.result');

/** What the console shows after each event, as the socket carries them. */
const shownAfter = (told: readonly EventRecord[]): (CodeVerdicts | undefined)[] => {
  let shown: CodeVerdicts | undefined;
  return told.map(({ event_type: type, data }) => {
    shown = verdictsAfter(shown, { type, data });
    return shown;
  });
};

describe('while a submission is graded', () => {
  test('its first verdicts are told before the last test is over, and nothing of a hidden one but its verdict', async () => {
    const grader = startGrader(table, engineOf(sandbox));
    const told = await toldUntil(await handIn(slow), isOver);
    await grader.end();
    expect(typesOf(told)).toEqual([
      'job.status',
      'job.status',
      'code.verdicts',
      ...typesOf(told.filter(isVerdicts).slice(1)),
      'code.result',
      'job.status',
    ]);
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, at) => at + 1));
    expect(verdictsIn(told).at(-1)).toEqual({
      attempt: 1,
      verdicts: ['pass', 'wrong_answer', null],
      hidden: [1],
    });
    expect(told.at(-2)?.data).toMatchObject({ verdicts: ['pass', 'wrong_answer', 'pass'] });
    for (const secret of ['sekret', '112233', '12596246288', '12596246289'])
      expect(JSON.stringify(told)).not.toContain(secret);
    for (const one of told) {
      expect(one.owner_id).toBe(mina.user_id);
      expect(Buffer.byteLength(JSON.stringify(one.data))).toBeLessThan(4_096);
      // the class hears of results, not of every test
      if (isVerdicts(one)) expect(one.fan_in).toEqual([]);
    }
  });

  test('that cannot be compiled, no test is told to have come to anything else', async () => {
    const grader = startGrader(table, engineOf(sandbox));
    const told = await toldUntil(await handIn('print("open"\n'), isOver);
    await grader.end();
    expect(told.at(-2)?.data).toMatchObject({ verdicts: Array(3).fill('compile_error') });
    const others = verdictsIn(told).flatMap(({ verdicts }) => verdicts.filter((one) => one !== null));
    expect(others.every((one) => one === 'compile_error')).toBe(true);
  });

  test('by a grader that is killed, the next one begins from the first test, and nothing stale is shown', async () => {
    const first = processes.start();
    const id = await handIn(slow);
    await toldUntil(id, (told) => told.some(isVerdicts));
    first.task.kill('SIGKILL');
    await first.ended;
    await reaper.handler({
      'detail-type': 'ECS Task State Change',
      detail: { taskArn: first.worker, lastStatus: 'STOPPED' },
    });
    const second = processes.start();
    const told = await toldUntil(id, isOver);
    second.task.kill('SIGTERM');
    await second.ended;

    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, at) => at + 1));
    const attempts = verdictsIn(told).map(({ attempt }) => attempt);
    expect(new Set(attempts)).toEqual(new Set([1, 2]));
    expect(attempts).toEqual(attempts.toSorted());
    expect(typesOf(told).filter((type) => type === 'code.result')).toHaveLength(1);
    const shown = shownAfter(told);
    const died = told.findIndex(({ data }, at) => at > 1 && data['status'] === 'pending');
    expect(shown[died - 1]).toMatchObject({ attempt: 1 });
    expect(shown[died]).toBeUndefined();
    for (const one of shown.slice(died)) expect(one?.attempt ?? 2).toBe(2);
  });
});

describe('while a scratch run goes through its tests', () => {
  const test_cases = [
    { name: 'two', input: '2\n', expected_output: '5' },
    { name: 'expects nothing', input: '3\n' },
    { kind: 'stdio' as const, name: 'nine', stdin: '9\n', expected: '81', limits },
  ];

  test('the verdicts are those of its result', async () => {
    const grader = startGrader(table, engineOf(sandbox));
    const { execution_id } = await mina.code.execute({ body: { code: slow, test_cases } });
    const told = await toldUntil(execution_id, isOver);
    await grader.end();
    expect(verdictsIn(told).at(-1)?.verdicts).toEqual(['wrong_answer', 'pass', null]);
    expect(told.at(-2)?.data).toMatchObject({ verdicts: ['wrong_answer', 'pass', 'pass'] });
  });

  test('and is stopped, nothing is told after that', async () => {
    const grader = startGrader(table, engineOf(sandbox));
    const { execution_id } = await mina.code.execute({
      body: { code: slow.replace('< 2', '< 9'), test_cases },
    });
    await toldUntil(execution_id, (told) => told.some(isVerdicts));
    await mina.code.cancelExecution({ params: { execution_id } });
    await grader.end();
    const told = await eventsOf(table, execution_id);
    expect(told.at(-1)?.data['status']).toBe('cancelled');
    expect(isOver(told)).toBe(false);
  });
});

describe('a checker that is a program', () => {
  test('gives its test a verdict after those of the others', async () => {
    const settled: [number, string][] = [];
    const custom = { kind: 'custom', language: 'python', code: 'def check(i, o, e): return o == e' } as const;
    const given = { kind: 'stdio', weight: 1, visibility: 'public', limits: null, seed: null } as const;
    const outcomes = await engineOf(sandbox).grade(
      { language: 'python', code: 'print(int(input()) * 2)' },
      [
        { ...given, id: 'a', name: 'a', stdin: '1', expected: '2\n', checker: custom },
        { ...given, id: 'b', name: 'b', stdin: '2', expected: '4\n', checker: { kind: 'lines' } },
        { ...given, id: 'c', name: 'c', stdin: 'x', expected: '', checker: custom },
        { ...given, id: 'd', name: 'd', stdin: '3', expected: '7\n', checker: custom },
      ],
      { onOutcome: ({ test: at, outcome }) => settled.push([at, outcome.verdict]) },
    );
    expect(settled).toEqual([
      [1, 'pass'],
      [2, 'runtime_error'],
      [0, 'pass'],
      [3, 'wrong_answer'],
    ]);
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'runtime_error', 'wrong_answer']);
  });
});
