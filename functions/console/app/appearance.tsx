import { locale, t } from '../i18n/index.ts';
import { Segments } from '../ui/segments.tsx';
import { switchLocale } from './account-locale.ts';
import { chooseTheme, themeChoice } from './theme.ts';

export const ThemeSwitch = () => (
  <Segments
    label={t('appearance.theme')}
    value={themeChoice.value}
    onChange={chooseTheme}
    options={[
      { value: 'system', label: t('appearance.system'), icon: 'system', iconOnly: true },
      { value: 'light', label: t('appearance.light'), icon: 'sun', iconOnly: true },
      { value: 'dark', label: t('appearance.dark'), icon: 'moon', iconOnly: true },
    ]}
  />
);

/** Each language by its own name, so that one finds it without knowing the other. */
export const LocaleSwitch = () => (
  <Segments
    label={t('appearance.language')}
    value={locale.value}
    onChange={(choice) => void switchLocale(choice)}
    options={[
      { value: 'en', label: 'English' },
      { value: 'ko', label: '한국어' },
    ]}
  />
);
