import { now } from '../app/clock.ts';
import { toast } from '../app/toasts.ts';
import { exactTime, relativeTime, t } from '../i18n/index.ts';
import { IconButton } from './button.tsx';

/** How long ago, with the exact moment on hover. */
export const Ago = ({ at }: { at: string }) => (
  <time dateTime={at} title={exactTime(at)}>
    {relativeTime(at, now.value)}
  </time>
);

const initials = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return (Array.from(first)[0] ?? '').toUpperCase() + (Array.from(last)[0] ?? '').toUpperCase();
};
export const Avatar = ({ name, small }: { name: string; small?: boolean }) => (
  <span class={small ? 'avatar s' : 'avatar'} aria-hidden="true">
    {initials(name)}
  </span>
);

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast('good', t('copy.done'));
  } catch {
    toast('bad', t('copy.failed'));
  }
}
export const CopyButton = ({ text, label }: { text: string; label: string }) => (
  <IconButton icon="copy" size="small" label={label} onClick={() => void copy(text)} />
);

/** Something to hand out: large, selectable, with a button that copies it. */
export const CopyField = ({ text, label }: { text: string; label: string }) => (
  <div class="copy-field">
    <output aria-label={label}>{text}</output>
    <CopyButton text={text} label={t('copy.what', { what: label })} />
  </div>
);

export const Progress = ({ value, label, kind = '' }: { value: number; label: string; kind?: string }) => {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      class={`progress ${kind}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span style={{ transform: `scaleX(${percent / 100})` }} />
    </div>
  );
};
