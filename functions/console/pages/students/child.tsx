import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { ResultsOf } from '../results/results-of.tsx';
import { ChildTrainings } from './child-trainings.tsx';

/** What a guardian sees of a child: results first, then what it has trained. */
export function Child({ id }: { id: string }) {
  const { data, error, reload } = useResource(`child.${user.value?.user_id ?? ''}.${id}`, async (signal) => {
    const { items } = await api.school.listGuardianLinks({ query: { student_id: id }, signal });
    return items[0];
  });
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  const name = data?.student_name ?? '';
  return (
    <>
      <PageHead title={name === '' ? t('child.title') : name} back={{ href: '/', label: t('nav.home') }} />
      <div class="stack-l">
        <ResultsOf student_id={id} />
        <section>
          <div class="section-head">
            <h2>{t('nav.trainings')}</h2>
          </div>
          <ChildTrainings student_id={id} name={name} />
        </section>
      </div>
    </>
  );
}
