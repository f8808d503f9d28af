import type { Caller } from './contracts/operation.ts';
import type { Page } from './contracts/shapes.ts';
import { type Listing, pageOf } from './http/paging.ts';
import { pageOfPartition } from './http/partition.ts';
import { attendedClasses, isAdmin, memberClasses, reachedClass } from './reached-class.ts';
import type { Entity, IndexName } from './table/entity.ts';
import type { Table } from './table/table.ts';

/** Something that classes are given; an index has that of each class by due date. */
interface Given<Item extends object, Id> {
  readonly entity: Entity<Item, Id>;
  readonly index: IndexName;
  readonly partitionOf: (class_id: string) => string;
  /** The sort key of the index, which puts what several classes were given in one order. */
  readonly turnOf: (item: Item) => string;
}
interface Wanted<Item> {
  readonly caller: Caller;
  readonly class_id: string | undefined;
  readonly student_id: string | undefined;
  readonly listing: Listing;
  /** undefined: everything. */
  readonly keep: ((item: Item) => boolean) | undefined;
  /** For administrators who name neither a class nor a student. */
  readonly ofSchool: () => Promise<Page<Item>>;
}

/** By due date: what a student, a class, or all classes to which the caller belongs are given. */
export async function pageOfGiven<Item extends object, Id>(
  table: Table,
  given: Given<Item, Id>,
  { caller, class_id, student_id, listing, keep, ofSchool }: Wanted<Item>,
): Promise<Page<Item>> {
  const world = { table };
  if (class_id !== undefined) await reachedClass(world, caller, class_id);
  if (student_id !== undefined) {
    const attended = await attendedClasses(world, caller, student_id);
    const wanted = class_id === undefined ? attended : attended.filter((one) => one === class_id);
    return ofClasses(table, given, wanted, listing, keep);
  }
  if (class_id !== undefined) {
    const { entity, index, partitionOf } = given;
    return pageOfPartition(table, listing, { entity, index, pk: partitionOf(class_id), keep });
  }
  if (isAdmin(caller)) return ofSchool();
  return ofClasses(table, given, await memberClasses(world, caller), listing, keep);
}

/** A person has few classes, and a class what it is given in a year: that is read whole and put in one order. */
async function ofClasses<Item extends object, Id>(
  table: Table,
  { entity, index, partitionOf, turnOf }: Given<Item, Id>,
  class_ids: readonly string[],
  listing: Listing,
  keep: (item: Item) => boolean = () => true,
): Promise<Page<Item>> {
  const found = await Promise.all(
    class_ids.map((class_id) => table.queryAll(entity, { index, pk: partitionOf(class_id) })),
  );
  const sorted = found
    .flat()
    .filter(keep)
    .sort((a, b) => (turnOf(a) < turnOf(b) ? -1 : 1));
  return pageOf(listing, sorted);
}
