import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { User } from '#shared/contracts/users.ts';
import { plain, t } from '../i18n/index.ts';
import { errorText } from '../i18n/problems.ts';
import { Icon } from '../ui/icon.tsx';
import { Avatar } from '../ui/words.tsx';
import { LocaleSwitch, ThemeSwitch } from './appearance.tsx';
import { place } from './location.ts';
import { navigation } from './navigation.ts';
import { signOut } from './session.ts';
import { toast } from './toasts.ts';

async function leave(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    toast('bad', errorText(error));
  }
}

/** Who is signed in, and what is about them: account, language, theme, signing out. */
export function PersonMenu({ user, compact = false }: { user: User; compact?: boolean }) {
  const open = useSignal(false);
  const id = useId();
  const anchor = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { path } = place.value;

  useEffect(() => {
    open.value = false;
  }, [path]);
  useEffect(() => {
    if (!open.value) return;
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && !anchor.current?.contains(target)) open.value = false;
    };
    const closeOnEscape = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return;
      open.value = false;
      button.current?.focus();
    };
    document.addEventListener('keydown', closeOnEscape);
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('focusin', closeOutside);
    return () => {
      document.removeEventListener('keydown', closeOnEscape);
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('focusin', closeOutside);
    };
  }, [open.value]);

  return (
    <div class="menu-anchor" ref={anchor}>
      {open.value && <Menu id={id} elsewhere={compact} />}
      <button
        ref={button}
        type="button"
        class="person"
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        aria-label={compact ? t('nav.personMenu', { name: user.name }) : undefined}
        onClick={() => {
          open.value = !open.value;
        }}
      >
        <Avatar name={user.name} />
        {!compact && (
          <span class="person-words">
            <strong>{user.name}</strong>
            <span>{t(`role.${user.role}`)}</span>
          </span>
        )}
        {!compact && <Icon name="more" />}
      </button>
    </div>
  );
}

function Menu({ id, elsewhere }: { id: string; elsewhere: boolean }) {
  return (
    <div class="menu" id={id}>
      <nav class="nav-group" aria-label={t('nav.more')}>
        {elsewhere &&
          navigation()
            .filter(({ atBottom }) => !atBottom)
            .map(({ href, label, icon }) => (
              <a key={href} class="nav-link" href={href}>
                <Icon name={icon} />
                {plain(label)}
              </a>
            ))}
        <a class="nav-link" href="/account">
          <Icon name="account" />
          {t('nav.account')}
        </a>
      </nav>
      <ThemeSwitch />
      <LocaleSwitch />
      <button type="button" class="nav-link" onClick={() => void leave()}>
        <Icon name="signOut" />
        {t('session.signOut')}
      </button>
    </div>
  );
}
