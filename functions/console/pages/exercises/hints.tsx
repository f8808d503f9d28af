import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { user } from '../../app/session.ts';
import { remember, remembered } from '../../app/storage.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Markdown } from './markdown.tsx';

/** Hints, one at a time, from gentle to nearly the answer; how many were opened is remembered. */
export function Hints({ exercise_id, hints }: { exercise_id: string; hints: readonly string[] }) {
  const key = `hints.${user.value?.user_id ?? ''}.${exercise_id}`;
  const opened = useSignal(Math.min(hints.length, Number(remembered(key) ?? 0)));
  const newest = useRef<HTMLLIElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) newest.current?.focus();
  }, [opened.value]);
  if (hints.length === 0) return null;
  const openNext = () => {
    asked.current = true;
    opened.value += 1;
    remember(key, String(opened.value));
  };
  const isOver = opened.value >= hints.length;
  return (
    <section class="hints">
      <h2>{t('hints.title')}</h2>
      {opened.value === 0 && <p class="muted">{t('hints.none')}</p>}
      <ol>
        {hints.slice(0, opened.value).map((hint, index) => (
          <li
            key={hint}
            ref={index === opened.value - 1 ? newest : null}
            tabIndex={-1}
            aria-label={t('hints.hint', { n: index + 1 })}
          >
            <Markdown text={hint} />
          </li>
        ))}
      </ol>
      {isOver ? (
        <p class="small muted">{t('hints.usedUp')}</p>
      ) : (
        <Button size="small" icon="bulb" onClick={openNext}>
          {opened.value === 0
            ? t('hints.first')
            : t('hints.next', { n: opened.value + 1, all: hints.length })}
        </Button>
      )}
    </section>
  );
}
