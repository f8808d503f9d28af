import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Platform, startPlatform } from '#tests/support/platform.ts';
import { describeInBrowser } from './browser.ts';
import { launchChromium, openTab, settled, signIn, type Tab } from './chromium.ts';
import { furnish, password, type World } from './world.ts';

const minutes = 60_000;

const studentPages = ({ session_id }: World) => [
  '/',
  '/trainings',
  '/trainings/new',
  `/trainings/${session_id}`,
  '/account',
];
const teacherPages = ({ class_id, session_id }: World) => [
  '/',
  `/classes/${class_id}`,
  `/trainings/${session_id}`,
];
const guardianPages = ({ session_id }: World) => ['/', `/trainings/${session_id}`];
const adminPages = ({ class_id, student_id }: World) => [
  '/',
  '/users',
  '/organizations',
  '/failed',
  '/classes',
  `/classes/${class_id}`,
  `/classes/${class_id}/staff`,
  `/classes/${class_id}/trainings`,
  `/students/${student_id}`,
  '/nothing-here',
];

describeInBrowser('the console is for everybody', () => {
  let platform: Platform;
  let browser: Browser;
  let world: World;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startPlatform(), launchChromium()]);
    world = await furnish(platform);
  }, 4 * minutes);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, minutes);

  const as = async (name: string, options = {}): Promise<Tab> => {
    const tab = await openTab(browser, platform.origin, options);
    await signIn(tab.page, name, password);
    return tab;
  };
  const asStudent = (options = {}): Promise<Tab> => as(world.username, options);
  const asAdmin = async (options = {}): Promise<Tab> => {
    const tab = await openTab(browser, platform.origin, options);
    await signIn(tab.page, platform.adminEmail, platform.adminPassword);
    return tab;
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`passes axe before signing in, ${colorScheme}`, { timeout: minutes }, async () => {
      const { page } = await openTab(browser, platform.origin, { colorScheme });
      await page.goto('/');
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Type your password.').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'I have a one-time code' }).click();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Create a student account' }).click();
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    });

    it(`passes axe on every page of a student, ${colorScheme}`, { timeout: 3 * minutes }, async () => {
      const { page } = await asStudent({ colorScheme });
      for (const path of studentPages(world)) {
        await page.goto(path);
        await settled(page);
        await openAll(page);
        expect(await violations(page), path).toEqual([]);
      }
      await page.context().close();
    });

    it(`passes axe for a teacher and a guardian, ${colorScheme}`, { timeout: 3 * minutes }, async () => {
      const people = { 'teacher@school.example': teacherPages(world), jiyoung: guardianPages(world) };
      for (const [name, paths] of Object.entries(people)) {
        const { page } = await as(name, { colorScheme });
        for (const path of paths) {
          await page.goto(path);
          await settled(page);
          expect(await violations(page), `${name} ${path}`).toEqual([]);
        }
        await page.context().close();
      }
    });

    it(`passes axe on every page of an administrator, ${colorScheme}`, { timeout: 3 * minutes }, async () => {
      const { page } = await asAdmin({ colorScheme });
      for (const path of adminPages(world)) {
        await page.goto(path);
        await settled(page);
        expect(await violations(page), path).toEqual([]);
      }
      await page.goto('/users?new=1');
      await page.getByRole('dialog').waitFor();
      expect(await violations(page), 'dialog').toEqual([]);
      await page.context().close();
    });
  }

  it('passes axe on a phone, with the menu open', { timeout: 2 * minutes }, async () => {
    const { page } = await asAdmin({ viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: /account and settings/ }).click();
    expect(await violations(page)).toEqual([]);
    await page.goto('/users');
    await settled(page);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('needs no sideways scrolling at 320 pixels', { timeout: 3 * minutes }, async () => {
    const viewport = { width: 320, height: 640 };
    const tabs = [
      { tab: await asStudent({ viewport }), paths: studentPages(world) },
      { tab: await asAdmin({ viewport }), paths: adminPages(world) },
    ];
    for (const { tab, paths } of tabs) {
      for (const path of paths) {
        await tab.page.goto(path);
        await settled(tab.page);
        expect(await tab.page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(
          320,
        );
      }
      await tab.page.context().close();
    }
  });

  it('signs in and starts a training by keyboard alone', { timeout: 2 * minutes }, async () => {
    const { page } = await openTab(browser, platform.origin);
    const press = async (key: string, times = 1) => {
      for (let count = 0; count < times; count += 1) await page.keyboard.press(key);
    };
    await page.goto('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.keyboard.type(world.username);
    await press('Tab');
    await page.keyboard.type(password);
    await press('Enter');
    await page.getByRole('heading', { name: /^Hello/ }).waitFor();

    await press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await press('Enter');
    await tabTo(page, 'Start training');
    await press('Enter');
    await page.getByRole('heading', { name: 'New training' }).waitFor();
    await tabTo(page, 'Steps');
    await press('Control+a');
    await page.keyboard.type('2048');
    await tabTo(page, 'Start training');
    await press('Enter');
    await page.waitForURL(/\/trainings\/[0-9a-f-]{36}/);
    await page.context().close();
  });

  it('speaks Korean without leftovers of English', { timeout: 3 * minutes }, async () => {
    const student = await asStudent({ locale: 'ko-KR' });
    await speakKorean(student.page);
    for (const path of studentPages(world)) {
      await student.page.goto(path);
      await settled(student.page);
      await openAll(student.page);
      expect(await englishWords(student.page), path).toEqual([]);
    }
    await student.page.context().close();

    const admin = await asAdmin();
    await speakKorean(admin.page);
    for (const path of adminPages(world)) {
      await admin.page.goto(path);
      await settled(admin.page);
      expect(await englishWords(admin.page), path).toEqual([]);
    }
    expect(admin.errors).toEqual([]);
  });
});

/** The language is kept with the account before anybody leaves the page. */
async function speakKorean(page: Page): Promise<void> {
  await page.goto('/account');
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await page.locator('main').getByRole('radio', { name: '한국어' }).check();
  await page.getByRole('heading', { name: '내 계정' }).waitFor();
  await saved;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run(document)');
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const openAll = (page: Page) =>
  page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');

const focused = (page: Page) =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    return (element.labels?.[0]?.textContent ?? element.textContent ?? '').trim();
  })()`);

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`The keyboard never reaches "${name}".`);
}

/** Names, addresses, and the words that papers and libraries use in every language. */
const international =
  /Lyceum|Demo School|English|Administrator|CartPole(-v1)?|PPO|KL|ID|school|academy|district|jiyoung|seoyeon|demo\.\w+|Amara Okafor|Lucas Moreau|Nguyễn Thị Lan|Sofía García|Programming 10|Computer science|Python|JavaScript|TypeScript|[\w.]+@[\w.-]+|[A-Z0-9]{4}-[A-Z0-9]{4}|\b\w+_\w+\b|\b(seed|gamma)\b/g;

/** What a Korean reader would see or hear in Latin letters. */
async function englishWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const seen = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      if (walker.currentNode.parentElement.tagName !== 'NOSCRIPT') seen.push(walker.currentNode.textContent);
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder']) seen.push(element.getAttribute(name) ?? '');
    return seen;
  })()`);
  return texts.filter((text) => /[A-Za-z]{3,}/.test(text.replaceAll(international, '')));
}
