/** What every page owes to everybody: no finding of axe in light and in dark, room on a phone, the reader's language. */
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { settled } from './chromium.ts';

const desktop = { width: 1280, height: 800 };
const phone = { width: 320, height: 640 };

/** The rules of axe whose answer depends on the colours. */
const ofColours = ['color-contrast', 'link-in-text-block'];

/** What is wrong with a page in light, in dark and at 320 pixels; leaves it as a desktop shows it in light. */
export async function flaws(page: Page, path: string): Promise<string[]> {
  await page.goto(path);
  await settled(page);
  await openAll(page);
  const inLight = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const inDark = await violations(page, ofColours);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...inLight, ...inDark.map((flaw) => `dark: ${flaw}`), ...(await tooWide(page))];
}

async function tooWide(page: Page): Promise<string[]> {
  await page.setViewportSize(phone);
  // charts follow their frame a moment later; asked again from here, since the policy refuses text that the page evaluates
  const until = performance.now() + 3_000;
  let width = await widthOf(page);
  while (width > phone.width && performance.now() < until) {
    await page.waitForTimeout(50);
    width = await widthOf(page);
  }
  await page.setViewportSize(desktop);
  return width > phone.width ? [`${width} pixels wide on a phone`] : [];
}

const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

/** What axe finds on the page as it stands, by all of its rules or by some. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  // its preloading of a shadow root's style sheets would write a <style> that the policy refuses
  const only = rules && { runOnly: { type: 'rule', values: rules } };
  const options = { preload: false, resultTypes: ['violations'], ...only };
  const { violations: found } = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

export const openAll = (page: Page): Promise<unknown> =>
  page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');

/** The language is kept with the account before anybody leaves the page. */
export async function speakKorean(page: Page): Promise<void> {
  await page.goto('/account');
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await page.locator('main').getByRole('radio', { name: '한국어' }).check();
  await page.getByRole('heading', { name: '내 계정' }).waitFor();
  await saved;
}

/** Words that are the same in every language, and what people and programs are called. */
const international =
  /[Ll]yceum|Demo School|English|Administrator|PPO|KL|ID|CPU|JSON|zip|Python|JavaScript|TypeScript|Asia|Seoul|\w+\([^)]*\)|[a-z]\w*\/[\w.-]+|[\w.]+@[\w.-]+|[A-Z0-9]{4}-[A-Z0-9]{4}|\b\w+_\w+\b/g;

/**
 * What a Korean reader would see or hear in Latin letters, but for the names that the test itself gave; what authors
 * wrote is marked with its own language.
 */
export async function englishWords(page: Page, path: string, names: RegExp): Promise<string[]> {
  await page.goto(path);
  await settled(page);
  await openAll(page);
  const texts = await page.evaluate<string[]>(`(() => {
    const seen = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      if (!walker.currentNode.parentElement.closest('noscript, datalist, pre, textarea, main [lang]'))
        seen.push(walker.currentNode.textContent);
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder']) seen.push(element.getAttribute(name) ?? '');
    return seen;
  })()`);
  return texts.filter((text) =>
    /[A-Za-z]{3,}/.test(text.replaceAll(international, '').replaceAll(names, '')),
  );
}
