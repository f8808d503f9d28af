/**
 * One platform for the files of a project: a platform of its own costs each of them some 14 s of CPU. Who uses it makes
 * its own people and classes (unique.ts), and asks nothing about all that a school has.
 */
import type { TestProject } from 'vitest/node';
import { type Platform, startPlatform } from './platform.ts';
import prepareAssembly from './product-assembly.ts';

/** What a file may know of a platform that it shares: it is not the one to end it. */
export type SharedPlatform = Pick<Platform, 'origin' | 'adminEmail' | 'adminPassword'>;

declare module 'vitest' {
  export interface ProvidedContext {
    platform: SharedPlatform;
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await prepareAssembly();
  const platform = await startPlatform();
  const { origin, adminEmail, adminPassword } = platform;
  provide('platform', { origin, adminEmail, adminPassword });
  return async () => {
    await platform.stop();
  };
}
