import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Browser } from 'playwright-core';
import { expect, it } from 'vitest';
import { contracts } from '#shared/contracts/index.ts';
import { createClient } from '#shared/http/client.ts';
import type { SharedPlatform } from '#tests/support/shared-platform.ts';
import { describeInBrowser, keepPictures, withSharedPlatform } from './browser.ts';
import { openTab, settled } from './chromium.ts';

const minutes = 60_000;

describeInBrowser('the demo school, as it starts', () => {
  let platform: SharedPlatform;
  let browser: Browser;
  withSharedPlatform((started, launched) => {
    platform = started;
    browser = launched;
  });

  it.each([
    ['Teacher', '한지우', 'Programming 10'],
    ['Student', '김민아', undefined],
    ['Guardian', '김영희', '김민아'],
  ])('is entered as %s by a button, without a password', { timeout: minutes }, async (role, name, shown) => {
    const tab = await openTab(browser, platform.origin);
    const { page, errors } = tab;
    try {
      await page.goto('/');
      await page.getByRole('heading', { name: 'Look around in the demo school as' }).waitFor();
      await page.getByRole('button', { name: role, exact: true }).click();
      await page.locator('.sidebar').waitFor({ state: 'attached' });
      await settled(page);
      await page.getByText(name).first().waitFor();
      if (shown !== undefined) await page.getByText(shown).first().waitFor();
      expect(errors).toEqual([]);
    } catch (error) {
      await keepPictures({ [role]: tab });
      throw error;
    }
    await page.context().close();
  });

  it('has its forty exercises, and the class its homework', { timeout: minutes }, async () => {
    const anybody = createClient(contracts.auth, { origin: platform.origin });
    const { access_token } = await anybody.demoSignIn({ body: { role: 'student' } });
    const student = createClient(contracts.code, { origin: platform.origin, token: () => access_token });
    const titles = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await student.listExercises({ query: { limit: 25, ...(cursor && { cursor }) } });
      for (const { title, titles: others } of page.items) {
        titles.add(title);
        expect(others['ko']).toBeDefined();
      }
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(titles.size).toBeGreaterThanOrEqual(40);
    const { items } = await student.listAssignments({ query: {} });
    expect(items.map(({ class_name, mine }) => [class_name, mine?.is_open])).toEqual([
      ['Programming 10', true],
      ['Programming 10', true],
    ]);
  });

  it('is not entered under another name than its own, whatever a client claims', {
    timeout: minutes,
  }, async () => {
    const asked = async (headers: Record<string, string>): Promise<number> => {
      const call = request(`${platform.origin}/api/auth/demo`, { headers }).end();
      const [response]: IncomingMessage[] = await once(call, 'response');
      response?.resume();
      return response?.statusCode ?? 0;
    };
    expect(await asked({})).toBe(200);
    expect(await asked({ host: 'abc.tunnel.example', 'x-forwarded-host': '127.0.0.1' })).toBe(421);
  });
});
