import { t } from '../../i18n/index.ts';
import { Failure } from '../../ui/feedback.tsx';
import { AssignmentLinks } from './assignment-links.tsx';
import { useMyAssignments } from './assignments.ts';
import { stillToDo } from './due.ts';

/** What is due, above everything else; nothing where nothing is. */
export function DueSection() {
  const { data, error, reload } = useMyAssignments();
  const open = stillToDo(data ?? []);
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (open.length === 0) return null;
  return (
    <section class="due-section">
      <div class="section-head">
        <h2>{t('due.title')}</h2>
      </div>
      <div class="card">
        <AssignmentLinks assignments={open} />
      </div>
    </section>
  );
}
