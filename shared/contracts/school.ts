import { examStatisticsOperations } from './exam-statistics.ts';
import { gradebookOperations } from './gradebook.ts';
import { contract } from './operation.ts';
import { schoolOperations } from './school-operations.ts';

export { enrollment, rosterEntry, schoolClass, staffMember } from './classes.ts';
export { organization } from './organizations.ts';
export { guardianLink, student, teacher } from './people.ts';

/** The school itself, and what its students achieve. */
export const schoolContract = contract({
  ...schoolOperations,
  ...examStatisticsOperations,
  ...gradebookOperations,
});
