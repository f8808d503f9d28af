/**
 * Takes the README's pictures of the console from the real platform, with a training that really ran and programs
 * that were really graded: node tests/e2e/screenshots.ts, or one part of them: node tests/e2e/screenshots.ts takeTests
 */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import * as z from 'zod';
import { assignmentOperations } from '#shared/contracts/assignments.ts';
import { authContract } from '#shared/contracts/auth.ts';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { createClient } from '#shared/http/client.ts';
import { startPlatform } from '#tests/support/platform.ts';
import { launchChromium, openTab, settled, signIn } from './chromium.ts';
import { type Classroom, openClassroom } from './classroom.ts';
import { person } from './test-room.ts';
import { furnish, password, train, type World } from './world.ts';

const folder = join(import.meta.dirname, '../../functions/console/screenshots');

interface Picture {
  readonly name: string;
  readonly path: (world: World) => string;
  readonly as: (world: World) => string;
  readonly options: BrowserContextOptions;
  readonly before?: (page: Page) => Promise<void>;
}

const curves = async (page: Page) => page.locator('.uplot canvas').nth(3).waitFor();

const pictures: readonly Picture[] = [
  {
    name: 'training',
    path: ({ session_id }) => `/trainings/${session_id}`,
    as: ({ username }) => username,
    options: { viewport: { width: 1280, height: 1000 } },
    before: async (page) => {
      await curves(page);
      await page.getByLabel('Position in the episode').fill('170');
      await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
    },
  },
  {
    name: 'class-dark',
    path: ({ class_id }) => `/classes/${class_id}/trainings`,
    as: ({ teacher }) => teacher,
    options: { viewport: { width: 1280, height: 760 }, colorScheme: 'dark' },
  },
  {
    name: 'phone-ko',
    path: ({ session_id }) => `/trainings/${session_id}`,
    as: ({ username }) => username,
    options: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 },
    before: async (page) => {
      await page.goto('/account');
      await page.locator('main').getByRole('radio', { name: '한국어' }).check();
      await page.getByRole('heading', { name: '내 계정' }).waitFor();
      await page.goBack();
      await curves(page);
    },
  },
];

/** Who else is in the class, and what they have tried. */
const classmates = [
  { name: '박준호', username: 'junho', run: '짧게 한 번', max_steps: 8192 },
  { name: 'Olivia Brown', username: 'olivia', run: 'Twice as long', max_steps: 16_384 },
  { name: '최지우', username: 'jiwoo', run: '세 번째 시도', max_steps: 24_576 },
  { name: 'Noah Fischer', username: 'noah', run: 'First try', max_steps: 12_288 },
];

async function take(browser: Browser, origin: string, world: World, picture: Picture): Promise<void> {
  const { page } = await openTab(browser, origin, picture.options);
  await signIn(page, picture.as(world), password);
  await page.goto(picture.path(world));
  await settled(page);
  await picture.before?.(page);
  await page.screenshot({ path: join(folder, `${picture.name}.png`) });
  await page.context().close();
}

const program = (formula: string): string => `name = input()
price = int(input())
pieces = int(input())

print(f"{name} x {pieces} = {${formula}} won")
`;

/** A student's program with its verdicts, and the whole class on its teacher's board. */
async function takeGrading(browser: Browser): Promise<void> {
  await using platform = await startPlatform();
  const room = await openClassroom(platform);
  const { exercise_id, assignment_id } = await assign(platform.origin, room);
  const [first, ...others] = room.pupils;
  if (!first) throw new Error('a class has students');
  for (const [index, pupil] of others.entries()) {
    await pupil.handIn(exercise_id, assignment_id, program('price + pieces'));
    if (index > 0) await pupil.handIn(exercise_id, assignment_id, program('price * pieces'));
  }
  const student = await openTab(browser, platform.origin, { viewport: { width: 1280, height: 1240 } });
  await signIn(student.page, room.usernames.mina, password);
  await student.page.goto(`/assignments/${assignment_id}`);
  await student.page.getByRole('textbox', { name: /^Your program in/ }).click();
  await student.page.keyboard.press('Control+a');
  await student.page.keyboard.insertText(program('price + pieces'));
  await student.page.getByRole('button', { name: /^Hand in/ }).click();
  await student.page.locator('.verdict-head .verdict-title strong').waitFor();
  await shoot(student.page, 'exercise');

  const teacher = await openTab(browser, platform.origin, { viewport: { width: 1280, height: 760 } });
  await signIn(teacher.page, room.teacher, password);
  await teacher.page.goto(`/assignments/${assignment_id}`);
  await settled(teacher.page);
  await shoot(teacher.page, 'board');
}

/** The teacher gives the class an exercise that every school starts with. */
async function assign(origin: string, { class_id, teacher }: Classroom) {
  const { access_token } = await createClient(authContract, { origin }).login({
    body: { email: teacher, password },
  });
  const options = { origin, token: () => access_token };
  const { items } = await createClient(exerciseOperations, options).listExercises({ query: { limit: 100 } });
  const exercise = items.find(({ title }) => title === 'A receipt for the snack stand');
  if (!exercise) throw new Error('the demo school has no exercises');
  const { exercise_id } = exercise;
  const due_at = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const { assignment_id } = await createClient(assignmentOperations, options).createAssignment({
    body: { class_id, exercise_id, due_at },
  });
  return { exercise_id, assignment_id };
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.context().close();
}

/** How many questions each pupil has answered when the picture is taken, and how many in a row before a wrong one. */
const sittings = [
  { username: 'mina', answers: 11, run: 5 },
  { username: 'junho', answers: 9, run: 2 },
  { username: 'olivia', answers: 13, run: 3 },
  { username: 'jiwoo', answers: 4, run: 1 },
] as const;

/** An adaptive test of the starting items: its simulation, a question on a phone, the class that takes it. */
async function takeTests(browser: Browser): Promise<void> {
  await using platform = await startPlatform();
  const { origin } = platform;
  const room = await openClassroom(platform);
  const teacher = await person(origin, { email: room.teacher });
  const { items: banks } = await teacher.banks.listItemBanks({ query: { q: 'Python basics' } });
  const bank_id = banks[0]?.bank_id ?? '';
  const { plan_id } = await teacher.plans.createExamPlan({
    body: {
      name: 'Where do we stand?',
      exam_type: 'placement',
      bank_id,
      class_ids: [room.class_id],
      config: { stop: { max_items: 20, se: 0.4, time_limit_s: 1800 }, exposure: { r_max: 0.4 } },
    },
  });
  await teacher.plans.simulateExamPlan({ params: { plan_id }, body: { simulees: 1000 } });
  await teacher.plans.releaseExamPlan({ params: { plan_id }, body: {} });
  const plan = await openTab(browser, origin, { viewport: { width: 1280, height: 1240 } });
  await signIn(plan.page, room.teacher, password, `/exam-plans/${plan_id}`);
  await settled(plan.page);
  await shoot(plan.page, 'simulation');

  const { content } = await teacher.banks.exportItems({ params: { bank_id }, query: { format: 'json' } });
  const { items } = exported.parse(JSON.parse(content));
  const keys = new Map(items.map(({ item_id, key }) => [item_id, key]));
  let session = '';
  for (const sitting of sittings) {
    const begun = await answerSome(origin, {
      class_id: room.class_id,
      plan_id,
      keys,
      ...sitting,
      username: room.usernames[sitting.username],
    });
    if (session === '') session = begun;
  }
  const phone = await openTab(browser, origin, {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 1.5,
  });
  await signIn(phone.page, room.usernames.mina, password, `/tests/${session}`);
  await settled(phone.page);
  await shoot(phone.page, 'question-phone');
  const live = await openTab(browser, origin, {
    viewport: { width: 1280, height: 620 },
    colorScheme: 'dark',
  });
  await signIn(live.page, room.teacher, password, `/classes/${room.class_id}/live`);
  await settled(live.page);
  await shoot(live.page, 'live-dark');
}

/** What an export says of an item, and what of its key answers it rightly. */
const keyed = z.object({
  item_id: z.string(),
  key: z.union([
    z.number(),
    z.array(z.number()),
    z.object({ value: z.number() }).transform(({ value }) => value),
    z.object({ accepted: z.array(z.string()) }).transform(({ accepted }) => accepted[0] ?? ''),
  ]),
});
const exported = z.object({ items: z.array(keyed) });
type Right = z.output<typeof keyed>['key'];

interface Sitting {
  readonly class_id: string;
  readonly plan_id: string;
  readonly keys: ReadonlyMap<string, Right>;
  readonly username: string;
  readonly answers: number;
  readonly run: number;
}

async function answerSome(
  origin: string,
  { class_id, plan_id, keys, username, answers, run }: Sitting,
): Promise<string> {
  const { sessions } = await person(origin, { username });
  const { exam_session_id } = await sessions.startExamSession({
    body: { class_id, exam_type: 'placement', plan_id },
  });
  let { item } = await sessions.nextExamItem({ params: { exam_session_id } });
  for (let n = 0; n < answers && item; n++) {
    const { item_id } = item;
    const right = keys.get(item_id) ?? 0;
    const wrong = typeof right === 'number' ? right ^ 1 : Array.isArray(right) ? [0] : 'x';
    const answer = n % (run + 1) === run ? wrong : right;
    ({ next_item: item } = await sessions.createAttempt({ body: { exam_session_id, item_id, answer } }));
  }
  return exam_session_id;
}

async function takeTrainings(browser: Browser): Promise<void> {
  await using platform = await startPlatform();
  const world = await furnish(platform, { max_steps: 100_000, eval_frequency: 10_000 });
  for (const { name, username, run, max_steps } of classmates) {
    await world.enrol(name, username);
    await train(platform.origin, username, {
      name: run,
      class_id: world.class_id,
      max_steps,
      eval_frequency: 4096,
    });
  }
  for (const picture of pictures) await take(browser, platform.origin, world, picture);
}

const browser = await launchChromium();
try {
  const asked = process.argv[2];
  for (const [name, take] of Object.entries({ takeGrading, takeTests, takeTrainings }))
    if (asked === undefined || asked === name) await take(browser);
} finally {
  await browser.close();
}
