import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../../app/api.ts';
import { LocaleSwitch, ThemeSwitch } from '../../app/appearance.tsx';
import { t } from '../../i18n/index.ts';
import { InlineButton } from '../../ui/button.tsx';
import { Note } from '../../ui/feedback.tsx';
import { Logo } from '../../ui/icon.tsx';
import { CodeForm } from './code-form.tsx';
import { DemoButtons } from './demo-buttons.tsx';
import { RegisterForm } from './register-form.tsx';
import { SignInForm } from './sign-in-form.tsx';

type Way = 'password' | 'register' | 'code';

/** The way in: by password, with a one-time code, or with a new account of one's own. */
export function SignIn({ ended }: { ended: boolean }) {
  const way = useSignal<Way>('password');
  const done = useSignal<string | undefined>(undefined);
  const go = (next: Way, message?: string) => {
    way.value = next;
    done.value = message;
  };
  const title = t(`signIn.title.${way.value}`);
  const registers = useSignal(false);
  useEffect(() => {
    // a school that cannot be asked shows the link: registering says what is wrong
    api.platform.health({}).then(
      ({ self_registration }) => {
        registers.value = self_registration;
      },
      () => {
        registers.value = true;
      },
    );
  }, [registers]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('input')?.focus();
  }, [way.value]);
  useEffect(() => {
    document.title = `${title} · Lyceum`;
  }, [title]);
  return (
    <main class="gate">
      <div class="gate-box">
        <div class="gate-brand">
          <Logo size={32} />
          Lyceum
        </div>
        <div class="card stack" ref={box}>
          <div>
            <h1>{title}</h1>
            <p class="muted">{t(`signIn.lead.${way.value}`)}</p>
          </div>
          {ended && done.value === undefined && way.value === 'password' && (
            <Note kind="warn" icon="clock">
              {t('signIn.ended')}
            </Note>
          )}
          {done.value !== undefined && (
            <div role="status">
              <Note kind="good" icon="check">
                {done.value}
              </Note>
            </div>
          )}
          {way.value === 'password' && <SignInForm />}
          {way.value === 'password' && <DemoButtons />}
          {way.value === 'register' && <RegisterForm />}
          {way.value === 'code' && <CodeForm onDone={() => go('password', t('signIn.codeDone'))} />}
          <div class="gate-links">
            {way.value !== 'password' && (
              <InlineButton onClick={() => go('password')}>{t('signIn.toPassword')}</InlineButton>
            )}
            {way.value !== 'code' && (
              <InlineButton onClick={() => go('code')}>{t('signIn.toCode')}</InlineButton>
            )}
            {registers.value && way.value !== 'register' && (
              <InlineButton onClick={() => go('register')}>{t('signIn.toRegister')}</InlineButton>
            )}
          </div>
        </div>
        <div class="gate-foot">
          <LocaleSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </main>
  );
}
