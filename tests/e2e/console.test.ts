import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab, watchErrors } from './chromium.ts';

const minutes = 60_000;
const password = 'giraffes eat tall leaves';

/** `Return up to step 4,096: now 24, …`: what the chart tells those who cannot see it. */
const stepsDrawn = async (page: Page): Promise<number> => {
  const label = await page.getByRole('img', { name: /^Return up to step/ }).getAttribute('aria-label');
  return Number(/up to step ([\d,]+)/.exec(label ?? '')?.[1]?.replaceAll(',', ''));
};

describeInBrowser('the console', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let admin: Tab;
  let student: Tab;
  let code = '';

  withSharedPlatform(async (started, launched) => {
    platform = started;
    browser = launched;
    admin = await openTab(browser, platform.origin);
    student = await openTab(browser, platform.origin);
  });
  oneAfterAnother(() => ({ admin, student }));

  it('loads less than 150 KB, compressed, before somebody signs in', { timeout: minutes }, async () => {
    const { page } = await openTab(browser, platform.origin);
    const files: Promise<Buffer>[] = [];
    page.on('response', (response) => {
      if (/\.(js|css)$|\/$/.test(new URL(response.url()).pathname)) files.push(response.body());
    });
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const sizes = (await Promise.all(files)).map((body) => gzipSync(body).length);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
    await page.context().close();
  });

  it('lets an administrator make a teacher and a class', { timeout: minutes }, async () => {
    const { page } = admin;
    await signIn(page, platform.adminEmail, platform.adminPassword);
    await page.getByRole('link', { name: 'People' }).first().click();
    await page.getByRole('button', { name: 'New person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ada Lovelace');
    await dialog.getByLabel('Signs in as').fill('ada@school.example');
    await dialog.getByLabel('Role').selectOption('teacher');
    await dialog.getByRole('button', { name: 'Create person' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Edit Ada Lovelace' }).waitFor();

    await page.getByRole('link', { name: 'Classes' }).first().click();
    await page.getByRole('button', { name: 'New class' }).first().click();
    await dialog.getByLabel('Class', { exact: true }).fill('서울 10B');
    await page.getByRole('button', { name: 'Choose Ada Lovelace' }).click();
    await dialog.getByRole('button', { name: 'New class' }).click();
    await page.getByRole('heading', { name: '서울 10B' }).waitFor();
  });

  it('shows the code of a new student once, to hand out', { timeout: minutes }, async () => {
    const { page } = admin;
    await page.getByRole('button', { name: 'New student' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('김민아');
    await dialog.getByLabel('Signs in as').fill('mina');
    await page.getByRole('button', { name: 'Create student' }).click();
    code = (await dialog.getByLabel('One-time code', { exact: true }).textContent()) ?? '';
    expect(code).not.toBe('');
    expect(await dialog.getByLabel('Address', { exact: true }).textContent()).toBe(platform.origin);
    await page.getByRole('button', { name: 'One more student' }).click();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.getByRole('table', { name: 'Students' }).getByText('김민아').waitFor();
    expect(await page.getByText(code).count()).toBe(0);
  });

  it('lets the student set a password with the code and sign in', { timeout: minutes }, async () => {
    const { page } = student;
    await page.goto('/');
    await page.getByRole('button', { name: 'I have a one-time code' }).click();
    await page.getByLabel('One-time code').fill(code);
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Your password is set.').waitFor();
    await signInHere(page);
    await page.getByRole('heading', { name: 'Hello, 김민아' }).waitFor();
    await page.getByText('서울 10B').waitFor();
    expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
  });

  const signInHere = async (page: Page) => {
    await page.getByLabel('E-mail or username').fill('mina');
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
  };

  it('says at the field what is wrong, and keeps what was typed', { timeout: minutes }, async () => {
    const { page } = student;
    await page.goto('/trainings/new');
    await page.getByText('Advanced settings').click();
    await page.getByLabel('batch_size').fill('60');
    await page.getByLabel('Name').fill('My first agent');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page
      .getByText(/multiple of 8/i)
      .last()
      .waitFor();
    expect(await page.getByLabel('batch_size').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Name').inputValue()).toBe('My first agent');
  });

  it('draws a training while it runs, with its evaluations and its best episode', {
    timeout: 3 * minutes,
  }, async () => {
    const { page } = student;
    await page.getByLabel('batch_size').fill('64');
    await page.getByLabel('Steps', { exact: true }).fill('4096');
    await page.getByLabel('eval_frequency').fill('2048');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('heading', { name: 'My first agent' }).waitFor();
    await page.getByText('Completed', { exact: true }).waitFor({ timeout: 2 * minutes });
    await page.getByRole('img', { name: /^Return up to step 4,096/ }).waitFor();
    await page.getByText('Step 4,096').first().waitFor();
    await page.getByRole('button', { name: 'Play the episode' }).click();
    await expect
      .poll(async () => Number(await page.getByLabel('Position in the episode').inputValue()))
      .toBeGreaterThan(3);

    await page.locator('summary', { hasText: 'NumbersReturn' }).click();
    const table = page.getByRole('region', { name: 'Numbers of the curve: Return' });
    await expect.poll(() => table.locator('tbody tr').count()).toBe(2);
  });

  it('goes on with the curve after a reload', { timeout: 3 * minutes }, async () => {
    const { page } = student;
    await page.goto('/trainings/new');
    await page.getByLabel('Steps', { exact: true }).fill('400000');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('button', { name: 'Cancel training' }).waitFor();
    await page.getByRole('img', { name: /^Return up to step/ }).waitFor({ timeout: minutes });
    const before = await stepsDrawn(page);
    await page.reload();
    await page.getByRole('img', { name: /^Return up to step/ }).waitFor();
    expect(await stepsDrawn(page)).toBeGreaterThanOrEqual(before);
    await expect.poll(() => stepsDrawn(page), { timeout: minutes }).toBeGreaterThan(before + 4096);
  });

  it('says that the network is gone, and catches up when it is back', { timeout: 2 * minutes }, async () => {
    const { page } = student;
    const before = await stepsDrawn(page);
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.context().setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
    await expect.poll(() => stepsDrawn(page), { timeout: minutes }).toBeGreaterThan(before + 2048);
  });

  it('cancels a training after asking', { timeout: minutes }, async () => {
    const { page } = student;
    await page.getByRole('button', { name: 'Cancel training' }).click();
    await page.getByRole('button', { name: 'No, keep it' }).click();
    expect(await page.getByText('Running', { exact: true }).count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Cancel training' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel training' }).click();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
  });

  it('signs out in every tab at once, and shows the next person nothing of the last', {
    timeout: minutes,
  }, async () => {
    const second = await student.page.context().newPage();
    const errors = watchErrors(second);
    await second.goto('/account');
    await settled(second);
    await second.locator('main').getByRole('button', { name: 'Sign out' }).click();
    await second.getByRole('heading', { name: 'Sign in' }).waitFor();
    await student.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(student.page.url()).pathname).toBe('/');
    await student.page.reload();
    await student.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('explains why an organisation with people cannot be deleted', { timeout: minutes }, async () => {
    const { page } = admin;
    await page.goto('/organizations');
    await page
      .getByRole('row', { name: /Lyceum Demo School/ })
      .getByRole('button', { name: /^Delete/ })
      .click();
    await page
      .getByRole('dialog')
      .getByText(/cannot be deleted/)
      .waitFor();
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('had no error in its tabs, nor a breach of its content security policy', () => {
    expect([...admin.errors, ...student.errors]).toEqual([]);
  });
});
