import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { englishWords, flaws, speakKorean } from './everybody.ts';
import { furnishTestRoom, person, type TestRoom } from './test-room.ts';
import { password } from './world.ts';

const minutes = 60_000;

describeInBrowser('a student takes an adaptive test', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  let room: TestRoom;
  let first: Tab;
  let second: Tab;
  let guardian: Tab;
  let page: Page;
  let session_id = '';
  /** Everything that the server told the page while the test ran. */
  const heard: string[] = [];

  withSharedPlatform(async (started, launched) => {
    platform = started;
    browser = launched;
    room = await furnishTestRoom(platform);
    first = await openTab(browser, platform.origin);
    second = await openTab(browser, platform.origin);
    guardian = await openTab(browser, platform.origin);
    page = first.page;
    page.on('response', (response) => {
      if (/\/next$|\/attempts$/.test(response.url()))
        void response.text().then(
          (text) => heard.push(text),
          () => undefined,
        );
    });
  });
  oneAfterAnother(() => ({ first, second, guardian }));

  const heading = (n: number, of: Page = page) =>
    of.getByRole('heading', { name: `Question ${n}`, exact: true });
  /** Chooses or types something, whatever is asked. */
  const draft = async (of: Page = page) => {
    const form = of.locator('form.question');
    if ((await form.locator('.option').count()) > 0) await form.locator('.option').first().click();
    else if ((await of.getByLabel('Your answer: a number').count()) > 0)
      await of.getByLabel('Your answer: a number').fill('2.5');
    else await of.getByLabel('Your answer').fill('def');
  };
  const answer = async (of: Page = page) => {
    await draft(of);
    await of.getByRole('button', { name: 'Answer', exact: true }).click();
  };
  const stored = async () => {
    const { sessions } = await person(platform.origin, { username: room.username });
    return sessions.getExamSession({ params: { exam_session_id: session_id } });
  };

  it('learns how it goes before it begins', { timeout: minutes }, async () => {
    await signIn(page, room.username, password);
    await page.goto('/tests');
    await page.getByRole('link', { name: /^Where do I stand\?/ }).click();
    await page.getByText('there is no way back').waitFor();
    expect(await page.locator('.facts').textContent()).toContain('at most 8 questions');
    expect(await flaws(page, new URL(page.url()).pathname)).toEqual([]);
    await page.getByRole('button', { name: 'Start' }).click();
    await heading(1).waitFor();
    session_id = /tests\/([\w-]+)/.exec(page.url())?.[1] ?? '';
  });

  it('answers one question a screen by keyboard, and goes on at the next one', {
    timeout: minutes,
  }, async () => {
    const answerButton = page.getByRole('button', { name: 'Answer', exact: true });
    expect(await answerButton.isDisabled()).toBe(true);
    for (let n = 1; n <= 2; n += 1) {
      await heading(n).waitFor();
      await page.locator('form.question').focus();
      if ((await page.locator('.option').count()) > 0) await page.keyboard.press('2');
      else await draft();
      await page.keyboard.press('Enter');
      await heading(n + 1).waitFor();
      expect(await page.evaluate('document.activeElement.textContent')).toBe(`Question ${n + 1}`);
    }
    expect((await stored()).answered).toBe(2);
  });

  it('has a place for everybody, in light, in dark and on a phone', { timeout: minutes }, async () => {
    expect(await flaws(page, `/tests/${session_id}`)).toEqual([]);
    await page.getByRole('timer', { name: 'Time left for this test' }).waitFor();
  });

  it('keeps the question and what was chosen over a reload', { timeout: minutes }, async () => {
    await draft();
    const before = await page.locator('.question-body').textContent();
    const chosen = () => page.locator('.option input:checked').count();
    const typed = async () => ((await chosen()) > 0 ? '' : page.locator('.question .control').inputValue());
    const [marks, text] = [await chosen(), await typed()];
    await page.reload();
    await heading(3).waitFor();
    expect(await page.locator('.question-body').textContent()).toBe(before);
    expect([await chosen(), await typed()]).toEqual([marks, text]);
  });

  it('keeps an answer without a network, and sends it once when that is back', {
    timeout: minutes,
  }, async () => {
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Answer', exact: true }).click();
    await page.getByText('Your answers are kept on this device.').waitFor();
    expect((await stored()).answered).toBe(2);
    await page.context().setOffline(false);
    await heading(4).waitFor();
    expect((await stored()).answered).toBe(3);
  });

  it('sends after a reload what had been answered without a network', { timeout: minutes }, async () => {
    await page.context().setOffline(true);
    await answer();
    await page.getByText('Your answers are kept on this device.').waitFor();
    await page.goto('about:blank').catch(() => {});
    await page.context().setOffline(false);
    await page.goto(`/tests/${session_id}`);
    await heading(5).waitFor();
    expect((await stored()).answered).toBe(4);
  });

  it('goes on on another device, which the first one notices', { timeout: minutes }, async () => {
    await signIn(second.page, room.username, password);
    await second.page.getByRole('link', { name: 'Go on' }).click();
    await heading(5, second.page).waitFor();
    await answer(second.page);
    await heading(6, second.page).waitFor();
    await heading(6).waitFor();
    expect(await page.locator('.question-body').textContent()).toBe(
      await second.page.locator('.question-body').textContent(),
    );
  });

  it('ends with a score, how sure that is in plain words, and a picture of it', {
    timeout: minutes,
  }, async () => {
    for (let n = 6; n <= 8; n += 1) {
      await heading(n).waitFor();
      await answer();
    }
    await page.locator('.result-card').waitFor();
    const { score, band } = await stored();
    const [low, high] = [Math.round(band?.low ?? 0), Math.round(band?.high ?? 0)];
    expect(await page.locator('.result-head').textContent()).toContain(String(Math.round(score ?? 0)));
    await page.getByText(`lies between ${low} and ${high} with 95 % confidence`).waitFor();
    await page
      .getByRole('img', { name: new RegExp(`^A number line .* between ${low} and ${high}`) })
      .waitFor();
    expect(await page.locator('.answered').count()).toBe(8);
    await second.page.locator('.result-card').waitFor();
  });

  it('was told nothing of keys, parameters or its ability on the way', () => {
    expect(heard.length).toBeGreaterThan(8);
    expect(heard.join('\n')).not.toMatch(/"(key|explanation|parameters|theta|standard_error|correct|tags)"/);
  });

  it('gives up a test that has too few answers for a result', { timeout: minutes }, async () => {
    await page.goto(`/tests/plans/${room.plan_id}`);
    await page.getByRole('button', { name: 'Start another attempt' }).click();
    await heading(1).waitFor();
    await page.getByRole('button', { name: 'End the test' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'End the test' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the test' }).click();
    await page.getByText('This test was ended before there were enough answers').waitFor();
  });

  it('shows results to the student and the guardian on pages for everybody', {
    timeout: 3 * minutes,
  }, async () => {
    const result = `/tests/${session_id}/result`;
    for (const path of ['/tests', result]) expect(await flaws(page, path), path).toEqual([]);
    const theirs = guardian.page;
    await signIn(theirs, room.guardian, password);
    await settled(theirs);
    await theirs
      .getByRole('link', { name: /^Where do I stand\?/ })
      .first()
      .waitFor();
    for (const path of ['/', `/children/${room.student_id}`, result])
      expect(await flaws(theirs, path), path).toEqual([]);
    await theirs.locator('.result-card').waitFor();
  });

  it('ends early with a result, of which it shows a range alone where the plan says so', {
    timeout: minutes,
  }, async () => {
    await room.teacher.plans.updateExamPlan({
      params: { plan_id: room.plan_id },
      body: { feedback: { when: 'after_session', show: 'band', show_answers: false } },
    });
    await page.goto(`/tests/plans/${room.plan_id}`);
    await page.getByText('At once, as a range').waitFor();
    await page.getByRole('button', { name: 'Start another attempt' }).click();
    for (let n = 1; n <= 3; n += 1) {
      await heading(n).waitFor();
      await answer();
    }
    await heading(4).waitFor();
    await page.getByRole('button', { name: 'End the test' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the test' }).click();
    await page.getByText('what you can really do lies in this range').waitFor();
    expect(await page.locator('.result-head').textContent()).toMatch(/^\d+ to \d+/);
    expect(await page.locator('.answered').count()).toBe(0);
  });

  it('speaks Korean', { timeout: minutes }, async () => {
    await speakKorean(page);
    const names = /Where do I stand|Enter|Loops and numbers|def/g;
    for (const path of ['/tests', `/tests/plans/${room.plan_id}`, `/tests/${session_id}/result`])
      expect(await englishWords(page, path, names), path).toEqual([]);
  });

  it('had no error in its tabs, nor a breach of its content security policy', () => {
    expect([...first.errors, ...second.errors, ...guardian.errors]).toEqual([]);
  });
});
