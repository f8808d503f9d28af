import { api } from '../../app/api.ts';
import { lazy } from '../../app/lazy.tsx';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Avatar } from '../../ui/words.tsx';

const LatestResults = lazy(async () => (await import('../results/latest-results.tsx')).LatestResults);

/** The children that a guardian is linked to, with what each has achieved lately. */
export function GuardianHome() {
  const links = useList('guardian.children', (page, signal) =>
    api.school.listGuardianLinks({ query: page, signal }),
  );
  if (!links.items?.length)
    return (
      <ListCard
        list={links}
        empty={<Empty icon="people" title={t('guardian.none')} text={t('guardian.noneText')} />}
      >
        {() => null}
      </ListCard>
    );
  return (
    <div class="stack-l">
      {links.items.map(({ student_id, student_name }) => (
        <section key={student_id}>
          <div class="section-head">
            <h2 class="row">
              <Avatar name={student_name} small />
              {student_name}
            </h2>
            <a href={`/children/${student_id}`}>{t('guardian.all', { name: student_name })}</a>
          </div>
          <div class="card">
            <LatestResults student_id={student_id} />
          </div>
        </section>
      ))}
    </div>
  );
}
