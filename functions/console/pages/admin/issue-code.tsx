import { useSignal } from '@preact/signals';
import type { User } from '#shared/contracts/users.ts';
import { api, newKey } from '../../app/api.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { HandOut } from './hand-out.tsx';

type Person = Pick<User, 'user_id' | 'name' | 'username' | 'email'>;

/** Gives a person who cannot sign in a one-time code; asks first, because codes are not to lie about. */
export function IssueCode({ of, onClose }: { of: Person; onClose: () => void }) {
  const code = useSignal<string | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const issue = async () => {
    busy.value = true;
    failure.value = undefined;
    try {
      const issued = await api.school.resetUser({
        params: { user_id: of.user_id },
        idempotency_key: newKey(),
      });
      code.value = issued.code;
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={code.value === undefined ? t('user.issueCode') : t('handOut.title')} onClose={onClose}>
      {code.value === undefined ? (
        <>
          <p>{t('user.issueText', { name: of.name })}</p>
          <Failure error={failure.value} />
          <div class="dialog-foot">
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button kind="primary" busy={busy.value} onClick={() => void issue()}>
              {t('user.issueCode')}
            </Button>
          </div>
        </>
      ) : (
        <HandOut
          name={of.name}
          signInName={of.username ?? of.email ?? ''}
          code={code.value}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
