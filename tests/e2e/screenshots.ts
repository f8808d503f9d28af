/**
 * Takes the README's pictures of the console from the real platform, with a training that really ran:
 * node tests/e2e/screenshots.ts
 */
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startPlatform } from '#tests/support/platform.ts';
import { launchChromium, openTab, settled, signIn } from './chromium.ts';
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

await using platform = await startPlatform();
const browser = await launchChromium();
try {
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
} finally {
  await browser.close();
}
