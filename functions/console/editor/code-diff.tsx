import { useEffect, useRef } from 'preact/hooks';
import type { Language } from '#shared/domain/grading/types.ts';
import { locale } from '../i18n/index.ts';
import { editorPhrases } from './phrases.ts';
import { shadowOf } from './shadow.ts';

interface CodeDiffProps {
  readonly label: string;
  readonly language: Language;
  readonly before: string;
  readonly after: string;
}

/** What changed from one program to another: lines that are gone in red, lines that came in green. */
export function CodeDiff({ label, language, before, after }: CodeDiffProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let gone = false;
    let destroy = () => {};
    const draw = async () => {
      const { createDiff } = await import('./create-diff.ts');
      if (gone || !host.current) return;
      const root = shadowOf(host.current);
      const view = await createDiff({ root, label, language, before, after, phrases: editorPhrases() });
      if (gone) view.destroy();
      else destroy = () => view.destroy();
    };
    void draw();
    return () => {
      gone = true;
      destroy();
    };
  }, [label, language, before, after, locale.value]);
  return (
    <div class="code-box">
      <div ref={host} />
    </div>
  );
}
