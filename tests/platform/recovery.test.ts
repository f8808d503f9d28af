import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { allEvents, follow, signIn, signUp, smallConfig } from '#tests/support/person.ts';
import { adminEmail, adminPassword, type Platform, startPlatform } from '#tests/support/platform.ts';
import { processesOf, trainersOf } from '#tests/support/processes.ts';
import { scratch } from '#tests/support/scratch.ts';

const data = join(scratch('recovery'), 'data');
/** What the test before has left running, to be killed again; a start costs some seconds of CPU. */
let running: Platform | undefined;
afterAll(() => running?.stop());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('killed in the middle of a training, the platform leaves no process, and the next start goes on', async () => {
  const before = await startPlatform({ data });
  const student = await signUp(before.origin);
  const { session_id } = await student.training.start({ body: { ...smallConfig, max_steps: 20_480 } });
  const watched = follow(student, session_id);
  await watched.until(({ type }) => type === 'training.evaluated');
  await before.kill();
  watched[Symbol.dispose]();
  await sleep(1000);
  expect(trainersOf(before)).toEqual([]);
  expect(processesOf('dynoxide', data)).toEqual([]);

  const after = await startPlatform({ data, port: Number(new URL(before.origin).port) });
  running = after;
  using again = follow(student, session_id);
  await again.ended();
  const session = await student.training.get({ params: { session_id } });
  expect(session).toMatchObject({ status: 'completed', attempt: 2 });
  const events = await allEvents(student, session_id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const told = events
    .filter(({ type }) => type === 'training.metrics')
    .map(({ data }) => ('step' in data ? data.step : 0));
  expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
  expect(after.tookMs).toBeGreaterThan(0);
});

test('what was acknowledged before a kill is there after it', async () => {
  const acknowledged: string[] = [];
  running ??= await startPlatform({ data });
  let platform = running;
  for (let round = 0; round < 3; round++) {
    const admin = await signIn(platform.origin, { email: adminEmail, password: adminPassword });
    let stop = false;
    const writer = async (): Promise<void> => {
      while (!stop) {
        const made = await admin.school
          .createOrganization({ body: { name: `한빛 ${round}`, type: 'academy' } })
          .catch(() => undefined);
        if (made) acknowledged.push(made.org_id);
      }
    };
    const writers = [writer(), writer(), writer()];
    // under way, however slow the machine is
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(12 * (round + 1));
    await platform.kill();
    running = undefined;
    stop = true;
    await Promise.all(writers);
    platform = await startPlatform({ data });
    running = platform;
  }
  const admin = await signIn(platform.origin, { email: adminEmail, password: adminPassword });
  const found = await Promise.all(
    acknowledged.map((org_id) =>
      admin.school.getOrganization({ params: { org_id } }).then(
        () => true,
        () => false,
      ),
    ),
  );
  expect(acknowledged.length).toBeGreaterThan(30);
  expect(found.filter((there) => !there)).toEqual([]);
});
