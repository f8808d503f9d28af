/** How a test uses the browser. */
import { join } from 'node:path';
import { describe } from 'vitest';
import { executablePath, type Tab } from './chromium.ts';

const isRequired = process.env['LYCEUM_REQUIRE_BROWSER'] === '1';

if (executablePath === undefined && isRequired)
  throw new Error('LYCEUM_REQUIRE_BROWSER=1, but there is no Chromium. Install it or set CHROMIUM_PATH.');

/** `describe`, skipped with its reason where there is no Chromium. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (executablePath === undefined)
    describe.skip(`${name} (skipped: no Chromium found; install it or set CHROMIUM_PATH)`, tests);
  else describe(name, tests);
};

/** Pictures of what went wrong, for those who ask for them with LYCEUM_PICTURES=<folder>. */
export async function keepPictures(tabs: Readonly<Record<string, Tab>>): Promise<void> {
  const folder = process.env['LYCEUM_PICTURES'];
  if (folder === undefined) return;
  for (const [name, { page }] of Object.entries(tabs))
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
