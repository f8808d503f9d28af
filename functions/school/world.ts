import type { Clock } from '#shared/ids.ts';
import type { Table } from '#shared/table/table.ts';

/** What the use-cases of this function work with. */
export interface World extends Clock {
  readonly table: Table;
  /** By whose clocks the school's dates are. */
  readonly time_zone: string;
  /** A new join code as people see it, e.g. `KX4P-7TQ2`. */
  readonly newJoinCode: () => string;
}

/** Creates carry the client's key: the same key never makes two. */
export interface Keyed<Body> {
  readonly body: Body;
  readonly idempotency_key: string | undefined;
}

/** The fields that a change names; an absent one leaves what is. */
export const given = <Changes extends object>(
  changes: Changes,
): { [Field in keyof Changes]?: Exclude<Changes[Field], undefined> } =>
  // fromEntries cannot relate each field to its own type
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as typeof changes;
