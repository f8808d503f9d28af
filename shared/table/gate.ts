import * as z from 'zod';
import { conflict, type DomainError } from '../errors.ts';
import { entity } from './entity.ts';
import type { Table, Write } from './table.ts';

/** Of a class that hands in at once few meet at the same one: transactions that name one item refuse one another. */
const count = 16;
/** Longer than any request lives: what was begun before they were shut does not outlast them. */
const shutForS = 60;

const numbers = Array.from({ length: count }, (_, number) => number);
/** Ids end at random. */
const gateOf = (student_id: string): number => (student_id.codePointAt(student_id.length - 1) ?? 0) % count;
const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/**
 * Shut while something that a class was given is taken back: no work for it begins then. They open by themselves,
 * should the deletion stop half-way.
 *
 * Access pattern: of an assignment or a quiz, for a student: `<kind>#<id>#gates` / `gate#<0…15>`
 */
function createGates(kind: 'assignment' | 'quiz', takenBack: () => DomainError) {
  const gates = entity({
    type: `${kind}_gate`,
    schema: z.object({ given_id: z.string(), number: z.int(), expires_at: z.int() }),
    key: ({ given_id, number }: { given_id: string; number: number }) => ({
      pk: `${kind}#${given_id}#gates`,
      sk: `gate#${number}`,
    }),
  });
  const set = (table: Table, given_id: string, expires_at: number): Promise<void> =>
    table.write(...numbers.map((number) => table.put(gates, { given_id, number, expires_at })));

  return {
    /** States in the transaction of a student's work that what it is for is not being taken back. */
    isOpen: (table: Table, given_id: string, student_id: string, at: Date): Write =>
      table.check(
        gates,
        { given_id, number: gateOf(student_id) },
        {
          when: 'attribute_not_exists(pk) OR #expires_at < :now',
          values: { ':now': seconds(at) },
          orElse: takenBack,
        },
      ),
    shut: (table: Table, given_id: string, at: Date): Promise<void> =>
      set(table, given_id, seconds(at) + shutForS),
    /** Only where there is work: whoever else takes the thing back at the same time finds it too. */
    open: (table: Table, given_id: string): Promise<void> => set(table, given_id, 0),
  };
}

export const assignmentGates = createGates('assignment', () =>
  conflict('assignment.taken_back', 'This assignment is being taken back; nothing was handed in.'),
);
export const quizGates = createGates('quiz', () =>
  conflict('quiz.taken_back', 'This quiz is being taken back; nothing was begun.'),
);
