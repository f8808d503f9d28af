import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { platformContract } from '#shared/contracts/platform.ts';
import { createClient } from '#shared/http/client.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { type Classroom, openClassroom, type Pupil } from './classroom.ts';
import { englishWords, flaws, speakKorean } from './everybody.ts';
import { password } from './world.ts';

const minutes = 60_000;

const right = 'a, b = map(int, input().split())\nprint(a + b)\n';
/** Right but for a blank at the end, on which the first version of the test insists. */
const withBlank = 'a, b = map(int, input().split())\nprint(a + b, "")\n';
const joined = 'a, b = input().split()\nprint(a + b)\n';

const idIn = (page: Page): string => /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? '';

/** The editor lies in a shadow root and takes what is typed; `insertText` is not re-indented. */
async function writeCode(page: Page, label: string, code: string): Promise<void> {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(code);
}

describeInBrowser('a teacher', () => {
  let platform: SharedPlatform;
  let teacher: Tab;
  let room: Classroom;
  let exercise_id = '';
  let assignment_id = '';
  let submission_id = '';

  withSharedPlatform(async (started, browser) => {
    platform = started;
    room = await openClassroom(platform);
    teacher = await openTab(browser, platform.origin);
    await signIn(teacher.page, room.teacher, password);
  });
  oneAfterAnother(() => ({ teacher }));

  const pupil = (at: number): Pupil => {
    const found = room.pupils[at];
    if (!found) throw new Error(`The class has no student ${at}.`);
    return found;
  };

  it('is shown at its field what an exercise still lacks', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('link', { name: 'Exercises', exact: true }).first().click();
    await page.getByRole('link', { name: 'New exercise' }).click();
    await page.getByLabel('Topic').fill('sums');
    await page.getByLabel('Minutes to solve').fill('soon');
    await page.getByRole('button', { name: 'Create draft' }).click();
    await page.getByText(/fields need attention/).waitFor();
    expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Minutes to solve').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Topic').inputValue()).toBe('sums');
  });

  it('is asked before leaving, and finds what was typed again', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByLabel('Title').fill('Sum of two');
    await page.getByRole('link', { name: 'Classes' }).first().click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
    await page.getByRole('button', { name: 'No, keep it' }).click();
    // the browser keeps it a moment after the last key
    await page.waitForTimeout(600);
    await page.getByRole('link', { name: 'Classes' }).first().click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('heading', { name: 'Classes', level: 1 }).waitFor();
    await page.goto('/exercises/new');
    await page.getByText('This is what you had typed and not saved.').waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Sum of two');
  });

  it('writes an exercise in two languages, with tests', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByLabel('Minutes to solve').fill('5');
    await page.getByLabel('Problem', { exact: true }).fill('Print the **sum** of two numbers.');
    await page.getByRole('region', { name: 'What students see' }).getByText('sum', { exact: true }).waitFor();
    await page.getByRole('radio', { name: '한국어' }).check();
    await page.getByLabel('Title').fill('두 수의 합');
    await page.getByLabel('Problem', { exact: true }).fill('두 수의 합을 출력하세요.');
    await writeCode(page, 'Solution', right);

    const first = page.getByRole('listitem', { name: 'Test 1' });
    await first.getByLabel('Input', { exact: true }).fill('2 3');
    await first.getByLabel('Expected output').fill('5\n');
    await first.getByText('More', { exact: false }).first().click();
    await first.getByLabel('Compared').selectOption('exact');
    await first.getByLabel('Name').fill('two and three');
    await page.getByRole('button', { name: 'Add a test' }).click();
    const second = page.getByRole('listitem', { name: 'Test 2' });
    await second.getByLabel('Input', { exact: true }).fill('-4 1');
    await second.getByLabel('Students see').selectOption('hidden');
    await second.getByText('More', { exact: false }).first().click();
    await second.getByLabel('Compared').selectOption('lines');
    await second.getByLabel('Name').fill('a negative one');
    await page.getByRole('button', { name: 'Fill in what the solution prints' }).click();
    await page.getByText('1 output is filled in.').waitFor({ timeout: minutes });
    const named = page.getByRole('listitem', { name: 'a negative one' });
    expect(await named.getByLabel('Expected output').inputValue()).toBe('-3\n');
    await page.getByRole('button', { name: 'Create draft' }).click();
    await page.getByRole('heading', { name: 'Sum of two', level: 1 }).waitFor();
    exercise_id = idIn(page);
  });

  it('certifies and publishes it', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('button', { name: 'Certify' }).click();
    await page.getByText('Version 1 works.').waitFor({ timeout: minutes });
    await page.locator('summary', { hasText: 'Solution' }).click();
    await page.getByRole('list', { name: 'Tests' }).first().getByText('a negative one').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 1 is published.').waitFor();
  });

  it('gives it to a class, at a time by the school’s clocks', { timeout: minutes }, async () => {
    const { page } = teacher;
    const { time_zone } = await createClient(platformContract, { origin: platform.origin }).health({});
    await page.getByRole('button', { name: 'Give to a class' }).click();
    const dialog = page.getByRole('dialog', { name: 'Give to a class' });
    await dialog.getByRole('button', { name: 'Give it' }).click();
    await dialog.getByText('Choose a class.').waitFor();
    await dialog.getByLabel('Class', { exact: true }).selectOption(room.class_id);
    await dialog.getByLabel(/^Due/).fill('2099-12-01T23:59');
    await dialog.getByText(`Time in ${time_zone}`).waitFor();
    await dialog.getByRole('button', { name: 'Give it' }).click();
    await page.waitForURL(/\/assignments\/[0-9a-f-]{36}$/);
    assignment_id = idIn(page);
    await page.getByText('Dec 1, 2099, 11:59 PM').waitFor();
    await page
      .getByRole('row', { name: new RegExp(pupil(0).name) })
      .getByText('Not begun')
      .waitFor();
  });

  it('sees who solves it while it happens', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.goto(`/classes/${room.class_id}/assignments`);
    await settled(page);
    const board = page.getByRole('table', { name: 'Students and assignments' });
    await board.getByRole('row', { name: new RegExp(pupil(0).name) }).waitFor();
    const verdicts = await Promise.all([
      pupil(0).handIn(exercise_id, assignment_id, right),
      pupil(1).handIn(exercise_id, assignment_id, withBlank),
      pupil(2).handIn(exercise_id, assignment_id, joined),
    ]);
    expect(verdicts.map(({ grade }) => grade)).toEqual([100, 50, 0]);
    await board
      .getByRole('row', { name: new RegExp(pupil(0).name) })
      .getByText('100')
      .waitFor();
    await board
      .getByRole('row', { name: new RegExp(pupil(1).name) })
      .getByText('50')
      .waitFor();
    await pupil(2).ask(verdicts[2]?.submission_id ?? '', 'Why is it wrong?');
    await board
      .getByRole('row', { name: new RegExp(pupil(2).name) })
      .getByText('To review')
      .waitFor();
    await page.getByRole('radio', { name: 'To review' }).check();
    expect(await board.getByRole('row').count()).toBe(2);
  });

  it('is told at home whose work waits', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto('/');
    await page.getByText('Why is it wrong?').click();
    await page.getByRole('heading', { name: `${pupil(2).name}: Sum of two`, level: 1 }).waitFor();
    await page.getByText('The student asks you to look at it.').waitFor();
    submission_id = idIn(page);
  });

  it('comments on a line and gives a grade of their own', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.locator('.cm-lineNumbers .cm-gutterElement', { hasText: '2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Comment on a line' });
    expect(await dialog.getByLabel('Line').inputValue()).toBe('2');
    await dialog.getByLabel('Write a comment').fill('These are texts, not numbers.');
    await dialog.getByRole('button', { name: 'Comment' }).click();
    await page.locator('.line-note-box').getByText('These are texts, not numbers.').waitFor();

    await page.getByLabel('Grade', { exact: true }).fill('120');
    await page.getByRole('button', { name: 'Save decision' }).click();
    await page.getByText('A grade is a number from 0 to 100.').waitFor();
    await page.getByLabel('Grade', { exact: true }).fill('40');
    await page.getByLabel('Feedback for the student').fill('The way is right.');
    await page.getByRole('button', { name: 'Save decision' }).click();
    await page.getByText('now 40').waitFor();
    await page.getByText('Emmy Noether, by hand').waitFor();
  });

  it('mends the test and publishes the next version', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.goto(`/exercises/${exercise_id}/edit`);
    await page.getByText('Nothing to save.').waitFor();
    const first = page.getByRole('listitem', { name: 'two and three' });
    await first.getByText('More', { exact: false }).first().click();
    await first.getByLabel('Compared').selectOption('lines');
    await page.getByRole('button', { name: 'Save new version' }).click();
    // nothing else has changed on its way through the fields
    await page.getByText(/· tests$/).waitFor();
    await page.getByRole('button', { name: 'Certify' }).click();
    await page.getByText('Version 2 works.').waitFor({ timeout: minutes });
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 2 is published.').waitFor();
  });

  it('sees who would rise by which test, and applies it', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.goto(`/assignments/${assignment_id}/regrades`);
    await page.getByRole('button', { name: 'Preview' }).click();
    const row = page.getByRole('row', { name: new RegExp(pupil(1).name) });
    await row.getByText('two and three').waitFor({ timeout: minutes });
    expect(await row.textContent()).toContain('50 → 100');
    expect(await row.textContent()).toContain('Wrong answer → Passed');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('dialog').getByText('1 grade changes.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Applied. Students see').waitFor({ timeout: minutes });

    await page.goto(`/assignments/${assignment_id}`);
    const standing = (at: number) => page.getByRole('row', { name: new RegExp(pupil(at).name) });
    await standing(1).getByText('100').waitFor();
    await standing(2).getByText('40').waitFor();
  });

  it('gives one student more time', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('button', { name: `Extend ${pupil(3).name}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Due for this student/).fill('2099-12-05T12:00');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('until Dec 5, 2099, 12:00 PM').waitFor();
  });

  it('compares the work of the class, side by side', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('link', { name: 'Similar work' }).click();
    await page.getByRole('button', { name: 'Compare submissions' }).click();
    await page.getByText('3 submissions compared').waitFor({ timeout: minutes });
    expect(teacher.errors).toEqual([]);
  });

  it('takes an exercise away as a file and brings it back', { timeout: minutes }, async () => {
    const { page } = teacher;
    for (const format of ['Folder (zip)', 'JSON']) {
      await page.goto(`/exercises/${exercise_id}`);
      await page.getByRole('button', { name: 'More' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: format }).click(),
      ]);
      await page.goto('/exercises');
      await page.getByRole('button', { name: 'Import' }).click();
      const file = {
        name: download.suggestedFilename(),
        mimeType: '',
        buffer: await readFile(await download.path()),
      };
      await page.getByLabel('File').setInputFiles(file);
      await page.getByText('Ready to certify').waitFor();
      await page.getByRole('heading', { name: 'Sum of two', level: 1 }).waitFor();
      expect(idIn(page)).not.toBe(exercise_id);
    }
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted.').waitFor();
  });

  it('learns from a file that is refused what is wrong with it', { timeout: minutes }, async () => {
    const { page } = teacher;
    await page.goto('/exercises');
    await page.getByRole('button', { name: 'Import' }).click();
    const buffer = Buffer.from(JSON.stringify({ title: 'Half an exercise', tests: [] }));
    await page.getByLabel('File').setInputFiles({ name: 'half.json', mimeType: 'application/json', buffer });
    await page.getByText(/solution_code/).waitFor();
    await page.keyboard.press('Escape');
  });

  const pages = (): string[] => [
    '/',
    '/exercises',
    '/exercises/new',
    `/exercises/${exercise_id}`,
    `/exercises/${exercise_id}/edit`,
    `/exercises/${exercise_id}/regrades`,
    `/classes/${room.class_id}/assignments`,
    `/assignments/${assignment_id}`,
    `/assignments/${assignment_id}/regrades`,
    `/assignments/${assignment_id}/similarity`,
    `/submissions/${submission_id}`,
  ];

  it('has pages for everybody, in light, in dark and on a phone', { timeout: 3 * minutes }, async () => {
    for (const path of pages()) expect(await flaws(teacher.page, path), path).toEqual([]);
  });

  it('reads everything in Korean', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await speakKorean(page);
    for (const path of pages()) expect(await englishWords(page, path, names), path).toEqual([]);
    expect(teacher.errors).toEqual([]);
  });
});

/** People and their things, and what authors and programs say. */
const names =
  /basics|building blocks|programs|problem solving|Emmy Noether|Olivia Brown|main\.py|loops|Sum of two|[Ss]ums|two and three|a negative one|Why is it wrong\?|The way is right\.|These are texts, not numbers\./g;
