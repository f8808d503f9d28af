import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { navigate } from '../app/location.ts';
import { t } from '../i18n/index.ts';
import { Confirm } from './dialog.tsx';

/** Asks before a link leads away from what is not saved yet; the browser itself asks before the tab is closed. */
export function LeaveGuard({ active }: { active: boolean }) {
  const to = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (!active) return;
    const hold = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const stays = link?.target !== '' || link.hasAttribute('download') || link.hash !== '';
      if (stays || link.origin !== location.origin || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      to.value = link.pathname + link.search;
    };
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    document.addEventListener('click', hold, { capture: true });
    addEventListener('beforeunload', warn);
    return () => {
      document.removeEventListener('click', hold, { capture: true });
      removeEventListener('beforeunload', warn);
    };
  }, [active]);
  const target = to.value;
  if (target === undefined) return null;
  return (
    <Confirm
      title={t('write.leaveTitle')}
      text={t('write.leaveText')}
      action={t('write.leave')}
      kind="primary"
      onClose={() => {
        to.value = undefined;
      }}
      act={async () => navigate(target)}
    />
  );
}
