import type { User } from '#shared/contracts/users.ts';
import { useResource } from '../data/resource.ts';
import { plain, t } from '../i18n/index.ts';
import { LinkButton } from '../ui/button.tsx';
import { Empty } from '../ui/feedback.tsx';
import { Icon, Logo } from '../ui/icon.tsx';
import { PageHead } from '../ui/page.tsx';
import { api } from './api.ts';
import { place } from './location.ts';
import { isCurrent, navigation } from './navigation.ts';
import { online } from './online.ts';
import { PersonMenu } from './person-menu.tsx';
import { findPage } from './routes.tsx';

export function Shell({ user }: { user: User }) {
  const { path } = place.value;
  const found = findPage(path);
  return (
    <>
      <a class="skip-link" href="#main">
        {t('nav.skip')}
      </a>
      <div class="shell">
        <Sidebar user={user} path={path} />
        <div class="content">
          <header class="topbar">
            <Brand org_id={user.org_id} />
            <PersonMenu user={user} compact />
          </header>
          <Banners user={user} path={path} />
          <main id="main" tabIndex={-1} class={found?.width ?? ''}>
            {found?.page ?? <NotFound />}
          </main>
          <BottomBar path={path} />
        </div>
      </div>
    </>
  );
}

function Brand({ org_id }: { org_id: string }) {
  const { data } = useResource(`brand.${org_id}`, (signal) =>
    api.school.getOrganization({ params: { org_id }, signal }),
  );
  return (
    <a class="brand" href="/">
      <Logo />
      <span>
        Lyceum
        <small>{data?.name}</small>
      </span>
    </a>
  );
}

function Sidebar({ user, path }: { user: User; path: string }) {
  const items = navigation();
  const groups = (['work', 'school'] as const)
    .map((group) => ({ group, links: items.filter((item) => item.group === group) }))
    .filter(({ links }) => links.length > 0);
  return (
    <header class="sidebar">
      <Brand org_id={user.org_id} />
      <nav aria-label={t('nav.main')}>
        {groups.map(({ group, links }) => (
          <div class="nav-group" key={group}>
            {group === 'school' && <p class="nav-title">{t('nav.school')}</p>}
            {links.map(({ href, label, icon }) => (
              <a
                key={href}
                class="nav-link"
                href={href}
                aria-current={isCurrent(href, path) ? 'page' : undefined}
              >
                <Icon name={icon} />
                {plain(label)}
              </a>
            ))}
          </div>
        ))}
      </nav>
      <div class="sidebar-foot">
        <PersonMenu user={user} />
      </div>
    </header>
  );
}

function BottomBar({ path }: { path: string }) {
  return (
    <nav class="bottom-bar" aria-label={t('nav.main')}>
      {navigation()
        .filter(({ atBottom }) => atBottom)
        .map(({ href, label, icon }) => (
          <a key={href} href={href} aria-current={isCurrent(href, path) ? 'page' : undefined}>
            <Icon name={icon} size={22} />
            <span>{plain(label)}</span>
          </a>
        ))}
    </nav>
  );
}

function Banners({ user, path }: { user: User; path: string }) {
  return (
    <div aria-live="polite">
      {!online.value && (
        <div class="banner">
          <Icon name="offline" />
          <p>{t('banner.offline')}</p>
        </div>
      )}
      {user.must_change_password && path !== '/account' && (
        <div class="banner">
          <Icon name="key" />
          <p>
            {t('banner.password')} <a href="/account">{t('banner.passwordAction')}</a>
          </p>
        </div>
      )}
    </div>
  );
}

const NotFound = () => (
  <>
    <PageHead title={t('notFound.title')} />
    <div class="card">
      <Empty icon="search" title={t('notFound.head')} text={t('notFound.text')}>
        <LinkButton href="/">{t('notFound.home')}</LinkButton>
      </Empty>
    </div>
  </>
);
