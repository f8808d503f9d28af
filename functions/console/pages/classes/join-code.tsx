import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { CopyField } from '../../ui/words.tsx';
import type { SchoolClassView } from './words.ts';

interface Props {
  readonly of: SchoolClassView;
  readonly onRenewed: (renewed: SchoolClassView) => void;
}
/** The code to write on the board, and how to make an old one worthless. */
export function JoinCode({ of, onRenewed }: Props) {
  const asking = useSignal(false);
  if (of.join_code === null) return null;
  return (
    <section class="card card-body spread join-card">
      <div class="grow">
        <h2>{t('class.joinCode')}</h2>
        <p class="small muted">{t('class.joinCodeText')}</p>
      </div>
      <div class="row">
        <CopyField text={of.join_code} label={t('class.joinCode')} />
        {may(schoolOperations.renewJoinCode) && (
          <Button
            kind="quiet"
            onClick={() => {
              asking.value = true;
            }}
          >
            {t('class.renew')}
          </Button>
        )}
      </div>
      {asking.value && (
        <Confirm
          title={t('class.renewTitle')}
          text={t('class.renewText')}
          action={t('class.renew')}
          kind="primary"
          onClose={() => {
            asking.value = false;
          }}
          act={async () => {
            onRenewed(await api.school.renewJoinCode({ params: { class_id: of.class_id } }));
            toast('good', t('class.renewed'));
          }}
        />
      )}
    </section>
  );
}
