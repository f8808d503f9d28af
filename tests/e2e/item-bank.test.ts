import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, keepPictures, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { type Classroom, openClassroom } from './classroom.ts';
import { englishWords, flaws, speakKorean } from './everybody.ts';
import { password } from './world.ts';

const minutes = 60_000;
/** Pages of a busy machine take their time. */
const within = { timeout: 20_000 };

/** A right row, a changed one, one without a key; a cell that a spreadsheet would run. */
const file = `external_id,kind,body,option_1,option_2,key,model,a,b,status,module
x-1,choice,"What is \`1 + 1\`?",2,3,1,2PL,1.2,-0.5,live,Numbers
x-2,multi,"=Which are even?",2,4,1;2,,,,draft,Numbers
x-3,choice,"Which one has no key?",a,b,,,,,draft,Letters
`;

describeInBrowser('an item bank', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let teacher: Tab;
  let room: Classroom;
  let bank: string;

  withSharedPlatform(async (started, launched) => {
    [platform, browser] = [started, launched];
    room = await openClassroom(platform);
    teacher = await openTab(browser, platform.origin);
    await signIn(teacher.page, room.teacher, password);
  });
  oneAfterAnother(() => ({ teacher }));

  const picture = (name: string) => keepPictures({ [`bank-${name}`]: teacher });
  const pathOf = (address: string) => new URL(address).pathname;

  it('is made by a teacher', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto('/item-banks');
    await page.getByRole('button', { name: 'New bank' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('수와 논리');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '수와 논리' }).waitFor();
    await page.getByText('This bank has no items yet').waitFor();
    bank = pathOf(page.url());
  });

  it('takes an item that its author sees as students will, answers, and sees as curves', {
    timeout: minutes,
  }, async () => {
    const { page } = teacher;
    await page.getByRole('link', { name: 'New item' }).click();
    await page.getByRole('heading', { name: 'New item' }).waitFor();
    await page.getByRole('button', { name: 'Create item' }).click();
    await page.getByText('Fill this in.').first().waitFor();
    await page.getByLabel('Text', { exact: true }).fill('What is $\\frac{1}{2} + \\frac{1}{4}$? Not `0.6`.');
    for (const [letter, text] of Object.entries({
      A: '$\\frac{2}{6}$',
      B: '$\\frac{3}{4}$',
      C: '1',
      D: '0.6',
    }))
      await page.getByLabel(`Option ${letter}`, { exact: true }).fill(text);
    await page.getByLabel('Option B is right').check();
    const preview = page.getByRole('region', { name: 'As students see it' });
    await preview.locator('math mfrac').first().waitFor();
    await preview.locator('code', { hasText: '0.6' }).waitFor();
    await preview.getByRole('radio').nth(0).check();
    await preview.getByText('This answer is wrong.').waitFor();
    await preview.getByRole('radio').nth(1).check();
    await preview.getByText('This answer is right.').waitFor();

    await page.getByLabel('Model').selectOption('3PL');
    await page.getByLabel('Difficulty b').fill('0.5');
    const curve = page.getByRole('img', { name: 'Response curve: Probability by Ability θ' });
    const before = await curve.locator('path').first().getAttribute('d');
    await page.getByLabel('Difficulty b').fill('-1.5');
    await expect.poll(() => curve.locator('path').first().getAttribute('d'), within).not.toBe(before);
    await page.getByLabel('Difficulty b').fill('twice');
    await page.getByRole('button', { name: 'Create item' }).click();
    expect(await page.getByLabel('Difficulty b').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Difficulty b').fill('-1.5');
    await page.getByLabel('Status').selectOption('live');
    await page.getByRole('button', { name: 'Create item' }).click();
    await page.locator('.page-head').getByText('Revision 1').waitFor();
    await picture('editor');
  });

  it('keeps what an item was before it was changed', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByLabel('Explanation').fill('Two quarters and one.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved as revision 2.').waitFor();
    await page.getByText('Earlier revisions').click();
    await page.getByText('Changed: explanation').waitFor();
    expect(await flaws(page, pathOf(page.url()))).toEqual([]);
  });

  it('imports a file after a look at what it will do, and leaves out what is wrong', {
    timeout: minutes,
  }, async () => {
    const { page } = teacher;
    await page.goto(bank);
    await page.getByRole('link', { name: 'Import' }).click();
    await page.getByLabel('Or paste it').fill(file);
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    await page.getByText(/^key: /).waitFor();
    await picture('import');
    await page.getByRole('button', { name: 'Import 2 items' }).click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.getByRole('button', { name: 'Import another file' }).click();
    await page.getByLabel('Or paste it').fill(file);
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByText(/There is nothing to import/).waitFor();
  });

  it('finds items by their status, their module and their text', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto(bank);
    const rows = page.getByRole('table', { name: 'Items' }).getByRole('row');
    await expect.poll(() => rows.count(), within).toBe(4);
    await page.getByLabel('Status').selectOption('live');
    await expect.poll(() => rows.count(), within).toBe(3);
    await page.getByRole('searchbox', { name: 'Find in the text' }).fill('1 + 1');
    await expect.poll(() => rows.count(), within).toBe(2);
    await page.getByRole('searchbox', { name: 'Find in the text' }).fill('zebra');
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => rows.count(), within).toBe(4);
    await page.getByLabel('Order').selectOption('-b');
    await expect.poll(() => rows.nth(1).textContent(), within).toMatch(/1 \+ 1/);
  });

  it('is published as a version, and exported as a file that no spreadsheet runs', {
    timeout: minutes,
  }, async () => {
    const { page } = teacher;
    await page.goto(bank);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByLabel('What has changed').fill('First items');
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 1 is published: 2 live, 0 pilot.').waitFor();
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('cell', { name: 'First items' }).waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    const exported = await readFile(await (await downloading).path(), 'utf8');
    expect(exported).toContain("'=Which are even?");
  });

  it('has pages for everybody, in Korean too', { timeout: 3 * minutes }, async () => {
    const { page, errors } = teacher;
    const pages = ['', '/versions', '/import', '/items/new', '/analysis', '/calibrations'];
    for (const path of pages) expect(await flaws(page, `${bank}${path}`), path).toEqual([]);
    expect(await flaws(page, '/item-banks')).toEqual([]);
    await speakKorean(page);
    for (const path of pages.filter((one) => one !== ''))
      expect(
        await englishWords(
          page,
          `${bank}${path}`,
          /Emmy Noether|First items|CSV|\b(kind|choice|multi|numeric|text|body|key|explanation|model|status|subject|grade|module|tags)\b/g,
        ),
        path,
      ).toEqual([]);
    await page.goto(bank);
    await settled(page);
    await picture('ko');
    expect(errors).toEqual([]);
  });

  it('is nothing for students', { timeout: minutes }, async () => {
    const student = await openTab(browser, platform.origin);
    await signIn(student.page, room.usernames.mina, password);
    expect(await student.page.getByRole('link', { name: 'Item banks' }).count()).toBe(0);
    await student.page.goto(bank);
    await student.page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await student.page.context().close();
  });
});
