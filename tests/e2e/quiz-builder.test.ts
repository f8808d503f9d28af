import type { Browser } from 'playwright-core';
import { expect, it } from 'vitest';
import { quizOperations } from '#shared/contracts/quizzes.ts';
import { createClient } from '#shared/http/client.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, keepPictures, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, signIn, type Tab } from './chromium.ts';
import { type Classroom, openClassroom } from './classroom.ts';
import { englishWords, flaws, speakKorean } from './everybody.ts';
import { aBank, accessOf } from './testing-world.ts';
import { password } from './world.ts';

const minutes = 60_000;
/** Pages of a busy machine take their time. */
const within = { timeout: 20_000 };

describeInBrowser('a quiz', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let teacher: Tab;
  let room: Classroom;
  let quiz: string;

  withSharedPlatform(async (started, launched) => {
    [platform, browser] = [started, launched];
    room = await openClassroom(platform);
    await aBank(platform.origin, room.teacher, { name: '분수', items: 12 });
    teacher = await openTab(browser, platform.origin);
    await signIn(teacher.page, room.teacher, password);
  });
  oneAfterAnother(() => ({ teacher }));

  const picture = (name: string) => keepPictures({ [`quiz-${name}`]: teacher });

  /** A student's answers: of each question whether it is right. */
  const take = async (username: string, right: (n: number) => boolean) => {
    const client = createClient(quizOperations, await accessOf(platform.origin, { username }));
    const quiz_id = quiz.split('/').at(-1) ?? '';
    const { attempt_id, questions } = await client.startQuizAttempt({ params: { quiz_id } });
    const answers = Object.fromEntries(
      questions.map(({ item_id, kind }, n) => [
        item_id,
        kind === 'numeric' ? (right(n) ? 42 : 41) : right(n) ? 0 : 1,
      ]),
    );
    await client.submitQuizAttempt({ params: { attempt_id }, body: { answers } });
  };

  it('is made of items of a bank and of questions that are written with it', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = teacher;
    await page.goto(`/classes/${room.class_id}/quizzes`);
    await page.getByRole('link', { name: 'New quiz' }).click();
    await page.getByRole('button', { name: 'Open it to the class' }).click();
    await page.getByText('Choose or write at least one question.').waitFor();
    await page.getByLabel('Title').fill('첫 퀴즈');

    await page.getByRole('button', { name: 'Choose from a bank' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Bank').selectOption({ label: '분수' });
    const found = dialog.getByRole('checkbox');
    await expect.poll(() => found.count(), within).toBe(12);
    await dialog.getByRole('checkbox', { name: /Question 3\b/ }).check();
    const place = await dialog.getByRole('button', { name: 'Take 1 item' }).boundingBox();
    // Enter searches, and does not send the quiz behind the dialog
    await dialog.getByRole('searchbox').fill('Question 7');
    await page.keyboard.press('Enter');
    await expect.poll(() => found.count(), within).toBe(1);
    await found.check();
    // what is clicked next has not moved by what was found
    const take = dialog.getByRole('button', { name: 'Take 2 items' });
    expect(await take.boundingBox()).toMatchObject({ y: place?.y, height: place?.height });
    await take.click();

    await page.getByRole('button', { name: 'Write a question' }).click();
    await dialog.getByRole('radio', { name: 'A number' }).check();
    await dialog.getByRole('button', { name: 'Take it into the quiz' }).click();
    await dialog.getByText('Fill this in.').first().waitFor();
    await dialog.getByLabel('Text', { exact: true }).fill('What is $6 \\cdot 7$?');
    await dialog.getByLabel('Right number').fill('42');
    await dialog.getByRole('button', { name: 'Take it into the quiz' }).click();
    await page.getByText('3 questions · 3 points in all').waitFor();
    await page.getByRole('button', { name: 'Move question 3 up' }).click();
    await page.getByLabel('Points').nth(1).fill('2');
    await page.getByText('4 points in all').waitFor();
    await picture('builder');
  });

  it('says the shortest time limit where it is typed', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByLabel('Minutes').fill('1');
    await page.getByRole('button', { name: 'Open it to the class' }).click();
    await page.getByText('At least 1.5 minutes: half a minute for each question.').waitFor();
    await page.getByLabel('Minutes').fill('10');
    await page.getByRole('button', { name: 'Open it to the class' }).click();
    await page.getByRole('heading', { name: '첫 퀴즈' }).waitFor();
    quiz = new URL(page.url()).pathname;
  });

  it('shows who hands it in while they do', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) });
    // the socket comes late: what is handed in meanwhile is told to nobody
    const late = Promise.withResolvers<void>();
    await page.route('**/api/realtime/tickets', (route) => late.promise.then(() => route.continue()));
    await page.reload();
    await row('김민아').getByText('Not begun').waitFor();
    await take(room.usernames.mina, () => true);
    late.resolve();
    await row('김민아').getByText('100 %').waitFor();
    await page.unroute('**/api/realtime/tickets');
    await take(room.usernames.junho, (n) => n !== 1);
    await row('박준호').getByText('50 %').waitFor();
    await picture('students');
    await page.getByRole('radio', { name: /^Not begun/ }).check();
    await expect.poll(() => page.getByRole('row').count(), within).toBe(3);
  });

  it('says of each question who solved it and what was chosen instead', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('radio', { name: 'Statistics' }).check();
    await page.getByText('Mean', { exact: true }).waitFor();
    const second = page.locator('.question-cards > li').nth(1);
    await second.getByText('50 %').first().waitFor();
    await second.getByRole('row', { name: /41/ }).waitFor();
    await picture('statistics');
  });

  it('keeps its questions once somebody has begun, and may be closed', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto(`${quiz}/edit`);
    await page.getByText(/Students have begun: the questions stay/).waitFor();
    expect(await page.getByRole('button', { name: 'Choose from a bank' }).count()).toBe(0);
    await page.getByLabel('Title').fill('첫 퀴즈, 다시');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: '첫 퀴즈, 다시' }).waitFor();
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.getByText('Closed', { exact: true }).waitFor();
  });

  it('counts in the gradebook', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto(`/classes/${room.class_id}/results`);
    await page
      .getByRole('row', { name: /김민아/ })
      .getByText('100 %')
      .first()
      .waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    expect((await downloading).suggestedFilename()).toMatch(/\.csv$/);
    await picture('gradebook');
  });

  it('has pages for everybody, in Korean too', { timeout: 3 * minutes }, async () => {
    const { page, errors } = teacher;
    const ofClass = `/classes/${room.class_id}`;
    const pages = [`${ofClass}/quizzes`, `${ofClass}/results`, quiz, `${quiz}/edit`, '/quizzes/new'];
    for (const path of pages) expect(await flaws(page, path), path).toEqual([]);
    await speakKorean(page);
    for (const path of pages)
      expect(
        await englishWords(page, path, /Emmy Noether|Olivia Brown|Quiz questions|CSV|UTC/g),
        path,
      ).toEqual([]);
    expect(errors).toEqual([]);
  });
});
