import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { unique } from '#tests/support/unique.ts';
import { describeInBrowser, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { englishWords, flaws, speakKorean, violations } from './everybody.ts';
import { furnishTestRoom, type Person, person, type TestRoom } from './test-room.ts';
import { password } from './world.ts';

const minutes = 60_000;
const soon = { timeout: 20_000 };

describeInBrowser('a student takes a quiz', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let room: TestRoom;
  let first: Tab;
  let second: Tab;
  let page: Page;
  let student: Person;
  let attempt_id = '';
  /** A classmate's quiz, whose minute passes while the others are at theirs. */
  let third: Tab;
  let lastMinute: Promise<unknown>;

  withSharedPlatform(async (started, launched) => {
    platform = started;
    browser = launched;
    room = await furnishTestRoom(platform);
    student = await person(platform.origin, { username: room.username });
    first = await openTab(browser, platform.origin);
    second = await openTab(browser, platform.origin);
    third = await openTab(browser, platform.origin);
    page = first.page;
    lastMinute = takeTheLastMinute(room, third.page).catch((error: unknown) => error);
  });
  oneAfterAnother(() => ({ first, second, third }));

  const question = (of: Page = page) => of.locator('form.question');
  const heading = (n: number, of: Page = page) =>
    of.getByRole('heading', { name: new RegExp(`^Question ${n} of 5`) });
  const goTo = async (n: number, of: Page = page) => {
    await of.getByRole('button', { name: new RegExp(`^Question ${n},`) }).click();
    await heading(n, of).waitFor();
  };
  const saved = () => page.locator('.saved.saved').waitFor();
  const stored = () => student.quizzes.getQuizAttempt({ params: { attempt_id } });
  const answers = async () => Object.values((await stored()).answers);

  it('finds it on the home page, with how long it takes and until when', { timeout: minutes }, async () => {
    await signIn(page, room.username, password);
    await page.getByRole('heading', { name: 'Loops and numbers' }).waitFor();
    await page.getByText('5 questions · 25 minutes').waitFor();
    await page.getByRole('link', { name: 'Have a look' }).click();
    await page.getByText('What we did in week 3.').waitFor();
    expect(await page.locator('.facts').textContent()).toMatch(/Questions5.*25 minutes.*in 3 days.*left3/);
  });

  it('answers by keyboard alone, and every answer is saved by itself', { timeout: minutes }, async () => {
    await page.getByRole('button', { name: 'Start' }).click();
    await heading(1).waitFor();
    attempt_id = /quiz-attempts\/([\w-]+)/.exec(page.url())?.[1] ?? '';
    await goTo(2);
    await page.keyboard.press('3');
    const chosen = question().getByRole('radio').nth(2);
    expect(await chosen.isChecked()).toBe(true);
    await expect.poll(answers, soon).toEqual([expect.any(Number)]);
    await page.keyboard.press('Enter');
    await heading(3).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toMatch(/^Question 3 of 5/);
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.keyboard.press('1');
    expect(await question().getByRole('checkbox').nth(0).isChecked()).toBe(false);
    expect(await question().getByRole('checkbox').nth(1).isChecked()).toBe(true);
    await expect.poll(answers, soon).toContainEqual([expect.any(Number)]);
    await saved();
  });

  it('shows formulas as MathML and code as code', { timeout: minutes }, async () => {
    await goTo(2);
    await question().locator('math munderover').waitFor();
    expect(await question().locator('.option math').count()).toBe(4);
    await goTo(1);
    expect(await question().locator('pre').textContent()).toContain('for i in range(3):\n');
  });

  it('says which number it reads, and what is none', { timeout: minutes }, async () => {
    await goTo(4);
    const field = page.getByLabel('Your answer: a number');
    await field.fill('2.');
    await expect.poll(answers, soon).toContain(2);
    await field.press('End');
    await page.keyboard.type('5');
    await expect.poll(answers, soon).toContain(2.5);
    expect(await field.inputValue()).toBe('2.5');
    await field.fill('two');
    await page.getByText('This is not a number.').waitFor();
    await page.getByRole('button', { name: 'Question 4, not answered' }).waitFor();
    await expect.poll(answers, soon).not.toContain(2.5);
    await field.fill('2,5');
    await page.getByText('Read as 2.5').waitFor();
    await expect.poll(answers, soon).toContain(2.5);
  });

  it('is where it was after a reload', { timeout: minutes }, async () => {
    await goTo(2);
    await page.reload();
    await heading(2).waitFor();
    expect(await question().getByRole('radio').nth(2).isChecked()).toBe(true);
    await page.getByText('3 of 5 answered').waitFor();
  });

  it('goes on on another device, and each sees what the other did', { timeout: minutes }, async () => {
    await signIn(second.page, room.username, password);
    await second.page.getByRole('link', { name: 'Go on' }).click();
    await heading(1, second.page).waitFor();
    await second.page.getByText('3 of 5 answered').waitFor();
    await goTo(5, second.page);
    await second.page.getByLabel('Your answer').fill('def');
    await expect.poll(answers, soon).toContain('def');
    await goTo(1);
    await page.keyboard.press('1');
    await page.getByText('5 of 5 answered').waitFor();
    await expect.poll(answers, soon).toHaveLength(5);
  });

  it('keeps answers without a network, over a reload, and sends them later', {
    timeout: minutes,
  }, async () => {
    await goTo(5);
    await page.context().setOffline(true);
    await page.getByLabel('Your answer').fill('lambda');
    await page.getByText('Your answers are kept on this device.').waitFor();
    expect(await answers()).toContain('def');
    await page.goto('about:blank').catch(() => {});
    await page.context().setOffline(false);
    await page.goto(`/quiz-attempts/${attempt_id}?q=5`);
    await expect.poll(answers, soon).toContain('lambda');
    expect(await page.getByLabel('Your answer').inputValue()).toBe('lambda');
    await saved();
  });

  it('prefers the newer answer where two devices answered the same question', {
    timeout: minutes,
  }, async () => {
    await page.context().setOffline(true);
    await page.getByLabel('Your answer').fill('older');
    await page.getByText('Your answers are kept on this device.').waitFor();
    await second.page.reload();
    await goTo(5, second.page);
    await second.page.getByLabel('Your answer').fill('def');
    await expect.poll(answers, soon).toContain('def');
    await page.context().setOffline(false);
    await page.getByText(/^Question 5: you have answered it later on another device/).waitFor();
    expect(await page.getByLabel('Your answer').inputValue()).toBe('def');
    expect(await answers()).toContain('def');
  });

  it('shows all questions on one page to those who prefer it', { timeout: minutes }, async () => {
    await page.getByRole('radio', { name: 'All' }).check();
    expect(await question().count()).toBe(5);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('radio', { name: 'One by one' }).check();
    await heading(5).waitFor();
  });

  it('is for everybody while it is taken: in light, in dark and at 320 pixels', {
    timeout: 2 * minutes,
  }, async () => {
    for (const n of [1, 2, 3, 4, 5])
      expect(await flaws(page, `/quiz-attempts/${attempt_id}?q=${n}`)).toEqual([]);
  });

  it('asks before handing in, and names what is not answered', { timeout: minutes }, async () => {
    await goTo(4);
    await page.getByLabel('Your answer: a number').fill('');
    await page.locator('.question-map').getByRole('button', { name: 'Hand in' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Not answered: question 4.').waitFor();
    await dialog.getByRole('button', { name: 'Not yet' }).click();
    await page.getByLabel('Your answer: a number').fill('2.5');
    await page.locator('.question-map').getByRole('button', { name: 'Hand in' }).click();
    await dialog.getByText('You have answered every question.').waitFor();
    await dialog.getByRole('button', { name: 'Hand in' }).click();
    await page.locator('.quiz-score').waitFor();
  });

  it('shows what was right and why, on both devices', { timeout: minutes }, async () => {
    const { result } = await stored();
    await page.locator('.quiz-score').getByText(`${result?.percent} %`).waitFor();
    const last = page.getByRole('region', { name: 'Question 5' });
    await last.getByText('Right', { exact: true }).waitFor();
    await last.getByText('A definition is').waitFor();
    expect(await page.locator('.option.right').count()).toBe(4);
    await second.page.getByLabel('Your answer').fill('too late');
    await second.page.locator('.quiz-score').waitFor();
    expect(await answers()).toContain('def');
  });

  it('hands in later what was handed in without a network', { timeout: minutes }, async () => {
    const calm = await room.giveQuiz('No hurry', {
      questions: [{ text: 'Is ice cold?', options: ['Yes', 'No'], correct_answer: 0 }],
    });
    await page.goto(`/quizzes/${calm}`);
    await page.getByRole('button', { name: 'Start' }).click();
    await question().waitFor();
    await page.context().setOffline(true);
    await question().getByRole('radio').first().check();
    await page.locator('.question-map').getByRole('button', { name: 'Hand in' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click();
    await page.getByText('Your answers are kept on this device.').waitFor();
    await page.context().setOffline(false);
    await page.locator('.quiz-score').getByText('100 %').waitFor();
  });

  it('says when the result will be shown, where it is not shown yet', { timeout: minutes }, async () => {
    const due_at = new Date(Date.now() + 86_400_000).toISOString();
    const later = await room.giveQuiz('Later', { due_at, feedback: { when: 'after_due', show: 'answers' } });
    await page.goto(`/quizzes/${later}`);
    await page.getByText('After the due date').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.question-map').getByRole('button', { name: 'Hand in' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click();
    await page.getByText(/^The result will be here on/).waitFor();
    expect(await page.locator('.answered').count()).toBe(0);
  });

  it('lists every result, and its pages are for everybody', { timeout: 2 * minutes }, async () => {
    await page.goto('/tests');
    await settled(page);
    const row = page.getByRole('table', { name: 'Quizzes' }).getByRole('row', { name: /Loops and numbers/ });
    await row.getByText('%').waitFor();
    for (const path of ['/', '/tests', `/quizzes/${room.quiz_id}`, `/quiz-attempts/${attempt_id}`])
      expect(await flaws(page, path), path).toEqual([]);
  });

  it('speaks Korean', { timeout: minutes }, async () => {
    await speakKorean(page);
    const names = /Loops and numbers|Later|A minute|No hurry|Where do I stand|What we did.*is not/g;
    for (const path of ['/tests', `/quizzes/${room.quiz_id}`])
      expect(await englishWords(page, path, names), path).toEqual([]);
  });

  it('tells a minute before the end, and hands in when the time is up', {
    timeout: 2 * minutes,
  }, async () => {
    expect(await lastMinute).toBeUndefined();
  });

  it('had no error in its tabs, nor a breach of its content security policy', () => {
    expect([first, second, third].flatMap(({ errors }) => errors)).toEqual([]);
  });
});

/** Answers a quiz of little more than a minute and lets its time run out; the server's clock is the one that counts. */
async function takeTheLastMinute(room: TestRoom, page: Page): Promise<void> {
  const username = unique('haneul');
  await room.enrol('박하늘', username);
  const brief = await room.giveQuiz('A minute', {
    questions: [{ text: 'Is water wet?', options: ['Yes', 'No'], correct_answer: 0 }],
    time_limit_s: 63,
  });
  await signIn(page, username, password, `/quizzes/${brief}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('form.question').getByRole('radio').first().check();
  await page.getByRole('status').filter({ hasText: '1 minute left' }).waitFor({ state: 'attached' });
  await page.locator('.countdown.bad').waitFor();
  await page.locator('.quiz-score').waitFor({ timeout: 75_000 });
  await page.locator('.quiz-score').getByText('100 %').waitFor();
}
