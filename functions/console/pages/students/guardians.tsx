import { useSignal } from '@preact/signals';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Avatar } from '../../ui/words.tsx';
import { LinkGuardian } from './link-guardian.tsx';

/** Guardians see the results of the students they are linked to. */
export function Guardians({ student_id }: { student_id: string }) {
  const linking = useSignal(false);
  const list = useList(`student.${student_id}.guardians`, (page, signal) =>
    api.school.listGuardianLinks({ query: { student_id, ...page }, signal }),
  );
  const unlink = async (guardian_id: string) => {
    try {
      await api.school.unlinkGuardian({ params: { guardian_id, student_id } });
      list.reload();
    } catch (error) {
      toast('bad', errorText(error));
    }
  };
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('guardians.title')}</h2>
        <Button
          size="small"
          icon="plus"
          onClick={() => {
            linking.value = true;
          }}
        >
          {t('guardians.link')}
        </Button>
      </div>
      <div class="card-body stack">
        <Failure error={list.error} retry={list.reload} />
        {list.items?.length === 0 && <p class="muted">{t('guardians.none')}</p>}
        {list.items?.map(({ guardian_id, guardian_name }) => (
          <div class="spread" key={guardian_id}>
            <span class="cell-main">
              <Avatar name={guardian_name} small />
              <span>{guardian_name}</span>
            </span>
            <IconButton
              icon="close"
              size="small"
              label={t('guardians.unlink', { name: guardian_name })}
              onClick={() => void unlink(guardian_id)}
            />
          </div>
        ))}
      </div>
      {linking.value && (
        <LinkGuardian
          student_id={student_id}
          linked={list.items?.map(({ guardian_id }) => guardian_id) ?? []}
          onLinked={list.reload}
          onClose={() => {
            linking.value = false;
          }}
        />
      )}
    </section>
  );
}
