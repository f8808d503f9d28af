import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '#shared/http/client.ts';
import { duration, locale, t } from '../../i18n/index.ts';
import { Failure } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Why the platform did not take a program, with the wait that it asked for, or that it runs none at all. */
export function Refusal({ error, retry }: { error: unknown; retry: () => void }) {
  if (error === undefined) return null;
  if (error instanceof ApiError && error.status === 429 && error.retry_after_s !== undefined)
    return <Wait key={error.body.timestamp} seconds={error.retry_after_s} />;
  if (error instanceof ApiError && error.error_code === 'grading.off')
    return <SwitchedOff reason={error.message} />;
  return <Failure error={error} retry={retry} />;
}

function Wait({ seconds }: { seconds: number }) {
  const left = useSignal(seconds);
  useEffect(() => {
    const timer = setInterval(() => {
      left.value = Math.max(0, left.value - 1);
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="note warn" role={left.value > 0 ? undefined : 'status'}>
      <Icon name="clock" />
      <p>{left.value > 0 ? t('refusal.waitFor', { time: duration(left.value) }) : t('refusal.goesOn')}</p>
    </div>
  );
}

const SwitchedOff = ({ reason }: { reason: string }) => (
  <div class="note warn" role="alert">
    <Icon name="alert" />
    <p>
      <strong>{t('refusal.off')}</strong>
      <br />
      {t('refusal.offText')}
      {locale.value === 'en' && <small>{reason}</small>}
    </p>
  </div>
);
