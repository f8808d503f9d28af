import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { counted, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Icon } from '../../ui/icon.tsx';

/** Told to those who do not see the clock. */
const told_s = [600, 300, 60];

interface CountdownProps {
  /** By this device's clock. */
  readonly ends_ms: number;
  /** What ends: the quiz, or the one question. */
  readonly label: string;
  /** The words beside the clock. Default: `left`. */
  readonly words?: string;
  /** Called at the end, and again now and then as long as the page has not moved on. */
  readonly onEnd: () => void;
}
const askAgain_ms = 2_000;

/** `12:05` left, and a word at ten, five and one minute; what happens at the end is the page's. */
export function Countdown({ ends_ms, label, words, onEnd }: CountdownProps) {
  const left = useSignal(secondsUntil(ends_ms));
  const said = useSignal('');
  const latest = useRef(onEnd);
  latest.current = onEnd;
  useEffect(() => {
    let notBefore_ms = 0;
    const look = () => {
      const before = left.peek();
      const now = secondsUntil(ends_ms);
      left.value = now;
      if (told_s.some((s) => before > s && now <= s)) said.value = counted('timer.left', Math.ceil(now / 60));
      if (now > 0 || Date.now() < notBefore_ms) return;
      notBefore_ms = Date.now() + askAgain_ms;
      latest.current();
    };
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [ends_ms]);
  const s = left.value;
  const look = s <= 60 ? 'bad' : s <= 300 ? 'warn' : '';
  return (
    <span class={`countdown ${look}`}>
      <Icon name="clock" size={16} />
      <span role="timer" aria-label={label}>
        {clock(s)}
      </span>
      <span class="small">{words ?? t('timer.remaining')}</span>
      <span class="visually-hidden" role="status">
        {said.value}
      </span>
    </span>
  );
}

const secondsUntil = (ends_ms: number): number => Math.max(0, Math.ceil((ends_ms - Date.now()) / 1000));

/** `1:02:05`, `12:05`, `0:09` */
export function clock(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
