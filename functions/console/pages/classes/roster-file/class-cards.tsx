import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { api } from '../../../app/api.ts';
import { useResource } from '../../../data/resource.ts';
import { counted, t } from '../../../i18n/index.ts';
import '../../../i18n/roster-file.ts';
import { Button } from '../../../ui/button.tsx';
import { Empty, Failure, Note, Skeleton } from '../../../ui/feedback.tsx';
import { PageHead } from '../../../ui/page.tsx';
import type { SchoolClassView } from '../words.ts';
import { LoginCards } from './login-cards.tsx';

type Issued = Awaited<ReturnType<typeof api.school.resetClass>>;
const choices = ['without_password', 'all'] as const;

/** New one-time codes for a whole class, to print. */
export function ClassCards({ id }: { id: string }) {
  const { data, error, reload } = useResource(`class.${id}`, (signal) =>
    api.school.getClass({ params: { class_id: id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return (
    <>
      <PageHead
        title={t('cards.title')}
        lead={t('cards.lead', { name: data.name })}
        back={{ href: `/classes/${id}`, label: data.name }}
      />
      <IssueCodes of={data} />
    </>
  );
}

function IssueCodes({ of }: { of: SchoolClassView }) {
  const issued = useSignal<Issued | undefined>(undefined);
  const whom = useSignal<(typeof choices)[number]>('without_password');
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  const result = useRef<HTMLDivElement>(null);
  const issue = async () => {
    busy.value = true;
    failure.value = undefined;
    try {
      const params = { class_id: of.class_id };
      issued.value = await api.school.resetClass({ params, body: { whom: whom.value } });
      requestAnimationFrame(() => result.current?.focus());
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <section class="card">
        <div class="card-body stack">
          <fieldset class="group field">
            <legend class="field-label">{t('cards.whom')}</legend>
            {choices.map((choice) => (
              <label key={choice} class="check">
                <input
                  type="radio"
                  name="whom"
                  checked={whom.value === choice}
                  onChange={() => {
                    whom.value = choice;
                  }}
                />
                {t(`cards.${choice}`)}
              </label>
            ))}
          </fieldset>
          <p class="muted">{t('cards.issueText')}</p>
          <Failure error={failure.value} />
          <div class="row">
            <Button kind="primary" icon="key" busy={busy.value} onClick={() => void issue()}>
              {t('cards.issue')}
            </Button>
          </div>
        </div>
      </section>
      <div ref={result} tabIndex={-1} class="roster-issued">
        {issued.value && <IssuedCards issued={issued.value} class_name={of.name} />}
      </div>
    </>
  );
}

const IssuedCards = ({ issued, class_name }: { issued: Issued; class_name: string }) =>
  issued.cards.length === 0 ? (
    <div class="card">
      <Empty icon="check" title={t('cards.none')} text={t('cards.noneText')} />
    </div>
  ) : (
    <>
      <div class="stack roster-issued-head">
        <Note kind="good" icon="check">
          {counted('cards.issued', issued.cards.length)}{' '}
          {issued.left_out > 0 && counted('cards.leftOut', issued.left_out)} {t('handOut.once')}
        </Note>
        <div class="row">
          <Button kind="primary" onClick={() => print()}>
            {t('cards.print')}
          </Button>
        </div>
      </div>
      <LoginCards
        valid_until={issued.expires_at}
        cards={issued.cards.map(({ student_id, name, username, email, code }) => ({
          key: student_id,
          name,
          signInName: username ?? email ?? '',
          class_name,
          code,
        }))}
      />
    </>
  );
