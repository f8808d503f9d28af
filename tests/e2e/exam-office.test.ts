/** What a teacher does around tests: brings results in that were taken elsewhere, and calibrates items on trial. */
import type { Browser } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  answerer,
  type ExamSchool,
  examTeacher,
  openExamSchool,
  takeExam,
} from '#tests/support/exam-school.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, keepPictures, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { englishWords, flaws, speakKorean } from './everybody.ts';

const minutes = 60_000;
const seed = 5;
/** Fewest answers that a calibration may ask for. */
const students = 32;
const atOnce = 4;

describeInBrowser('a teacher', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let teacher: Tab;
  let school: ExamSchool;

  withSharedPlatform(async (started, launched) => {
    [platform, browser] = [started, launched];
    school = await openExamSchool(platform, {
      classes: 1,
      studentsPerClass: students,
      items: 12,
      pilots: 2,
      config: { stop: { min_items: 5, max_items: 6, se: null }, pilot: { count: 2 } },
      seed,
    });
    await everybodyTakes(school);
    teacher = await openTab(browser, platform.origin);
    await signIn(teacher.page, examTeacher.email, examTeacher.password);
  });
  oneAfterAnother(() => ({ teacher }));

  const picture = (name: string) => keepPictures({ [`office-${name}`]: teacher });

  it('imports results that were taken elsewhere, after a look at what would happen', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = teacher;
    const [class_id] = school.class_ids;
    await page.goto(`/classes/${class_id}/import-results`);
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByText('Choose a file or paste rows.').waitFor();
    const rows = page.getByLabel('Or paste the rows');
    await rows.fill('username,score,started_at,ended_at\npupil0001,many,2026-03-02,2026-03-02');
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByText('Line 2, score: “many” is not a number.').waitFor();
    await rows.fill(
      'username,score,started_at,ended_at\npupil0001,540,2026-03-02,2026-03-02\nnobody,500,2026-03-02,2026-03-02',
    );
    await page.getByRole('button', { name: 'See what will happen' }).click();
    await page.getByText('will be imported').first().waitFor();
    await page.getByText('will be left out').first().waitFor();
    await picture('import-report');
    await page.getByRole('button', { name: 'Import one result' }).click();
    await page.getByRole('link', { name: 'To the results' }).waitFor();
    const [pupil] = school.students.slice(1);
    const { items } = await school.teacher.exams.listExamSessions({
      query: { class_id: class_id ?? '', source: 'import' },
    });
    expect(items.map(({ student_id, score }) => [student_id, score])).toEqual([[pupil?.student_id, 540]]);
  });

  it('calibrates the items on trial, sees what failed, and publishes with a reason', {
    timeout: 3 * minutes,
  }, async () => {
    const { page } = teacher;
    await page.goto(`/item-banks/${school.bank_id}/calibrations`);
    await page.getByRole('button', { name: 'Calibrate' }).first().click();
    await page.getByText('What an item has to pass').click();
    await page.getByLabel('Answers at least').fill('3');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Calibrate' }).click();
    await expect
      .poll(() => page.getByLabel('Answers at least').getAttribute('aria-invalid'), { timeout: 10_000 })
      .toBe('true');
    await page.getByLabel('Answers at least').fill('30');
    await dialog.getByRole('button', { name: 'Calibrate' }).click();
    await page.getByRole('heading', { name: /^Calibration of/ }).waitFor();
    await page.getByText('The estimation settled.').waitFor({ timeout: minutes });
    await settled(page);
    // thirty answers leave b far less sure than a quarter of a logit
    await page.getByText('b too unsure').first().waitFor();
    await page.getByText('0 items chosen').waitFor();
    await picture('calibration');
    for (const box of await page.getByRole('checkbox', { name: /^Choose / }).all()) await box.check();
    await page.getByText('2 items chosen').waitFor();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Say why, in at least ten letters.').waitFor();
    await dialog.getByRole('textbox').first().fill('A first look before the big test.');
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText(/^Published as version 2/).waitFor({ timeout: minutes });
    await picture('calibration-published');
    const { items } = await school.teacher.items.listItems({
      query: { bank_id: school.bank_id, limit: 100 },
    });
    const calibrated = items.filter(({ parameters }) => parameters?.source === 'calibrated');
    expect(calibrated).toHaveLength(2);
  });

  it('reads both in Korean, without an English word left over', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    const { pathname } = new URL(page.url());
    await speakKorean(page);
    // the columns of the file, and what the server keeps, are the same in every language
    const own =
      /username|score|theta|CSV|UTC|import|mina|midterm|Emmy Noether|What does item-\d+ ask\?|A first look before the big test\./g;
    for (const path of [pathname, `/classes/${school.class_ids[0]}/import-results`]) {
      expect(await flaws(page, path)).toEqual([]);
      expect(await englishWords(page, path, own)).toEqual([]);
    }
  });
});

async function everybodyTakes(school: ExamSchool): Promise<void> {
  const answerOf = answerer(school.items, seed);
  const waiting = school.students.entries();
  const worker = async (): Promise<void> => {
    for (const [at, student] of waiting)
      await takeExam(school, student, (body) => answerOf(at, student.theta, body));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
