import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { linearMath } from './linear-math.ts';

type Render = (tex: string, into: HTMLElement, display: boolean) => void;

let loading: Promise<Render> | undefined;
/** Fetched with the first formula: most pages have none. */
function loadTemml(): Promise<Render> {
  loading ??= import('temml').then(
    ({ default: temml }): Render =>
      (tex, into, displayMode) =>
        temml.render(tex, into, { displayMode, throwOnError: true, maxSize: [20, 20], maxExpand: 200 }),
  );
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

interface FormulaProps {
  readonly tex: string;
  readonly display: boolean;
  /** It is part of a control's name, from which browsers leave MathML out: then it is a line of text to listeners. */
  readonly inName: boolean;
}

/** A formula as MathML, which screen readers read; until it is drawn, and where it cannot be, its source. */
export function Formula({ tex, display, inName }: FormulaProps) {
  const spoken = useSignal('');
  const host = useRef<HTMLSpanElement>(null);
  const drawn = useSignal<'yes' | 'no' | 'bad'>('no');
  useEffect(() => {
    let gone = false;
    loadTemml().then(
      (render) => {
        if (gone || !host.current) return;
        drawn.value = tried(render, tex, host.current, display);
        spoken.value = linearMath(host.current);
      },
      () => {
        if (!gone) drawn.value = 'no';
      },
    );
    return () => {
      gone = true;
    };
  }, [tex, display]);
  return (
    <span class={display ? 'formula display' : 'formula'}>
      {drawn.value !== 'yes' && <code class={drawn.value === 'bad' ? 'misspelt' : undefined}>{tex}</code>}
      <span ref={host} aria-hidden={inName && drawn.value === 'yes' ? 'true' : undefined} />
      {inName && drawn.value === 'yes' && <span class="visually-hidden">{spoken.value}</span>}
    </span>
  );
}

function tried(render: Render, tex: string, into: HTMLElement, display: boolean): 'yes' | 'bad' {
  try {
    render(tex, into, display);
    return 'yes';
  } catch {
    into.textContent = '';
    return 'bad';
  }
}
