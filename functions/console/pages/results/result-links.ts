import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { may } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';

/** Where results lead back to: students have a page of their own for them. */
export const back = () =>
  may(schoolOperations.joinClass)
    ? { href: '/tests', label: t('tests.title') }
    : { href: '/', label: t('nav.home') };

/** An assignment's page shows its exercise, which guardians do not see. */
export const assignmentHref = (assignment_id: string): string | undefined =>
  may(exerciseOperations.getExercise) ? `/assignments/${assignment_id}` : undefined;
