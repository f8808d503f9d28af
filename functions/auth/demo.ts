import { isIPv4 } from 'node:net';
import type * as z from 'zod';
import type { demoRole } from '#shared/contracts/auth.ts';
import { notFound } from '#shared/errors.ts';
import { demoPeople } from '#shared/table/seed.ts';
import { type UserRecord, users } from '#shared/table/user.ts';
import { startLogin } from './tokens.ts';
import type { AuthWorld } from './world.ts';

type DemoRole = z.output<typeof demoRole>;

/** Where a request came from: the viewer's address as the front door proves it, and the name that they asked for. */
export interface Viewer {
  readonly address: string;
  readonly host: string | undefined;
}

const roles: readonly DemoRole[] = ['teacher', 'student', 'guardian'];

/** IPv4 inside IPv6 is written `::ffff:127.0.0.1`. */
const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
};

/** A tunnel to this machine connects from loopback too, but is asked for by a name of its own. */
const isOwnName = (host: string | undefined): boolean =>
  host === undefined || /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);

/**
 * Whether one may sign in without a password: in a demo school, from the machine that it runs on. Behind CloudFront and
 * API Gateway no viewer has a loopback address, so nothing of this is ever open there, whatever the school's file says.
 */
const isOpen = ({ settings }: AuthWorld, { address, host }: Viewer): boolean =>
  settings.demo_sign_in && isLoopback(address) && isOwnName(host);

/** As whom one may look around from here. */
export async function listDemoRoles(
  world: AuthWorld,
  viewer: Viewer,
): Promise<{ readonly roles: DemoRole[] }> {
  if (!isOpen(world, viewer)) return { roles: [] };
  const known = await Promise.all(roles.map(async (role) => ((await person(world, role)) ? [role] : [])));
  return { roles: known.flat() };
}

export async function demoSignIn(
  world: AuthWorld,
  { role, cookie }: { readonly role: DemoRole; readonly cookie: boolean },
  viewer: Viewer,
) {
  const found = isOpen(world, viewer) ? await person(world, role) : undefined;
  if (!found) throw notFound('demo');
  return startLogin(world, found, cookie);
}

/** Nobody who has been given another role meanwhile, or was disabled. */
async function person({ table }: AuthWorld, role: DemoRole): Promise<UserRecord | undefined> {
  const people = await table.get(demoPeople, {}, { consistent: true });
  const user = people && (await table.get(users, { user_id: people[role] }, { consistent: true }));
  return user?.role === role && !user.disabled ? user : undefined;
}
