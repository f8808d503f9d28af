import { classOperations } from './classes.ts';
import { contract } from './operation.ts';
import { organizationOperations } from './organizations.ts';
import { peopleOperations } from './people.ts';
import { rosterOperations } from './rosters.ts';

/** Organisations, the people in them, and their classes: what everybody's first page asks for, and no more. */
export const schoolOperations = contract({
  ...organizationOperations,
  ...peopleOperations,
  ...classOperations,
  ...rosterOperations,
});
