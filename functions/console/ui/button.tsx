import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface Look {
  readonly kind?: 'primary' | 'danger' | 'quiet' | 'plain';
  readonly size?: 'small' | 'large';
  readonly icon?: IconName;
  readonly wide?: boolean;
}
const classes = ({ kind = 'plain', size, wide }: Look, more = '') =>
  ['button', kind, size ?? '', wide ? 'wide' : '', more].filter((name) => name !== '').join(' ');

interface ButtonProps extends Look {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly submit?: boolean;
  /** Work is under way: the button stays focusable and does nothing. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
}
export const Button = ({ children, onClick, submit, busy, disabled, ...look }: ButtonProps) => (
  <button
    type={submit ? 'submit' : 'button'}
    class={classes(look)}
    disabled={disabled ?? false}
    aria-disabled={busy ? 'true' : undefined}
    aria-busy={busy ? 'true' : undefined}
    onClick={(event) => {
      if (busy) event.preventDefault();
      else onClick?.();
    }}
  >
    {look.icon && <Icon name={look.icon} size={look.size === 'small' ? 16 : 18} />}
    {children}
  </button>
);

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for those who cannot see the icon; also its tooltip. */
  readonly label: string;
  readonly onClick: () => void;
  readonly kind?: Look['kind'];
  readonly size?: 'small';
}
export const IconButton = ({ icon, label, onClick, kind = 'quiet', ...look }: IconButtonProps) => (
  <button
    type="button"
    class={classes({ kind, ...look }, 'icon-only')}
    title={label}
    aria-label={label}
    onClick={onClick}
  >
    <Icon name={icon} size={look.size === 'small' ? 16 : 18} />
  </button>
);

export const LinkButton = ({
  href,
  children,
  ...look
}: Look & { href: string; children: ComponentChildren }) => (
  <a href={href} class={classes(look)}>
    {look.icon && <Icon name={look.icon} />}
    {children}
  </a>
);

/** A button that reads as part of a sentence. */
export const InlineButton = ({ children, onClick }: { children: ComponentChildren; onClick: () => void }) => (
  <button type="button" class="button inline-link" onClick={onClick}>
    {children}
  </button>
);
