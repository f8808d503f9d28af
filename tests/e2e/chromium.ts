/** A real Chromium, and tabs in it. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const candidates = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
export const executablePath = candidates.find((path) => path !== '' && existsSync(path));
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });

export interface Tab {
  readonly page: Page;
  /** What the page reported as an error, its content security policy included; refused requests are not errors. */
  readonly errors: readonly string[];
}

/** A tab of its own: nobody is signed in. */
export async function openTab(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({
    baseURL: origin,
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  return { page, errors: watchErrors(page) };
}

export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = [];
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const refused = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !refused) errors.push(`${message.text()} (${message.location().url})`);
  });
  return errors;
}

export async function signIn(page: Page, name: string, password: string, path = '/'): Promise<void> {
  await page.goto(path);
  await page.locator('input[name=email]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('main h1').waitFor();
  await page.locator('.sidebar').waitFor({ state: 'attached' });
}

/** Waits until nothing on the page shows the shape of something that loads. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}
