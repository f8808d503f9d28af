/** What the runner's tests share: one fixture cloud, and ways to look at what it did. */
import { type Platform, type PlatformOptions, startPlatform } from '#tests/support/platform.ts';
import { fixtureAssembly } from './fixtures/assembly.ts';

export const startFixture = (options: PlatformOptions = {}): Promise<Platform> =>
  startPlatform({ assembly: fixtureAssembly(), ...options });

export const call = (platform: Platform, action: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${platform.origin}/api/thing/${action}`, init);

export const post = (platform: Platform, action: string, body: unknown): Promise<Response> =>
  call(platform, action, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export type Item = Readonly<Record<string, unknown>>;

/** A JSON reply; what it should be is what the test then checks. */
export const jsonOf = async <T = Readonly<Record<string, never>>>(
  response: Response | Promise<Response>,
): Promise<T> => {
  const body: unknown = await (await response).json();
  return body as T;
};

/** An item of the fixture's table. */
export async function item(platform: Platform, pk: string, sk: string): Promise<Item | undefined> {
  const response = await call(platform, `item?${new URLSearchParams({ pk, sk })}`);
  return response.status === 200 ? jsonOf<Item>(response) : undefined;
}

/** Looks again until there is something, for at most `ms`. */
export async function eventually<T>(look: () => Promise<T | undefined>, ms = 10_000): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`Nothing came within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits for a counter of the fixture's table to reach a number. */
export const counted = (platform: Platform, pk: string, sk: string, n = 1, ms?: number): Promise<Item> =>
  eventually(async () => {
    const found = await item(platform, pk, sk);
    return Number(found?.['n'] ?? 0) >= n ? found : undefined;
  }, ms);

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
