import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Platform } from '#tests/support/platform.ts';
import { describeInBrowser, withPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { englishWords, flaws, speakKorean, violations } from './everybody.ts';
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

  withPlatform(async (started, launched) => {
    platform = started;
    browser = launched;
    world = await furnish(platform);
  });

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

  it('passes axe before signing in', { timeout: minutes }, async () => {
    const { page } = await openTab(browser, platform.origin);
    await page.goto('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Type your password.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have a one-time code' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create a student account' }).click();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  const readers: readonly (readonly [string, () => Promise<Tab>, (world: World) => readonly string[]])[] = [
    ['a student', () => asStudent(), studentPages],
    ['a teacher', () => as(world.teacher), teacherPages],
    ['a guardian', () => as(world.guardian), guardianPages],
    ['an administrator', () => asAdmin(), adminPages],
  ];
  for (const [who, enter, pagesOf] of readers)
    it(`has a place for ${who} on every page, in light, in dark and on a phone`, {
      timeout: 3 * minutes,
    }, async () => {
      const { page } = await enter();
      for (const path of pagesOf(world)) expect(await flaws(page, path), path).toEqual([]);
      await page.context().close();
    });

  it('passes axe with a dialog open', { timeout: minutes }, async () => {
    const { page } = await asAdmin();
    await page.goto('/users?new=1');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('passes axe on a phone, with the menu open', { timeout: 2 * minutes }, async () => {
    const { page } = await asAdmin({ viewport: { width: 360, height: 740 } });
    await page.getByRole('button', { name: /account and settings/ }).click();
    expect(await violations(page)).toEqual([]);
    await page.goto('/users');
    await settled(page);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
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
    for (const path of studentPages(world))
      expect(await englishWords(student.page, path, names), path).toEqual([]);
    await student.page.context().close();

    const admin = await asAdmin();
    await speakKorean(admin.page);
    for (const path of adminPages(world))
      expect(await englishWords(admin.page, path, names), path).toEqual([]);
    expect(admin.errors).toEqual([]);
  });
});

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

/** People, their things, and the words that papers and libraries use in every language. */
const names =
  /CartPole(-v1)?|school|academy|district|jiyoung|seoyeon|demo\.\w+|Amara Okafor|Lucas Moreau|Nguyễn Thị Lan|Sofía García|Programming 10|Computer science|DQN|SAC|CSV|safetensors|TensorFlow\.js|\b(seed|gamma|engine|activation|tanh|relu|fast|reference|auto)\b/g;
