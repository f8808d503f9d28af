import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { codeContract } from '#shared/contracts/code.ts';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { submissionOperations } from '#shared/contracts/submissions.ts';
import { createClient } from '#shared/http/client.ts';
import { RealtimeClient } from '#shared/realtime/client.ts';
import { type Person, signUp } from '#tests/support/person.ts';
import { startPlatform } from '#tests/support/platform.ts';
import { benchmark as engine } from './grading-engine.ts';
import { type Figure, quantile } from './measure.ts';

const runs = 40;
const students = 30;
const classWithinMs = 5_000;

/** Five tests, as the throughput of the engine is measured. */
const programs = {
  python: { code: 'n = int(input())\nprint(n * n)\n', limit_ms: 150 },
  javascript: {
    code: "const n = +require('fs').readFileSync(0, 'utf8');\nconsole.log(n * n);\n",
    limit_ms: 100,
  },
} as const;
const test_cases = [2, 3, 5, 7, 11].map((n) => ({
  name: `the square of ${n}`,
  input: `${n}\n`,
  expected_output: `${n * n}\n`,
}));

/** The engine by itself, then the whole way from POST to the verdict on the socket. */
export async function benchmark(): Promise<Figure[]> {
  const figures = await engine();
  await using platform = await startPlatform();
  for (const language of ['python', 'javascript'] as const) {
    const { code, limit_ms } = programs[language];
    // two take turns: one alone would go beyond the school's 30 runs a minute
    const pair = [await student(platform.origin), await student(platform.origin)] as const;
    const times: number[] = [];
    for (let run = 0; run < runs + 5; run++) {
      const one = pair[run % 2 === 0 ? 0 : 1];
      const started = performance.now();
      const { execution_id } = await one.code.execute({ body: { code, language, test_cases } });
      await one.ended(execution_id);
      // the first runs meet a grader that has just started
      if (run >= 5) times.push(performance.now() - started);
      await sleep(500);
    }
    for (const one of pair) one.leave();
    figures.push({
      name: `POST to verdict on the socket, ${language}, p50`,
      value: Math.round(quantile(times, 0.5)),
      unit: 'ms',
      target: limit_ms,
    });
    figures.push({
      name: `POST to verdict on the socket, ${language}, p95`,
      value: Math.round(quantile(times, 0.95)),
      unit: 'ms',
    });
  }
  figures.push(await aClass(platform.origin));
  return figures;
}

/** Thirty students hand in within five seconds; how long after the first the last has a verdict. */
async function aClass(origin: string): Promise<Figure> {
  const people = [];
  for (let index = 0; index < students; index++) people.push(await student(origin));
  const [first] = people;
  if (!first) throw new Error('a class has students');
  const { items } = await first.exercises.listExercises({ query: { language: 'python', limit: 1 } });
  const [exercise] = items;
  if (!exercise) throw new Error('the demo school has exercises');
  const params = { exercise_id: exercise.exercise_id };
  const { starter_code } = await first.exercises.getExercise({ params, query: {} });
  const submission_code = `${starter_code}\n# an attempt\n`;
  const started = performance.now();
  await Promise.all(
    people.map(async (person, index) => {
      await sleep((index / students) * classWithinMs);
      const { submission_id } = await person.submissions.submit({ params, body: { submission_code } });
      await person.ended(submission_id);
    }),
  );
  const took = (performance.now() - started) / 1000;
  for (const person of people) person.leave();
  return { name: 'a class of 30 within 5 s: the last verdict after', value: took, unit: 's', target: 10 };
}

const ends = ['success', 'error', 'timeout', 'graded', 'manual_review'];

async function student(origin: string) {
  const person: Person = await signUp(origin);
  const options = { origin, token: () => person.token };
  const socket = new RealtimeClient({
    ticket: () => person.realtime.createTicket({ body: {} }),
    WebSocket,
  });
  return {
    code: createClient(codeContract, options),
    exercises: createClient(exerciseOperations, options),
    submissions: createClient(submissionOperations, options),
    ended: (id: string): Promise<void> =>
      new Promise((resolve) => {
        const topic = `job:${id}` as const;
        socket.subscribe(topic, {
          after_seq: 0,
          onEvent: ({ type, data }) => {
            if (type === 'job.status' && ends.includes(String(data['status']))) resolve();
          },
        });
      }),
    leave: () => socket.close(),
  };
}
