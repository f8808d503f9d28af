import '#tests/support/quiet.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPolicyPage } from '#functions/policies/build.ts';
import { writePolicy } from '#shared/domain/rl/policy/index.ts';
import { executablePath, launchChromium, watchErrors } from '#tests/e2e/chromium.ts';
import { balancingTensors } from '#tests/support/policies.ts';
import { scratch } from '#tests/support/scratch.ts';

const folder = scratch('page');
let browser: Browser | undefined;
afterAll(() => browser?.close());

/** The page with a policy in it, as the archive has it, on the disk. */
async function pageWith(policy: string): Promise<string> {
  const template = await readFile(join(folder, 'policy-page.html'), 'utf8');
  const file = join(folder, `${crypto.randomUUID()}.html`);
  await writeFile(file, template.replace('{{policy}}', policy));
  return pathToFileURL(file).href;
}

const balancing = Buffer.from(
  writePolicy({ environment: 'CartPole-v1', env_kwargs: {}, tensors: balancingTensors() }),
).toString('base64');

describe.skipIf(executablePath === undefined)('the page of an exported policy', () => {
  beforeAll(async () => {
    await buildPolicyPage(folder);
    browser = await launchChromium();
  });
  const open = async (url: string) => {
    const page = await browser?.newPage({ reducedMotion: 'reduce' });
    if (!page) throw new Error('no browser');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const errors = watchErrors(page);
    await page.goto(url);
    return { page, errors, requests };
  };

  test('opens from the disk, asks for nothing, and plays an episode to its end', async () => {
    const url = await pageWith(balancing);
    const { page, errors, requests } = await open(url);
    expect(await page.textContent('h1')).toBe('Cart and pole (CartPole-v1)');
    expect(await page.textContent('#state')).toBe('Step 0, return 0');
    await page.click('#play');
    await page.locator('#state', { hasText: /^Step 2/ }).waitFor();
    await page.click('#play');
    const painted = await page.evaluate(
      "(() => { const c = document.getElementById('scene'); return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size; })()",
    );
    expect(painted).toBeGreaterThan(3);
    expect(errors).toEqual([]);
    expect(requests).toEqual([url]);
  });

  test('says what is wrong with a policy that cannot be read', async () => {
    const { page, errors } = await open(await pageWith(Buffer.from('nothing').toString('base64')));
    expect(await page.textContent('#state')).toContain('the file is shorter than');
    expect(errors).toEqual([]);
  });

  test('does not run what somebody writes into the place of the policy', async () => {
    const { page } = await open(await pageWith('</script><script>document.title="taken"</script>'));
    expect(await page.title()).not.toBe('taken');
  });
});
