import type { RosterProblem } from '#shared/contracts/rosters.ts';
import { folded } from '#shared/table/entity.ts';
import { claims, type UserRecord } from '#shared/table/user.ts';
import type { Place, PlacedRow } from './places.ts';

/** An enrolment that exists, and whether this very import made it. */
export interface Standing {
  readonly own: boolean;
  readonly enrolled_at: string;
}
/** What the table knows of the people and classes that rows name. */
export interface Known {
  readonly account: (key: string) => UserRecord | undefined;
  readonly standing: (class_id: string, student_id: string) => Standing | undefined;
  readonly org_id: string;
}

export type Step =
  | { readonly kind: 'refused'; readonly problem: RosterProblem }
  | { readonly kind: 'create'; readonly place: Place }
  /** An account that exists, or that an earlier row of the file creates (`null`). */
  | { readonly kind: 'enrol'; readonly place: Place; readonly account: UserRecord | null }
  | {
      readonly kind: 'already';
      readonly place: Place;
      readonly account: UserRecord | null;
      /** Of this import, when it is carried out again after it was cut off. */
      readonly own: Standing | null;
    };
export interface Planned {
  readonly row: PlacedRow;
  readonly step: Step;
}

/** By what an account is found: the keys of its username and its e-mail address. */
export const keysOf = ({ username, email }: Pick<PlacedRow, 'username' | 'email'>): string[] => [
  ...(username === null ? [] : [claims.key({ kind: 'username', value: username }).pk]),
  ...(email === null ? [] : [claims.key({ kind: 'email', value: email }).pk]),
];

const isSameName = (a: string, b: string): boolean => folded(a) === folded(b);

/** Whoever the file names a second time must be the same in all that makes an account. */
const describes = (a: PlacedRow, b: PlacedRow): boolean =>
  isSameName(a.name, b.name) && keysOf(a).join('\n') === keysOf(b).join('\n');

const refused = (field: RosterProblem['field'], rule: RosterProblem['rule'], detail: string): Step => ({
  kind: 'refused',
  problem: { field, rule, detail },
});

/** What each row does, given what is there; rows act in the order of the file. */
export function planRows(rows: readonly PlacedRow[], known: Known): Planned[] {
  /** Whom earlier rows of the file create. */
  const coming = new Map<string, PlacedRow>();
  const seats = new Set<string>();

  const planOne = (row: PlacedRow): Step => {
    const { place, problem } = row;
    if (problem || !place) return { kind: 'refused', problem: problem ?? lostPlace };
    const keys = keysOf(row);
    const found = new Map(
      keys.flatMap((key) => {
        const account = known.account(key);
        return account ? [[account.user_id, account] as const] : [];
      }),
    );
    if (found.size > 1)
      return refused(
        'email',
        'two_accounts',
        'the username and the e-mail address are of different accounts',
      );
    const [account = null] = found.values();
    if (account) {
      const fits = account.role === 'student' && account.org_id === known.org_id;
      if (!fits || !isSameName(account.name, row.name)) return refused(...takenBy(row, account));
      return seat(place, account.user_id, account);
    }
    const before = keys.map((key) => coming.get(key)).find((one) => one !== undefined);
    if (before && !describes(before, row))
      return refused('username', 'repeated', `line ${before.line} has it with another name or address`);
    if (before) return seat(place, keys[0] ?? '', null);
    for (const key of keys) coming.set(key, row);
    seats.add(seatOf(place, keys[0] ?? ''));
    return { kind: 'create', place };
  };

  const seatOf = (place: Place, who: string): string => `${place.class_id ?? folded(place.name)}\n${who}`;
  const seat = (place: Place, who: string, account: UserRecord | null): Step => {
    const standing = account && place.class_id !== null && known.standing(place.class_id, account.user_id);
    const isRepeated = seats.has(seatOf(place, who));
    seats.add(seatOf(place, who));
    if (isRepeated) return { kind: 'already', place, account, own: null };
    return standing
      ? { kind: 'already', place, account, own: standing.own ? standing : null }
      : { kind: 'enrol', place, account };
  };

  return rows.map((row) => ({ row, step: planOne(row) }));
}

const lostPlace: RosterProblem = {
  field: 'class',
  rule: 'unknown_class',
  detail: 'there is no class of this name',
};

/** Says no more than that it is taken: the account may be of another school, or not a student's. */
function takenBy(
  row: PlacedRow,
  account: UserRecord,
): [RosterProblem['field'], RosterProblem['rule'], string] {
  const byName =
    row.username !== null &&
    account.username !== null &&
    keysOf({ username: row.username, email: null })[0] ===
      keysOf({ username: account.username, email: null })[0];
  return byName
    ? ['username', 'taken', 'somebody with another name has this username']
    : ['email', 'taken', 'somebody with another name has this e-mail address'];
}
