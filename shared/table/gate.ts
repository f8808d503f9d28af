import * as z from 'zod';
import { conflict } from '../errors.ts';
import { entity } from './entity.ts';
import type { Table, Write } from './table.ts';

/** Of a class that hands in at once few meet at the same one: transactions that name one item refuse one another. */
const count = 16;
/** Longer than any request lives: what was begun before they were shut does not outlast them. */
const shutForS = 60;

/**
 * Shut while an assignment is taken back: nothing is handed in for it then. They open by themselves, should the
 * deletion stop half-way.
 *
 * Access pattern: of an assignment, for a student: `assignment#<id>#gates` / `gate#<0…15>`
 */
const gates = entity({
  type: 'assignment_gate',
  schema: z.object({ assignment_id: z.string(), number: z.int(), expires_at: z.int() }),
  key: ({ assignment_id, number }: { assignment_id: string; number: number }) => ({
    pk: `assignment#${assignment_id}#gates`,
    sk: `gate#${number}`,
  }),
});

const numbers = Array.from({ length: count }, (_, number) => number);
/** Ids end at random. */
const gateOf = (student_id: string): number => (student_id.codePointAt(student_id.length - 1) ?? 0) % count;
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** States in the transaction of a submission that its assignment is not being taken back. */
export const gateIsOpen = (table: Table, assignment_id: string, student_id: string, at: Date): Write =>
  table.check(
    gates,
    { assignment_id, number: gateOf(student_id) },
    {
      when: 'attribute_not_exists(pk) OR #expires_at < :now',
      values: { ':now': seconds(at) },
      orElse: () =>
        conflict('assignment.taken_back', 'This assignment is being taken back; nothing was handed in.'),
    },
  );

export const shutGates = (table: Table, assignment_id: string, at: Date): Promise<void> =>
  table.write(...setGates(table, assignment_id, seconds(at) + shutForS));

/** Only where work has been handed in: whoever else takes the assignment back at the same time finds it too. */
export const openGates = (table: Table, assignment_id: string): Promise<void> =>
  table.write(...setGates(table, assignment_id, 0));

const setGates = (table: Table, assignment_id: string, expires_at: number): Write[] =>
  numbers.map((number) => table.put(gates, { assignment_id, number, expires_at }));
