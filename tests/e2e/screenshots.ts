/**
 * Takes the README's pictures of the console from the real platform, with a training that really ran and programs
 * that were really graded: node tests/e2e/screenshots.ts
 */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { assignmentOperations } from '#shared/contracts/assignments.ts';
import { authContract } from '#shared/contracts/auth.ts';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { createClient } from '#shared/http/client.ts';
import { startPlatform } from '#tests/support/platform.ts';
import { launchChromium, openTab, settled, signIn } from './chromium.ts';
import { type Classroom, openClassroom } from './classroom.ts';
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
    as: () => 'teacher@school.example',
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
  await signIn(student.page, 'mina', password);
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
  await takeGrading(browser);
  await takeTrainings(browser);
} finally {
  await browser.close();
}
