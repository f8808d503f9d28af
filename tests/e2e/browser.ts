/** How a test uses the browser. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, inject } from 'vitest';
import { type Platform, startPlatform } from '#tests/support/platform.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { executablePath, launchChromium, type Tab } from './chromium.ts';

const minutes = 60_000;

const isRequired = process.env['LYCEUM_REQUIRE_BROWSER'] === '1';

if (executablePath === undefined && isRequired)
  throw new Error('LYCEUM_REQUIRE_BROWSER=1, but there is no Chromium. Install it or set CHROMIUM_PATH.');

/** `describe`, skipped with its reason where there is no Chromium. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (executablePath === undefined)
    describe.skip(`${name} (skipped: no Chromium found; install it or set CHROMIUM_PATH)`, tests);
  else describe(name, tests);
};

/** Starts a platform and a browser for the tests of the block, and furnishes them; stops both after the last. */
export function withPlatform(furnish: (platform: Platform, browser: Browser) => Promise<void> | void): void {
  let platform: Platform | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    // kept one by one: where one of them does not start, the other is still stopped
    const starting = startPlatform().then((started) => (platform = started));
    const launching = launchChromium().then((launched) => (browser = launched));
    await Promise.allSettled([starting, launching]);
    await furnish(await starting, await launching);
  }, 4 * minutes);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  }, minutes);
}

/** As `withPlatform`, on the platform that files share: for those that look at nothing but what they have made. */
export function withSharedPlatform(
  furnish: (platform: SharedPlatform, browser: Browser) => Promise<void> | void,
): void {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
    await furnish(inject('platform'), browser);
  }, 4 * minutes);
  afterAll(() => browser?.close(), minutes);
}

/** Each test goes on where the one before has left the tabs: after a failure, the rest are skipped. */
export function oneAfterAnother(tabs: () => Readonly<Record<string, Tab>>): void {
  let broken = false;
  beforeEach(({ skip, onTestFailed }) => {
    skip(broken, 'a test before this one has failed');
    onTestFailed(async () => {
      broken = true;
      await keepPictures(tabs());
    });
  });
}

/** Pictures of what went wrong, for those who ask for them with LYCEUM_PICTURES=<folder>. */
export async function keepPictures(tabs: Readonly<Record<string, Tab>>): Promise<void> {
  const folder = process.env['LYCEUM_PICTURES'];
  if (folder === undefined) return;
  for (const [name, { page }] of Object.entries(tabs))
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
