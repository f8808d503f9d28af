import { classOperations } from './classes.ts';
import { examStatisticsOperations } from './exam-statistics.ts';
import { gradebookOperations } from './gradebook.ts';
import { contract } from './operation.ts';
import { organizationOperations } from './organizations.ts';
import { peopleOperations } from './people.ts';
import { rosterOperations } from './rosters.ts';

export { enrollment, rosterEntry, schoolClass, staffMember } from './classes.ts';
export { organization } from './organizations.ts';
export { guardianLink, student, teacher } from './people.ts';

/** The school itself: organisations, the people in them, and their classes. */
export const schoolContract = contract({
  ...organizationOperations,
  ...peopleOperations,
  ...classOperations,
  ...rosterOperations,
  ...examStatisticsOperations,
  ...gradebookOperations,
});
