import { t } from '../../i18n/index.ts';
import type { Status } from './status.ts';

const kinds: Readonly<Record<Status, string>> = {
  pending: '',
  running: 'accent',
  interrupted: 'warn',
  paused: '',
  completed: 'good',
  failed: 'bad',
  cancelled: '',
};
export const StatusBadge = ({ status }: { status: Status }) => (
  <span class={`badge ${kinds[status]}`}>
    <span class={status === 'running' ? 'dot live' : 'dot'} />
    {t(`status.${status}`)}
  </span>
);
