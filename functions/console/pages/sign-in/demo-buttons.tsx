import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { keepLocale } from '../../app/account-locale.ts';
import { api } from '../../app/api.ts';
import { type DemoRole, lookAround } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';

/** In a demo school, on the machine that it runs on: ways in that need no password. Anywhere else, nothing. */
export function DemoButtons() {
  const roles = useSignal<readonly DemoRole[]>([]);
  const entering = useSignal<DemoRole | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  useEffect(() => {
    api.auth.demo({}).then(
      (open) => {
        roles.value = open.roles;
      },
      () => {
        // the form above says what is wrong with the school
      },
    );
  }, [roles]);
  const enter = async (role: DemoRole): Promise<void> => {
    entering.value = role;
    failure.value = undefined;
    keepLocale();
    try {
      await lookAround(role);
    } catch (error) {
      failure.value = error;
    } finally {
      entering.value = undefined;
    }
  };
  if (roles.value.length === 0) return null;
  return (
    <section class="demo stack" aria-labelledby="demo-title">
      <h2 id="demo-title">{t('signIn.demo')}</h2>
      <div class="demo-roles">
        {roles.value.map((role) => (
          <Button
            key={role}
            busy={entering.value !== undefined}
            onClick={() => {
              void enter(role);
            }}
          >
            {t(`role.${role}`)}
          </Button>
        ))}
      </div>
      <Failure error={failure.value} />
    </section>
  );
}
