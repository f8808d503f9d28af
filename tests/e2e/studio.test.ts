import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { trainingContract } from '#shared/contracts/training.ts';
import { policyFromTensors, readSafetensors, writeTfjs } from '#shared/domain/rl/policy/index.ts';
import { balancingFile, balancingTensors } from '#tests/support/policies.ts';
import { describeInBrowser, oneAfterAnother, withSharedPlatform } from './browser.ts';
import { openTab, settled, signIn, type Tab } from './chromium.ts';
import { englishWords, flaws, speakKorean } from './everybody.ts';
import { furnish, password, type World } from './world.ts';

const minutes = 60_000;
/** A reading that was gathered before the page had reason to stop may still be asked for: milliseconds. */
const underWay = 2_000;

/** What papers and libraries call things in every language, and what the test itself has named. */
const names =
  /PPO|DQN|CSV|JSONL|safetensors|TensorFlow\.js|SAC|CartPole-v1|FrozenLake-v1|seoyeon|lake|[Ll]yceum|\b(seed|gamma|engine|environment|activation|tau|tanh|relu|auto|fast|reference|sab|natural|desc|off|on)\b/g;

const choose = (page: Page, field: string, option: string) =>
  page.locator(`select[name=${field}]`).selectOption(option);

const fileOf = (name: string, content: Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

const sweepUrl = /\/api\/training\/sweeps\/[^/]+$/;

/** What a sweep's page asks for: how often it reads the sweep, and which topics it follows now. */
function watchSweep(page: Page) {
  const asked = { readings: 0, topics: new Set<string>() };
  page.on('request', (request) => {
    if (sweepUrl.test(request.url())) asked.readings += 1;
  });
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { action, topic } = JSON.parse(String(payload)) as { action: string; topic?: string };
      if (topic === undefined) return;
      if (action === 'subscribe') asked.topics.add(topic);
      else asked.topics.delete(topic);
    });
  });
  return asked;
}

/** As when another tab comes to the front, or this one does. */
const hide = (page: Page, isHidden: boolean): Promise<void> =>
  page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${isHidden ? 'hidden' : 'visible'}' });
    document.dispatchEvent(new Event('visibilitychange'));
  `);

/** The name of the file that a button hands to the browser's downloads. */
async function saved(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  return (await download).suggestedFilename();
}

describeInBrowser('the training studio', () => {
  let world: World;
  let student: Tab;
  /** Where pages are that the tests have made. */
  let compared = '';
  let sweep = '';

  withSharedPlatform(async (platform, browser) => {
    world = await furnish(platform);
    student = await openTab(browser, platform.origin);
    await signIn(student.page, world.username, password);
  });
  oneAfterAnother(() => ({ student }));

  it('asks for what the chosen environment and algorithm have, with tuned values where there are some', {
    timeout: minutes,
  }, async () => {
    const { page } = student;
    await page.goto('/trainings/new');
    await settled(page);
    expect(await page.locator('select[name=environment] option').count()).toBeGreaterThanOrEqual(10);
    await choose(page, 'environment', 'Pendulum-v1');
    await page.getByText('Advanced settings').click();
    expect(await page.getByLabel('use_sde', { exact: true }).inputValue()).toBe('true');
    expect(await page.getByLabel('gamma').inputValue()).toBe('0.9');
    await page.getByRole('radio', { name: 'Defaults' }).check();
    expect(await page.getByLabel('gamma').inputValue()).toBe('0.99');
    await choose(page, 'environment', 'FrozenLake-v1');
    expect(await page.getByLabel('map_name').inputValue()).toBe('4x4');
    expect(await page.getByLabel('use_sde', { exact: true }).count()).toBe(0);
    await choose(page, 'algorithm', 'dqn');
    expect(await page.getByLabel('exploration_fraction').inputValue()).toBe('0.8');
    expect(await page.getByLabel('clip_range', { exact: true }).count()).toBe(0);
    await choose(page, 'algorithm', 'ppo');
  });

  it('says at the field which rule is broken, and keeps what was typed', { timeout: minutes }, async () => {
    const { page } = student;
    await page.locator('input[name=name]').fill('lake');
    await page.getByLabel('batch_size').fill('4096');
    await page.getByLabel('seed', { exact: true }).fill('1, two');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('It must not be larger than n_steps times n_envs, which is 2,048.').waitFor();
    await page.getByText(/^Whole numbers from 0/).waitFor();
    expect(await page.locator('input[name=name]').inputValue()).toBe('lake');
    expect(await page.getByLabel('batch_size').getAttribute('aria-invalid')).toBe('true');
  });

  it('starts a run for each seed and draws them in one chart while they learn', {
    timeout: 3 * minutes,
  }, async () => {
    const { page } = student;
    await page.getByLabel('batch_size').fill('64');
    await page.getByLabel('n_steps').fill('256');
    await page.getByLabel('n_epochs').fill('1');
    await page.getByLabel('Steps', { exact: true }).fill('1024');
    await page.getByLabel('eval_frequency').fill('512');
    await page.getByLabel('seed', { exact: true }).fill('1, 2');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByRole('heading', { name: 'Compare trainings' }).waitFor();
    const results = page.getByRole('table', { name: 'Results' });
    await expect
      .poll(() => results.getByText('Completed', { exact: true }).count(), { timeout: 2 * minutes })
      .toBe(2);
    await results.getByText('lake · 2').waitFor();
    await page.getByRole('img', { name: /^Return: 2 curves/ }).waitFor();
    const differing = page.getByRole('region', { name: 'What differs' }).locator('tbody tr');
    expect(await differing.count()).toBe(1);
    expect(await differing.textContent()).toContain('seed');
  });

  it('averages over seeds, and looks closer by keyboard as by pointer', { timeout: minutes }, async () => {
    const { page } = student;
    await page.getByLabel('Mean over seeds').check();
    await page.getByRole('img', { name: /^Return: 1 curves/ }).waitFor();
    await page.getByLabel('Logarithmic').check();
    await page.getByRole('button', { name: 'Zoom in' }).press('Enter');
    await page.getByRole('button', { name: 'Later' }).press('Enter');
    await page.getByRole('button', { name: 'All steps' }).press('Enter');
    await page.getByRole('button', { name: 'All steps' }).waitFor({ state: 'detached' });

    const chart = await page.getByRole('img', { name: /^Evaluations: / }).boundingBox();
    if (!chart) throw new Error('The chart has no place.');
    await page.mouse.move(chart.x + chart.width * 0.3, chart.y + 60);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width * 0.7, chart.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'All steps' }).waitFor();
    await page.locator('summary', { hasText: 'NumbersEvaluations' }).click();
    const rows = page.getByRole('region', { name: 'Numbers of the curve: Evaluations' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
  });

  it('plays the best episode on the ice, and starts again from the same settings', {
    timeout: minutes,
  }, async () => {
    const { page } = student;
    await page.getByRole('link', { name: 'lake · 1' }).click();
    await page.getByRole('heading', { name: 'lake' }).waitFor();
    await page.getByRole('img', { name: 'Frozen lake' }).waitFor();
    await page.locator('summary', { hasText: 'Checkpoints' }).click();
    await page.getByText('latest', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Train again with these settings' }).click();
    await page.getByRole('heading', { name: 'New training' }).waitFor();
    await settled(page);
    expect(await page.locator('select[name=environment]').inputValue()).toBe('FrozenLake-v1');
    await page.getByText('Advanced settings').click();
    expect(await page.getByLabel('n_steps').inputValue()).toBe('256');
    expect(await page.getByLabel('seed', { exact: true }).inputValue()).toBe('');
  });

  it('pauses a training and lets it go on', { timeout: 3 * minutes }, async () => {
    const { page } = student;
    await page.getByLabel('Steps', { exact: true }).fill('5000000');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: minutes });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Paused', { exact: true }).first().waitFor({ timeout: minutes });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: minutes });
    await page.getByRole('button', { name: 'Cancel training' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel training' }).click();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
  });

  it('saves the metrics and the policy, and has the server verify it for the leaderboard', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = student;
    await page.goto(`/trainings/${world.session_id}`);
    await settled(page);
    expect(await saved(page, 'CSV')).toMatch(/\.csv$/);
    expect(await saved(page, 'safetensors')).toMatch(/\.safetensors$/);
    await page.locator('summary', { hasText: 'Checkpoints' }).click();
    const asked = page.waitForResponse(/\/checkpoints\/4096\/export$/);
    await page.getByRole('button', { name: 'Download the checkpoint of step 4,096' }).click();
    const { urls } = trainingContract.exportCheckpoint.response.parse(await (await asked).json());
    const checkpoint = new Uint8Array(await (await fetch(urls[0] ?? '')).arrayBuffer());
    expect(readSafetensors(checkpoint).tensors.length).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Enter on the leaderboard' }).click();
    await page.getByText(/^Verified: a mean return of/).waitFor({ timeout: minutes });
    const board = page.getByRole('table', { name: 'Leaderboard' });
    await board.getByText('You', { exact: true }).first().waitFor();
    await board.getByRole('button', { name: /^Watch/ }).click();
    await page.getByRole('dialog').getByRole('img', { name: 'Cart and pole' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('enters policies from files, says what is wrong with one, and shows the board of a class', {
    timeout: 2 * minutes,
  }, async () => {
    const { page } = student;
    await page.goto('/trainings/leaderboards/CartPole-v1');
    await settled(page);
    await page.getByRole('button', { name: 'Enter a file' }).press('Enter');
    const files = page.getByLabel('Files', { exact: true });
    await files.setInputFiles(fileOf('notes.txt', Buffer.from('no policy')));
    await page.getByText('There is neither a .safetensors file in it nor a model.json.').waitFor();
    await files.setInputFiles(fileOf('nan.safetensors', balancingFile(Number.NaN)));
    await page.getByText('weights must be finite').waitFor();
    const { model, weights } = writeTfjs(
      policyFromTensors({ environment: 'CartPole-v1', env_kwargs: {} }, balancingTensors()),
    );
    await files.setInputFiles([fileOf('model.json', Buffer.from(model)), fileOf('weights.bin', weights)]);
    await page.getByText('Verified: a mean return of 500 over').waitFor({ timeout: minutes });
    const first = new URL(page.url()).searchParams.get('entry');
    await page.getByRole('button', { name: 'Enter a file' }).click();
    const zip = zipSync({ 'policy/model.json': Buffer.from(model), 'policy/weights.bin': weights });
    await files.setInputFiles(fileOf('policy.zip', zip));
    await page.waitForURL(({ searchParams }) => searchParams.get('entry') !== first);
    await page.getByText('Verified: a mean return of 500 over').waitFor({ timeout: minutes });
    const board = page.getByRole('table', { name: 'Leaderboard' });
    await board.getByText('uploaded').waitFor();

    await page.getByRole('combobox', { name: 'Whose board' }).selectOption('인공지능 10B');
    await page.waitForURL(/class_id=/);
    await board.getByText('You', { exact: true }).first().waitFor();
  });

  it('compares what is chosen in the list', { timeout: minutes }, async () => {
    const { page } = student;
    await page.goto('/trainings');
    await settled(page);
    await page.getByLabel('Choose lake').first().check();
    expect(await page.getByRole('link', { name: /^Compare/ }).count()).toBe(0);
    await page.getByLabel('Choose 첫 훈련').check();
    await page.getByRole('link', { name: 'Compare 2' }).click();
    await page.getByRole('table', { name: 'Results' }).getByText('첫 훈련').waitFor();
    const { pathname, search } = new URL(page.url());
    compared = pathname + search;
  });

  it('shows what goes wrong in a training and what to try', { timeout: 2 * minutes }, async () => {
    const { page } = student;
    await page.goto('/trainings/new');
    await settled(page);
    await page.getByLabel('Steps', { exact: true }).fill('4096');
    await page.getByText('Advanced settings').click();
    await page.getByLabel('n_steps').fill('64');
    await page.getByLabel('learning_rate', { exact: true }).fill('0.1');
    await page.getByLabel('seed', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Start training' }).click();
    const progress = page.getByRole('region', { name: 'Progress' });
    await progress
      .getByText('It has stopped exploring before the task was solved.')
      .waitFor({ timeout: minutes });
    await progress.getByText('raise entropy_coef').waitFor();
  });

  it('searches over settings, and says before it starts what that comes to', {
    timeout: minutes,
  }, async () => {
    const { page } = student;
    await page.goto('/trainings');
    await page.getByRole('link', { name: 'Sweeps' }).click();
    await page.getByText('No sweeps yet').waitFor();
    await page.getByRole('link', { name: 'New sweep' }).first().click();
    await settled(page);
    await page.locator('input[name=name]').fill('탐색');
    await page.getByLabel('Steps', { exact: true }).fill('1024');
    await page.getByLabel('learning_rate', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Start sweep' }).click();
    await page.getByText('Type at least one value.').waitFor();
    await page.getByLabel('learning_rate', { exact: true }).fill('0.001, 0.01');
    await choose(page, 'space', 'gamma');
    await page.getByRole('button', { name: 'Do not vary gamma' }).press('Enter');
    await choose(page, 'space', 'n_epochs');
    await page.getByLabel('n_epochs', { exact: true }).fill('1, 2');
    await page.getByLabel('Seeds each').fill('9');
    await page.getByRole('button', { name: 'Start sweep' }).click();
    await page.getByText('That makes 36 runs, and a sweep has at most 30.').waitFor();
    await page.getByLabel('Seeds each').fill('2');
    await page.getByText('4 combinations, 8 runs, 8,192 steps').waitFor();
    await page.getByText('Advanced settings').click();
    await page.getByLabel('n_steps').fill('256');
    await page.getByLabel('eval_frequency').fill('512');
  });

  it('ranks the settings by the mean over their seeds, as a picture and as a table', {
    timeout: 4 * minutes,
  }, async () => {
    const { page } = student;
    const asked = watchSweep(page);
    await page.getByRole('button', { name: 'Start sweep' }).click();
    await page.getByRole('heading', { name: '탐색' }).waitFor();
    const progress = page.getByRole('region', { name: 'Progress' });
    await expect.poll(() => asked.topics.size).toBeGreaterThan(0);
    await hide(page, true);
    await page.waitForTimeout(underWay);
    const whenHidden = asked.readings;
    await page.waitForTimeout(5_000);
    expect(asked.readings).toBe(whenHidden);
    await hide(page, false);
    await progress.getByText('8 of 8 ended').waitFor({ timeout: 3 * minutes });
    await page.waitForTimeout(underWay);
    expect(asked.topics.size).toBe(0);
    const whenEnded = asked.readings;
    await page.waitForTimeout(4_000);
    expect(asked.readings).toBe(whenEnded);
    await page.getByRole('img', { name: 'Returns by combination, 4 combinations.' }).waitFor();
    await page.getByRole('combobox', { name: 'Across' }).selectOption('learning_rate');
    await page.getByRole('img', { name: 'Returns by learning_rate, 4 combinations.' }).waitFor();
    const trials = page.getByRole('table', { name: 'Combinations, the best first' }).locator('tbody tr');
    expect(await trials.count()).toBe(4);
    expect(await trials.first().textContent()).toMatch(/best.*\d ± \d/);
    const runs = page.getByRole('table', { name: 'Runs' });
    expect(await runs.getByText('Completed', { exact: true }).count()).toBe(8);
    await runs
      .getByRole('link', { name: /^#1 · seed/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'The sweep it belongs to' }).click();
    await page.getByRole('heading', { name: '탐색' }).waitFor();
    sweep = new URL(page.url()).pathname;
  });

  it('keeps the runs of a sweep out of the list of trainings until they are asked for', {
    timeout: minutes,
  }, async () => {
    const { page } = student;
    await page.goto('/trainings');
    await settled(page);
    const rows = page.getByRole('table', { name: 'Trainings' }).locator('tbody tr');
    const runs = rows.filter({ hasText: /탐색 #\d/ });
    expect(await runs.count()).toBe(0);
    expect(await rows.count()).toBeGreaterThan(0);
    await page.getByRole('checkbox', { name: 'Runs of sweeps too' }).check();
    await expect.poll(() => runs.count()).toBe(8);
  });

  it('draws settings at random, and cancels all that has not ended', { timeout: 2 * minutes }, async () => {
    const { page } = student;
    await page.goto('/trainings/sweeps/new');
    await settled(page);
    await page.getByRole('radio', { name: 'Random' }).check();
    await page.getByLabel('learning_rate from').fill('0.01');
    await page.getByLabel('learning_rate up to').fill('0.001');
    await page.getByRole('button', { name: 'Start sweep' }).click();
    await page.getByText('Type two numbers, the smaller one first.').waitFor();
    await page.getByLabel('learning_rate up to').fill('0.1');
    await page.getByLabel('Combinations').fill('3');
    await page.getByLabel('Steps', { exact: true }).fill('1000000');
    await page.getByLabel('Seeds each').fill('1');
    await page.getByRole('button', { name: 'Start sweep' }).click();
    const steps = page.getByRole('region', { name: 'Progress' }).getByText(/ 3,000,000$/);
    await steps.waitFor();
    // what moves without a reading comes by the socket
    await page.route(sweepUrl, (route) => route.abort());
    const read = await steps.textContent();
    await expect.poll(() => steps.textContent(), { timeout: minutes }).not.toBe(read);
    await page.unroute(sweepUrl);
    await page.getByRole('button', { name: 'Cancel all' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel all' }).press('Enter');
    await page.getByText('The sweep is cancelled.').waitFor();
    const runs = page.getByRole('table', { name: 'Runs' });
    await expect.poll(() => runs.getByText('Cancelled', { exact: true }).count()).toBe(3);
    await page.getByRole('link', { name: 'Sweeps', exact: true }).click();
    await page.getByRole('table', { name: 'Sweeps' }).getByText('Cancelled').waitFor();
  });

  it('has a place for everybody, and speaks Korean without leftovers of English', {
    timeout: 3 * minutes,
  }, async () => {
    const { page } = student;
    const pages = [
      '/trainings/new',
      '/trainings/leaderboards/CartPole-v1',
      '/trainings/sweeps',
      '/trainings/sweeps/new',
      sweep,
      compared,
    ];
    for (const path of pages) expect(await flaws(page, path), path).toEqual([]);
    await speakKorean(page);
    for (const path of [...pages, `/trainings/${world.session_id}`])
      expect(await englishWords(page, path, names), path).toEqual([]);
    expect(student.errors).toEqual([]);
  });
});
