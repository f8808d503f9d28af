import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, keepPictures, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, signIn, type Tab } from './chromium.ts';
import { type Classroom, openClassroom } from './classroom.ts';
import { englishWords, flaws, speakKorean, violations } from './everybody.ts';
import { password } from './world.ts';

const minutes = 60_000;

/** As Excel saves it in Korea; 똠 is in the newer half of the code page. */
const korean = (): Buffer => {
  const ascii = (text: string) => Buffer.from(text, 'latin1');
  const mina = Buffer.of(0xb1, 0xe8, 0xb9, 0xce, 0xbe, 0xc6);
  return Buffer.concat([
    ascii('name,username,grade\r\n'),
    mina,
    Buffer.of(0x8c, 0x63),
    ascii(',ttom,10\r\n=SUM(1),formula,10\r\n'),
    mina,
    ascii(',,10\r\n'),
  ]);
};

describeInBrowser('a roster', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let teacher: Tab;
  let room: Classroom;

  withSharedPlatform(async (started, launched) => {
    [platform, browser] = [started, launched];
    room = await openClassroom(platform);
    teacher = await openTab(browser, platform.origin);
    await signIn(teacher.page, room.teacher, password);
  });
  oneAfterAnother(() => ({ teacher }));

  /** In light, in dark and on a phone, as the page stands. */
  const stands = async (page: Page): Promise<string[]> => {
    const found = await violations(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...(await violations(page, ['color-contrast'])));
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 320, height: 640 });
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    await page.setViewportSize({ width: 1280, height: 800 });
    return width > 320 ? [...found, `${width} pixels wide on a phone`] : found;
  };
  const picture = (name: string) => keepPictures({ [`roster-${name}`]: teacher });

  it('has pages for everybody', { timeout: 2 * minutes }, async () => {
    for (const page of ['import', 'cards'])
      expect(await flaws(teacher.page, `/classes/${room.class_id}/${page}`)).toEqual([]);
    expect(await flaws(teacher.page, '/classes/import')).toEqual([]);
  });

  it('shows what a file in the Korean code page will do, and writes nothing', {
    timeout: minutes,
  }, async () => {
    const { page } = teacher;
    await page.goto(`/classes/${room.class_id}`);
    await page.getByRole('link', { name: 'Import a file' }).click();
    await page.getByLabel('File').setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: korean() });
    await page.getByText('list.csv is read as CP949.').waitFor();
    await picture('form');
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    const rows = page.getByRole('table').getByRole('row');
    expect(await rows.nth(1).textContent()).toMatch(/김민아똠[\s\S]*New account/);
    expect(await rows.nth(3).textContent()).toMatch(/Username: is missing/);
    expect(await stands(page)).toEqual([]);
    await picture('preview');
    await page.setViewportSize({ width: 320, height: 640 });
    await picture('preview-phone');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('is imported, with a card for each new student and a report that no spreadsheet runs', {
    timeout: minutes,
  }, async () => {
    const { page } = teacher;
    await page.getByRole('button', { name: 'Import 2 students' }).press('Enter');
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    expect(await page.getByRole('list', { name: 'Login cards' }).getByRole('listitem').count()).toBe(2);
    expect(await stands(page)).toEqual([]);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the report' }).click();
    const report = await readFile(await (await downloading).path(), 'utf8');
    expect(report).toContain("'=SUM(1),formula,");
    await picture('done');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { name: 'What happened' }).isVisible()).toBe(false);
    expect(await page.getByText('김민아똠').last().isVisible()).toBe(true);
    await picture('print');
    await page.emulateMedia({ media: null });
  });

  it('lets a new student in with the card alone', { timeout: minutes }, async () => {
    const card = teacher.page.getByRole('list', { name: 'Login cards' }).getByRole('listitem').first();
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await card.textContent()) ?? '')?.[0] ?? '';
    const { page } = await openTab(browser, platform.origin);
    await page.goto('/');
    await page.getByRole('button', { name: 'I have a one-time code' }).click();
    await page.getByLabel('One-time code').fill(code);
    await page.getByLabel('New password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.locator('input[name=email]').waitFor();
    await signIn(page, 'ttom', password);
    await page.context().close();
  });

  it('pasted a second time changes nothing', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('button', { name: 'Import another list' }).click();
    await page.getByLabel('Or paste the rows').fill('name\tusername\n김민아똠\tttom\n');
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByText(/There is nothing to import/).waitFor();
    await page.getByRole('button', { name: 'Change the list' }).click();
    await page.getByLabel('Or paste the rows').fill('first,last\na,b\n');
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page
      .getByText(/first line names the columns/i)
      .last()
      .waitFor();
  });

  it('of a school makes the classes that it names', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto('/classes');
    await page.getByRole('link', { name: 'Import a roster' }).click();
    await page.getByLabel('Or paste the rows').fill('이름;아이디;반\n가나;gana;10-1\n다라;dara;10-2\n');
    await page.getByLabel('Create classes that do not exist yet').check();
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByText('New classes: 10-1, 10-2').waitFor();
    await page.getByRole('button', { name: 'Import 2 students' }).click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.goto('/classes');
    await page.getByRole('link', { name: '10-2' }).waitFor();
  });

  it('gets new codes for the whole class, on cards, and for one student', { timeout: minutes }, async () => {
    const { page, errors } = teacher;
    await page.goto(`/classes/${room.class_id}/cards`);
    await page.getByLabel('All students').check();
    await page.getByRole('button', { name: 'Issue codes' }).click();
    await page.getByText('6 codes are issued.').waitFor();
    expect(await stands(page)).toEqual([]);
    await picture('cards');
    const paper = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    expect(paper.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
    await page.goto(`/classes/${room.class_id}`);
    await page.getByRole('button', { name: 'Issue a one-time code for 김민아똠' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Issue a one-time code' }).click();
    await page.getByRole('heading', { name: 'Hand this out' }).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await picture('class');
    expect(errors).toEqual([]);
  });

  it('speaks Korean', { timeout: minutes }, async () => {
    const { page } = teacher;
    await speakKorean(page);
    const names = /Emmy Noether|name,username,email,grade,class|mina|CSV|UTF/g;
    for (const path of ['/classes/import', `/classes/${room.class_id}/cards`])
      expect(await englishWords(page, path, names), path).toEqual([]);
  });
});
