/** People who use a running platform from outside: over HTTP and the socket, as the console does. */
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import type * as z from 'zod';
import { authContract } from '#shared/contracts/auth.ts';
import { realtimeContract, type SourceEvent } from '#shared/contracts/realtime.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { type trainingConfig, trainingContract } from '#shared/contracts/training.ts';
import { createClient } from '#shared/http/client.ts';
import { RealtimeClient } from '#shared/realtime/client.ts';

export type Person = Awaited<ReturnType<typeof signIn>>;

export const password = 'walk the dog at noon';

/** A new student's account, and how to sign in to it, as often as one likes. */
export async function registered(origin: string, name = '김민아') {
  const email = `p-${randomBytes(6).toString('hex')}@people.test`;
  await createClient(authContract, { origin }).register({ body: { email, password, name } });
  return { email, password, login: () => signIn(origin, { email, password }) };
}

/** A new student who registered by themselves and signed in. */
export const signUp = async (origin: string, name?: string) => (await registered(origin, name)).login();

export async function signIn(origin: string, who: { email: string; password: string }) {
  const { access_token: token, user } = await createClient(authContract, { origin }).login({ body: who });
  const options = { origin, token: () => token };
  return {
    origin,
    user,
    token,
    auth: createClient(authContract, options),
    school: createClient(schoolContract, options),
    training: createClient(trainingContract, options),
    realtime: createClient(realtimeContract, options),
  };
}

type Config = z.input<typeof trainingConfig>;

/** Small enough to end in a few seconds, with two evaluations on the way. */
export const smallConfig = {
  algorithm: 'ppo',
  environment: 'CartPole-v1',
  seed: 7,
  max_steps: 4096,
  eval_frequency: 2048,
  hyperparameters: { n_steps: 512, n_epochs: 4 },
} as const satisfies Config;

export const longConfig = {
  ...smallConfig,
  max_steps: 1_000_000,
  eval_frequency: 4096,
} as const satisfies Config;

const final = ['completed', 'failed', 'cancelled'];

/** Listens to a training from event `after_seq` on, and collects what comes. */
export function follow(person: Person, session_id: string, after_seq = 0) {
  const socket = new RealtimeClient({
    ticket: () => person.realtime.createTicket({ body: {} }),
    WebSocket,
  });
  const events: SourceEvent[] = [];
  const waiting = new Set<() => void>();
  socket.subscribe(`job:${session_id}`, {
    after_seq,
    onEvent: (event) => {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  /** The first event, of all that came or will come, that fits. */
  const until = (fits: (event: SourceEvent) => boolean): Promise<SourceEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.find(fits);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    events,
    until,
    ended: () => until(({ type, data }) => type === 'job.status' && final.includes(String(data['status']))),
    [Symbol.dispose]: () => socket.close(),
  };
}

/** Every event of a training, read page by page. */
export async function allEvents(person: Person, session_id: string) {
  const found = [];
  let cursor: string | undefined;
  do {
    const page = await person.training.metrics({
      params: { session_id },
      query: { limit: 100, ...(cursor && { cursor }) },
    });
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}
