import { api } from '../../../app/api.ts';
import { user } from '../../../app/session.ts';
import { useResource } from '../../../data/resource.ts';
import { locale, t } from '../../../i18n/index.ts';

export interface LoginCard {
  readonly key: string;
  readonly name: string;
  readonly signInName: string;
  readonly class_name: string;
  readonly code: string;
}

const exactMinute = (at: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));

/** What to hand to each student, several on a sheet of paper. */
export function LoginCards({ cards, valid_until }: { cards: readonly LoginCard[]; valid_until: string }) {
  const org_id = user.value?.org_id ?? '';
  const { data } = useResource(`brand.${org_id}`, (signal) =>
    api.school.getOrganization({ params: { org_id }, signal }),
  );
  return (
    <ul class="login-cards" aria-label={t('cards.title')}>
      {cards.map(({ key, name, signInName, class_name, code }) => (
        <li key={key} class="sheet-card">
          <p class="sheet-school">
            {data?.name ?? 'Lyceum'} · {class_name}
          </p>
          <p class="sheet-name">{name}</p>
          <dl>
            <dt>{t('handOut.address')}</dt>
            <dd>{location.origin}</dd>
            <dt>{t('form.signInName')}</dt>
            <dd class="mono">{signInName}</dd>
            <dt>{t('cards.code')}</dt>
            <dd class="mono">{code}</dd>
          </dl>
          <p class="sheet-how">
            {t('cards.how')} {t('cards.until', { at: exactMinute(valid_until) })}
          </p>
        </li>
      ))}
    </ul>
  );
}
