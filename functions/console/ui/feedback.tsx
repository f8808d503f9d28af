import type { ComponentChildren } from 'preact';
import { t } from '../i18n/index.ts';
import { errorReference, errorText } from '../i18n/problems.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

/** Says what went wrong where it went wrong, and offers to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  if (error === undefined) return null;
  const reference = errorReference(error);
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <p>
        {errorText(error)}
        {reference !== undefined && <small>{t('error.reference', { id: reference })}</small>}
      </p>
      {retry && (
        <Button size="small" icon="restart" onClick={retry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}

export const Note = ({
  kind,
  icon,
  children,
}: {
  kind: 'good' | 'warn' | 'bad';
  icon: IconName;
  children: ComponentChildren;
}) => (
  <div class={`note ${kind}`}>
    <Icon name={icon} />
    <p>{children}</p>
  </div>
);

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  /** What to do about it. */
  readonly text: string;
  readonly children?: ComponentChildren;
}
export const Empty = ({ icon, title, text, children }: EmptyProps) => (
  <div class="empty">
    <Icon name={icon} size={28} />
    <strong>{title}</strong>
    <p>{text}</p>
    {children && <div class="row">{children}</div>}
  </div>
);

/** The shape of what is loading. */
export const Skeleton = ({ lines = 3, height }: { lines?: number; height?: number }) => (
  <div class="stack" role="status" aria-label={t('state.loading')}>
    {Array.from({ length: lines }, (_, index) => (
      <span
        key={index}
        class="skeleton"
        style={{
          width: `${height === undefined ? 92 - ((index * 23) % 45) : 100}%`,
          height: height ? `${height}px` : '1em',
        }}
      />
    ))}
  </div>
);

interface CardWaitProps {
  readonly resource: {
    readonly data: unknown;
    readonly error: unknown;
    readonly reload: () => void;
  };
  readonly lines: number;
  readonly height?: number;
}
/** In a card, until there is what it shows: its shape, or why it has not come. */
export function CardWait({ resource: { data, error, reload }, ...shape }: CardWaitProps) {
  if (error === undefined && data !== undefined) return null;
  return (
    <div class="card-body">
      {error === undefined ? <Skeleton {...shape} /> : <Failure error={error} retry={reload} />}
    </div>
  );
}
