import { t } from '../i18n/index.ts';
import { SignIn } from '../pages/sign-in/sign-in.tsx';
import { Failure } from '../ui/feedback.tsx';
import { Logo } from '../ui/icon.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { followAccountLocale } from './account-locale.ts';
import { forgetWhoLeaves } from './forget.ts';
import { resume, session } from './session.ts';
import { Shell } from './shell.tsx';

followAccountLocale();
forgetWhoLeaves();

export const App = () => (
  <>
    <Screen />
    <Toasts />
  </>
);

function Screen() {
  const current = session.value;
  switch (current.status) {
    case 'in':
      return <Shell user={current.user} />;
    case 'out':
      return <SignIn ended={current.why === 'ended'} />;
    case 'resuming':
      return (
        <div class="gate" role="status" aria-label={t('state.loading')}>
          <Logo size={40} />
        </div>
      );
    case 'unreachable':
      return (
        <main class="gate" aria-label="Lyceum">
          <div class="gate-box">
            <Failure error={current.error} retry={() => void resume()} />
          </div>
        </main>
      );
  }
}
