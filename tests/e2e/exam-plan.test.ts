import type { Browser } from 'playwright-core';
import { expect, it } from 'vitest';
import { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
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

describeInBrowser('an adaptive test', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let teacher: Tab;
  let room: Classroom;
  let plan: string;
  let bank_id: string;

  withSharedPlatform(async (started, launched) => {
    [platform, browser] = [started, launched];
    room = await openClassroom(platform);
    bank_id = await aBank(platform.origin, room.teacher, { name: '파이썬 기초', items: 60 });
    teacher = await openTab(browser, platform.origin);
    await signIn(teacher.page, room.teacher, password);
  });
  oneAfterAnother(() => ({ teacher }));

  const picture = (name: string) => keepPictures({ [`plan-${name}`]: teacher });
  const planId = () => plan.split('/').at(-1) ?? '';
  const stored = async () =>
    createClient(examPlanOperations, await accessOf(platform.origin, { email: room.teacher })).getExamPlan({
      params: { plan_id: planId() },
    });

  /** A student answers so many questions, every so-many-th of them wrong; how to answer more. */
  const begin = async (username: string, wrong: number) => {
    const client = createClient(examSessionOperations, await accessOf(platform.origin, { username }));
    const body = { class_id: room.class_id, exam_type: 'midterm' as const };
    const { exam_session_id } = await client.startExamSession({ body });
    let { item } = await client.nextExamItem({ params: { exam_session_id } });
    let given = 0;
    return async (count: number) => {
      for (const last = given + count; item && given < last; given += 1) {
        const selected_choice = given % wrong === wrong - 1 ? 1 : 0;
        const answer = { exam_session_id, item_id: item.item_id, selected_choice, response_time_ms: 2000 };
        item = (await client.createAttempt({ body: answer })).next_item;
      }
    };
  };

  it('is planned with a name, a bank and a class, and says what is missing', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = teacher;
    await page.goto('/exam-plans');
    await page.getByRole('link', { name: 'New test' }).first().click();
    await page.getByRole('heading', { name: 'New test' }).waitFor();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Choose an item bank.').waitFor();
    await page.getByLabel('Name').fill('중간고사 연습');
    await page.getByLabel('Kind of test').selectOption('midterm');
    await page.getByLabel('Item bank').selectOption({ label: '파이썬 기초' });
    await page.getByLabel(room.className).check();
    await page.getByLabel('Questions at most').fill('20');
    await page.getByLabel('Stop at a standard error of').fill('0.4');
  });

  it('takes every option of an expert, folded until it is wanted', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.getByText('Spreading the items', { exact: true }).click();
    await page.getByLabel('Rest items given to this share').fill('1.5');
    await page.getByText('Content', { exact: true }).click();
    await page.getByLabel('Balance by').selectOption('module');
    for (const _ of ['Functions', 'Loops']) await page.getByRole('button', { name: 'Add a share' }).click();
    await expect
      .poll(() => page.getByLabel('Which', { exact: true }).first().inputValue(), within)
      .toBe('Functions');
    await page.getByText('Expert settings', { exact: true }).click();
    await page.getByLabel('Method').selectOption('MAP');
    await page.getByLabel('Criterion').selectOption('KL');
    await page.getByLabel('Classification: cut at θ').fill('0.5');
    await page.getByRole('button', { name: 'Create' }).click();
    const share = page.getByLabel('Rest items given to this share');
    await expect.poll(() => share.getAttribute('aria-invalid'), within).toBe('true');
    await share.fill('0.6');
    await picture('builder');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: '중간고사 연습' }).waitFor();
    plan = new URL(page.url()).pathname;
    const { config } = await stored();
    expect(config).toMatchObject({
      estimator: { method: 'MAP' },
      selection: { criterion: 'KL' },
      exposure: { r_max: 0.6, randomesque: { size: 5, items: 5 } },
      content: { by: 'module', proportions: { Functions: 1, Loops: 1 } },
      stop: { max_items: 20, se: 0.4, classification: { cut: 0.5 } },
    });
  });

  it('is simulated before it is released, with pictures and their numbers', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = teacher;
    await page.getByText('Simulate it first').waitFor();
    expect(await page.getByRole('button', { name: 'Release', exact: true }).count()).toBe(0);
    await page.locator('summary', { hasText: 'Who takes it' }).click();
    await page.getByLabel('Simulated students').fill('120');
    await page.getByRole('button', { name: 'Simulate', exact: true }).click();
    await page.getByText('Ready to release').waitFor();
    for (const name of [
      'Standard error by ability',
      'Bias by ability',
      'Use of the items',
      'How long tests get',
    ])
      await page.getByRole('heading', { name, exact: true }).waitFor();
    const card = page.locator('section.chart-card', { hasText: 'Bias by ability' });
    await card.locator('summary').click();
    const rows = card.getByRole('table').getByRole('row');
    await expect.poll(() => rows.count(), within).toBeGreaterThan(5);
    await picture('simulation');
  });

  it('needs another simulation when it was changed', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.getByRole('link', { name: 'Change' }).click();
    await page.getByLabel('Questions at most').fill('12');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Simulate it first').waitFor();
    await page.getByText('This report is of an earlier revision.').waitFor();
    await page.getByRole('button', { name: 'Simulate again' }).click();
    await page.getByText('Ready to release').waitFor();
    await page.getByRole('button', { name: 'Release', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByText('The classes have it').waitFor();
    expect(await stored()).toMatchObject({ status: 'released', bank_version: 1, release: 1 });
  });

  it('is seen live: each answer moves the student’s dot', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.goto(`/classes/${room.class_id}/live`);
    await page.getByText('Nobody takes a test now').waitFor();
    const mina = await begin(room.usernames.mina, 3);
    const row = page.getByRole('row', { name: /김민아/ });
    await row.waitFor();
    await mina(3);
    await expect.poll(() => row.textContent(), within).toMatch(/3[\s\S]*±/);
    const before = await row.locator('.whisker').getAttribute('aria-label');
    await mina(2);
    await expect.poll(() => row.locator('.whisker').getAttribute('aria-label'), within).not.toBe(before);
    await picture('live');
    await mina(20);
    await row.getByText('Completed').waitFor();
    const junho = await begin(room.usernames.junho, 2);
    await junho(2);
    await page.getByText('1 of 2 have finished').first().waitFor();
    expect(await flaws(page, `/classes/${room.class_id}/live`)).toEqual([]);
  });

  it('tells its teacher answer by answer how it went, and lets them leave one out', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = teacher;
    await page.getByRole('link', { name: '김민아' }).click();
    await page.getByRole('heading', { name: '김민아: 중간고사 연습' }).waitFor();
    await page
      .getByRole('button', { name: /^Change how it counts/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Say why.').waitFor();
    await page.getByLabel('Reason').fill('A wrong key');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Does not count').waitFor();
    await page.getByText(/Emmy Noether: θ .* A wrong key/).waitFor();
    expect(await flaws(page, new URL(page.url()).pathname)).toEqual([]);
  });

  it('ranks the class kindly, as its teacher chooses', { timeout: 2 * minutes }, async () => {
    const { page } = teacher;
    await page.goto(`/classes/${room.class_id}/results`);
    await page.getByRole('radio', { name: 'Tests' }).check();
    await page.getByRole('heading', { name: 'Standing' }).waitFor();
    await page.getByRole('row', { name: /김민아/ }).waitFor();
    const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await page.getByLabel('What students see of each other').selectOption('top');
    expect((await saved).status()).toBe(200);
    await picture('results');
  });

  it('has pages for everybody, in Korean too', { timeout: 3 * minutes }, async () => {
    const { page, errors } = teacher;
    const bank = `/item-banks/${bank_id}`;
    const pages = ['/exam-plans', plan, `${plan}/edit`, `${bank}/analysis`];
    for (const path of pages) expect(await flaws(page, path), path).toEqual([]);
    await speakKorean(page);
    const names =
      /Emmy Noether|Olivia Brown|Placement:|basics|Question|which|one|Loops|Functions|Strings|Numbers|E?MAP(sum)?|EAP(sum)?|MLE|WLE|MFI|SPRT|RMSE|[a-z_A-Z]*stratified|urry|closest|thOpt|interval|ML?P?WI|KLP?|GDIP?|MEI\w*|MEPV|progressive|proportional|random/g;
    for (const path of [...pages, `/classes/${room.class_id}/live`])
      expect(await englishWords(page, path, names), path).toEqual([]);
    expect(errors).toEqual([]);
  });
});
