import { dismiss, toasts } from '../app/toasts.ts';
import { t } from '../i18n/index.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, kind, text }) => (
      <div key={id} class={`toast ${kind}`}>
        <Icon name={kind === 'good' ? 'check' : 'alert'} />
        <p>{text}</p>
        <IconButton icon="close" size="small" label={t('action.dismiss')} onClick={() => dismiss(id)} />
      </div>
    ))}
  </div>
);
