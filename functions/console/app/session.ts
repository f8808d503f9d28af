import { computed, signal } from '@preact/signals';
import { authContract } from '#shared/contracts/auth.ts';
import type { Operation } from '#shared/contracts/operation.ts';
import type { User } from '#shared/contracts/users.ts';
import { ApiError, createClient } from '#shared/http/client.ts';
import { remember, remembered } from './storage.ts';

export type Session =
  | { readonly status: 'resuming' }
  | { readonly status: 'unreachable'; readonly error: unknown }
  | { readonly status: 'out'; readonly why?: 'ended' | 'signed_out' }
  | { readonly status: 'in'; readonly user: User };

export const session = signal<Session>({ status: 'resuming' });
export const user = computed(() => (session.value.status === 'in' ? session.value.user : undefined));

/** Whether the signed-in person's role may use an operation at all; the contract is the only list of that. */
export const may = ({ access }: Operation): boolean =>
  access === 'public' || (user.value !== undefined && access[user.value.role] !== undefined);

/** The access token lives in this variable only; the refresh token is an HttpOnly cookie. */
let access: { readonly token: string; readonly fresh_until: number } | undefined;
const publicAuth = createClient(authContract, { origin: location.origin });

interface Tokens {
  readonly access_token: string;
  readonly expires_in: number;
  readonly user: User;
}
function enter({ access_token, expires_in, user }: Tokens): void {
  access = { token: access_token, fresh_until: Date.now() + (expires_in - 30) * 1000 };
  session.value = { status: 'in', user };
  remember('signed_in', 'yes');
}

function leave(why: 'ended' | 'signed_out'): void {
  access = undefined;
  session.value = { status: 'out', why };
  remember('signed_in', undefined);
}

/** Tabs share the cookie: they refresh one after the other, and leave and change persons together. */
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('lyceum') : undefined;
tabs?.addEventListener('message', ({ data }) => {
  if (data === 'signed_out' && session.value.status === 'in') leave('signed_out');
  if (data === 'signed_in' && session.value.status === 'out') void resume();
});

// locks exist on secure origins only; elsewhere the server's 20 s of grace for a rotated token does
const alone = <T>(act: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? navigator.locks.request('lyceum.refresh', act) : act();

let renewal: Promise<boolean> | undefined;
/** New tokens for the cookie; false: the login has ended. Throws when the server cannot be reached. */
export function renew(): Promise<boolean> {
  renewal ??= alone(refresh).finally(() => {
    renewal = undefined;
  });
  return renewal;
}

async function refresh(): Promise<boolean> {
  const before = user.value?.user_id;
  try {
    const tokens = await publicAuth.refresh({ body: {} });
    // another tab signed in as somebody else: nothing on this page is theirs
    if (before !== undefined && before !== tokens.user.user_id) location.assign('/');
    enter(tokens);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) throw error;
    if (before !== undefined) leave('ended');
    return false;
  }
}

/** On load: goes on with the login of the cookie. Who never signed in here is not asked about. */
export async function resume(): Promise<void> {
  if (remembered('signed_in') === undefined) {
    session.value = { status: 'out' };
    return;
  }
  if (session.value.status !== 'out') session.value = { status: 'resuming' };
  try {
    if (!(await renew())) session.value = { status: 'out' };
  } catch (error) {
    session.value = { status: 'unreachable', error };
  }
}

export async function token(): Promise<string | undefined> {
  if (access && access.fresh_until <= Date.now()) await renew();
  return access?.token;
}

/** Young students have a username and no address: one field takes either. */
export async function signIn(name: string, password: string): Promise<void> {
  const who = name.includes('@') ? { email: name } : { username: name };
  enter(await publicAuth.login({ body: { ...who, password, cookie: true } }));
  tabs?.postMessage('signed_in');
}

export type DemoRole = 'teacher' | 'student' | 'guardian';

/** Signs in as one of a demo school's people; only the machine that the school runs on is let in. */
export async function lookAround(role: DemoRole): Promise<void> {
  enter(await publicAuth.demoSignIn({ body: { role, cookie: true } }));
  tabs?.postMessage('signed_in');
}

export async function signOut(): Promise<void> {
  await publicAuth.logout({ body: {} });
  leave('signed_out');
  tabs?.postMessage('signed_out');
}

export function updateUser(changed: User): void {
  if (session.value.status === 'in') session.value = { status: 'in', user: changed };
}
