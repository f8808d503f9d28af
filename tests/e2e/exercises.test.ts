import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, type Tab } from './chromium.ts';
import { flaws, speakKorean, violations } from './everybody.ts';

const minutes = 60_000;

const beginning = 'name = input()\nprice = int(input())\npieces = int(input())\n';
const right = `${beginning}\nprint(f"{name} x {pieces} = {price * pieces} won")\n`;
const wrong = right.replace('price * pieces', 'price + pieces');
const slow = `${beginning}while True:\n    price += 1\n`;
const crashing = `${beginning}\nprint(name + price)\n`;
/** Takes its time at hidden tests, longer than a lost connection needs to come back. */
const slowWhereHidden = `import time

first, second, third = input(), input(), input()
since = time.time()
while third in ("bat", "pen", "lunch box", "징") and time.time() - since < 1:
    pass
print(third, first, second, sep="\\n")
`;

describeInBrowser('a student solves an exercise', () => {
  let student: Tab;
  let page: Page;

  withSharedPlatform(async (platform, browser) => {
    student = await openTab(browser, platform.origin);
    page = student.page;
  });
  oneAfterAnother(() => ({ student }));

  const editor = () => page.getByRole('textbox', { name: /^Your program in/ });
  const typed = () => editor().textContent();
  const write = async (code: string) => {
    await editor().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(code);
  };
  const handIn = async () => {
    await page.getByRole('button', { name: /^Hand in/ }).click();
    await page.locator('.verdict-head .verdict-title strong').waitFor();
  };
  const row = (test: string) => page.locator('.verdicts > li', { hasText: test });

  it('finds what is due first, and an exercise by its name', { timeout: minutes }, async () => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Student', exact: true }).click();
    await page.getByText('Due next').waitFor();
    await page.getByRole('link', { name: 'Exercises' }).first().click();
    await settled(page);
    const due = page.locator('.due-section');
    expect(await due.getByRole('link').count()).toBeGreaterThan(0);
    await page.getByRole('searchbox', { name: 'Find an exercise' }).fill('lockers');
    await page.getByText('1 exercise', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Find an exercise' }).fill('');
    await page.getByRole('combobox', { name: 'Topic' }).selectOption('recursion');
    await page.getByText(/^\d exercises$/).waitFor();
    await due.getByRole('link', { name: /A receipt for the snack stand/ }).click();
    await page.getByRole('heading', { name: 'A receipt for the snack stand' }).waitFor();
    await editor().waitFor();
  });

  it('opens hints one at a time', { timeout: minutes }, async () => {
    await page.getByRole('button', { name: 'Show a hint' }).click();
    expect(await page.locator('.hints li').count()).toBe(1);
    await page.getByRole('button', { name: /^Show the next hint/ }).click();
    expect(await page.locator('.hints li').count()).toBe(2);
  });

  it('shows a wrong answer beside the expected one, with the first difference', {
    timeout: minutes,
  }, async () => {
    await write(wrong);
    await handIn();
    const first = row('Three rice cakes');
    await first.getByText('Wrong answer').waitFor();
    await first.getByText('Line 1 differs from position 17 on.').waitFor();
    expect(await first.locator('.wanted mark').textContent()).toBe('4500 won');
    expect(await first.locator('.given mark').textContent()).toBe('1503 won');
  });

  it('says of hidden tests no more than their verdict', () =>
    expect.poll(() => row('Hidden test').first().locator('details, pre').count()).toBe(0));

  it('explains why a program was too slow', { timeout: minutes }, async () => {
    await write(slow);
    await handIn();
    await row('Three rice cakes').getByText('Too slow').waitFor();
    await row('Three rice cakes').getByText('The program ran longer than it may.').waitFor();
  });

  it('explains an error at its line and marks it in the program until that changes', {
    timeout: minutes,
  }, async () => {
    await write(crashing);
    await handIn();
    const first = row('Three rice cakes');
    await first.getByText(/^TypeError: can only concatenate str/).waitFor();
    await first.getByText('Text and a number cannot be joined with +.').waitFor();
    await first.getByRole('button', { name: /^Line 5/ }).click();
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(1);
    await page.keyboard.type(' ');
    await page.locator('.cm-lint-marker-error').waitFor({ state: 'detached' });
  });

  it('streams what a program prints while it runs, and stops it', { timeout: minutes }, async () => {
    await write('for i in range(10**9):\n    print("line", i)\n    sum(range(30000))\n');
    await page.getByRole('button', { name: /^Run/ }).click();
    await page.getByRole('log').getByText('line 0').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/^(Stopped|Took too long)$/).waitFor();
  });

  it('runs with one’s own input', { timeout: minutes }, async () => {
    await write(right);
    await page.getByLabel('Input for your program').fill('gimbap\n3000\n2\n');
    await editor().press('Control+Enter');
    await page.getByRole('log').getByText('gimbap x 2 = 6000 won').waitFor();
  });

  it('keeps what was typed over a reload and without a network', { timeout: minutes }, async () => {
    await page.context().setOffline(true);
    await write(`${right}# kept\n`);
    await page.getByRole('button', { name: /^Hand in/ }).click();
    await page.getByText('You are offline. Your program is kept').waitFor();
    await page.getByText('Kept in this browser').waitFor();
    await page.context().setOffline(false);
    await page.reload();
    await editor().waitFor();
    expect(await typed()).toContain('# kept');
  });

  it('leaves the editor by keyboard: Tab indents, Escape and Tab go on', { timeout: minutes }, async () => {
    await write('x');
    await page.keyboard.press('Home');
    await page.keyboard.press('Tab');
    expect(await typed()).toBe('    x');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.locator('button:focus', { hasText: 'Run' }).waitFor();
  });

  it('marks a syntax error while one types', { timeout: minutes }, async () => {
    await write('print("open"\n');
    await page.getByText("'(' was never closed").waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
  });

  it('is solved with the right program, and the list knows', { timeout: minutes }, async () => {
    await write(right);
    await handIn();
    const head = page.locator('.verdict-head');
    await head.getByText('Solved!').waitFor();
    await head.getByText('Your program passed all 8 tests.').waitFor();
    await page.getByRole('link', { name: /^Next: / }).waitFor();
    await page.getByRole('link', { name: 'Exercises' }).first().click();
    await page
      .locator('.topic')
      .getByRole('link', { name: /A receipt for the snack stand.*Solved/ })
      .waitFor();
  });

  it('keeps every attempt and shows what changed between two', { timeout: minutes }, async () => {
    await page
      .locator('.topic')
      .getByRole('link', { name: /A receipt for the snack stand/ })
      .click();
    await page.getByRole('radio', { name: /^Attempts/ }).check();
    await expect.poll(() => page.getByRole('link', { name: /^Attempt \d/ }).count()).toBe(4);
    await page.getByRole('link', { name: /^Attempt 4/ }).click();
    await page.getByLabel('Compare with').selectOption({ label: 'Changes since attempt 1' });
    await expect.poll(() => page.locator('.cm-deletedChunk').textContent()).toContain('price + pieces');
    expect(await page.locator('.cm-changedLine').textContent()).toContain('price * pieces');
    expect(await violations(page)).toEqual([]);
  });

  it('asks a teacher, and downloads the receipt', { timeout: minutes }, async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Receipt' }).click();
    expect((await download).suggestedFilename()).toMatch(/^receipt-4-.*\.json$/);
    await page.getByRole('button', { name: 'Ask a teacher' }).click();
    await page.getByLabel('What would you like to know?').fill('Is there a shorter way?');
    await page.getByRole('dialog').getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByText('You asked: Is there a shorter way?').waitFor();
  });

  it('sees the verdict of each test while others run and wait', { timeout: minutes }, async () => {
    await page.goto('/exercises');
    await page.getByRole('link', { name: /Three lockers/ }).click();
    await editor().waitFor();
    await write(slowWhereHidden);
    await page.getByRole('button', { name: /^Hand in/ }).click();
    const one = (look: string, test: string, words: string) => ({
      has: page.locator(`li.${look}`, { hasText: test }).getByText(words, { exact: true }),
    });
    const underWay = page
      .locator('.verdicts')
      .filter(one('good', 'Three instruments', 'Passed'))
      .filter(one('running', 'Hidden test', 'Running'))
      .filter(one('waiting', 'Hidden test', 'Waiting'));
    await underWay.waitFor();
    await page.locator('.verdict-head .verdict-title strong').waitFor();
    expect(await page.locator('.verdicts > li.good').count()).toBe(8);
    await page.getByRole('status').filter({ hasText: 'Solved! Your program passed all 8 tests.' }).waitFor({
      state: 'attached',
    });
  });

  it('says how long to wait, and that running is switched off', { timeout: minutes }, async () => {
    const refuse = (status: number, error_code: string, headers = {}) =>
      page.route('**/api/code/execute', (route) =>
        route.fulfill({
          status,
          headers,
          json: { detail: 'No.', error_code, timestamp: new Date().toISOString(), request_id: 'r' },
        }),
      );
    await page.goto('/exercises');
    await page.getByRole('link', { name: /Three lockers/ }).click();
    await editor().waitFor();
    await refuse(429, 'run.rate', { 'retry-after': '42' });
    await page.getByRole('button', { name: /^Run/ }).click();
    await page.getByText(/It goes on in 4\d s/).waitFor();
    await page.unroute('**/api/code/execute');
    await refuse(503, 'grading.off');
    await page.getByRole('button', { name: /^Run/ }).click();
    await page.getByText('Running programs is switched off here').waitFor();
    await page.unroute('**/api/code/execute');
  });

  it('is for everybody: in light, in dark and at 320 pixels', { timeout: 3 * minutes }, async () => {
    await page.goto('/exercises');
    await page.getByRole('link', { name: /Three lockers/ }).click();
    await write('print(1/0)\n');
    await handIn();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).toEqual([]);
    }
    const exercise = page.url();
    await page.getByRole('link', { name: 'Details' }).click();
    await page.locator('.cm-content').waitFor();
    for (const path of ['/exercises', exercise, page.url()])
      expect(await flaws(page, path), path).toEqual([]);
  });

  it('reads in Korean where there is Korean', { timeout: minutes }, async () => {
    await speakKorean(page);
    await page.goto('/exercises');
    await page
      .locator('.topic')
      .getByRole('link', { name: /간식 가게 영수증/ })
      .click();
    await page.getByText(/보라는 학교 축제에서/).waitFor();
    await page.getByRole('textbox', { name: /내 프로그램/ }).waitFor();
  });

  it('had no error in its tab, nor a breach of its content security policy', () => {
    expect(student.errors).toEqual([]);
  });
});
