import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';

export interface BorrowedPlatform {
  readonly origin: string;
  readonly giveBack: () => Promise<void>;
}

/** The platform at `origin` if one answers there, else one of its own in a temporary folder. */
export async function borrowPlatform(origin: string, say: (text: string) => void): Promise<BorrowedPlatform> {
  const answers = await fetch(`${origin}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );
  if (answers) return { origin, giveBack: async () => {} };
  say(`Nothing answers at ${origin}: starting a platform for this walk.`);
  return startOwn();
}

async function startOwn(): Promise<BorrowedPlatform> {
  const data = await mkdtemp(join(tmpdir(), 'lyceum-demo-'));
  const program = join(import.meta.dirname, '..', 'main.ts');
  const child = spawn(process.execPath, [program, '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const giveBack = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    // what the platform says later is read and dropped, so that its pipe never fills
    child.stdout.resume();
    if (origin !== undefined) return { origin, giveBack };
  }
  await rm(data, { recursive: true, force: true });
  throw new Failure('The platform did not start; try `npm start` to see why.');
}
