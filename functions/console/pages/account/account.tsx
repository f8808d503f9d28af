import { LocaleSwitch, ThemeSwitch } from '../../app/appearance.tsx';
import { signOut, user } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { EmailForm } from './email-form.tsx';
import { NameForm } from './name-form.tsx';
import { PasswordForm } from './password-form.tsx';

const leave = () => signOut().catch((error: unknown) => toast('bad', errorText(error)));

export function Account() {
  const person = user.value;
  if (!person) return null;
  return (
    <>
      <PageHead
        title={t('nav.account')}
        lead={t('account.signedInAs', {
          name: person.email ?? person.username ?? '',
          role: t(`role.${person.role}`),
        })}
      />
      <div class="stack">
        {person.must_change_password && (
          <Note kind="warn" icon="key">
            {t('account.mustChange')}
          </Note>
        )}
        {person.must_change_password && <PasswordForm />}
        <NameForm user={person} />
        <EmailForm user={person} />
        {!person.must_change_password && <PasswordForm />}
        <section class="card">
          <div class="card-head">
            <h2>{t('account.appearance')}</h2>
          </div>
          <div class="card-body row">
            <LocaleSwitch />
            <ThemeSwitch />
          </div>
        </section>
        <section class="card">
          <div class="card-body spread">
            <div>
              <h2>{t('session.signOut')}</h2>
              <p class="small muted">{t('account.signOutText')}</p>
            </div>
            <Button icon="signOut" onClick={() => void leave()}>
              {t('session.signOut')}
            </Button>
          </div>
        </section>
      </div>
    </>
  );
}
