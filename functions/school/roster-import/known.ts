import { enrollments } from '#shared/table/enrollment.ts';
import type { Table } from '#shared/table/table.ts';
import { claims, type UserRecord, users } from '#shared/table/user.ts';
import type { PlacedRow } from './places.ts';
import { type Known, keysOf, type Standing } from './plan.ts';

/** Reads, consistently, what rows name: accounts by username and address, and who is in which class. */
export async function readKnown(
  table: Table,
  rows: readonly PlacedRow[],
  { org_id, batch_id }: { readonly org_id: string; readonly batch_id: string | null },
): Promise<Known> {
  const named = rows.flatMap(({ username, email }) => [
    ...(username === null ? [] : [{ kind: 'username' as const, value: username }]),
    ...(email === null ? [] : [{ kind: 'email' as const, value: email }]),
  ]);
  const held = (await table.getMany(claims, named)).filter((claim) => claim !== undefined);
  const ids = [...new Set(held.map(({ user_id }) => user_id))];
  const people = await table.getMany(
    users,
    ids.map((user_id) => ({ user_id })),
  );
  const byId = new Map(people.flatMap((user) => (user ? [[user.user_id, user] as const] : [])));
  const accounts = new Map<string, UserRecord>();
  for (const claim of held) {
    const user = byId.get(claim.user_id);
    if (user) accounts.set(claims.key(claim).pk, user);
  }
  const standings = await readStandings(table, rows, accounts, batch_id);
  return {
    org_id,
    account: (key) => accounts.get(key),
    standing: (class_id, student_id) => standings.get(`${class_id}\n${student_id}`),
  };
}

async function readStandings(
  table: Table,
  rows: readonly PlacedRow[],
  accounts: ReadonlyMap<string, UserRecord>,
  batch_id: string | null,
): Promise<Map<string, Standing>> {
  const seats = rows.flatMap((row) => {
    const class_id = row.place?.class_id;
    const account = keysOf(row)
      .map((key) => accounts.get(key))
      .find((one) => one !== undefined);
    return class_id && account ? [{ class_id, student_id: account.user_id }] : [];
  });
  const found = await table.getMany(enrollments, seats);
  return new Map(
    found.flatMap((one) => {
      if (!one) return [];
      const own = batch_id !== null && one.batch_id === batch_id;
      return [[`${one.class_id}\n${one.student_id}`, { own, enrolled_at: one.enrolled_at }] as const];
    }),
  );
}
