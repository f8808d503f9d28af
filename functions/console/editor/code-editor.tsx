import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Language } from '#shared/domain/grading/types.ts';
import { locale, t } from '../i18n/index.ts';
import type { Editor } from './create-editor.ts';
import type { LineNote } from './line-notes.ts';
import type { Mark } from './marks.ts';
import { editorPhrases } from './phrases.ts';
import { shadowOf } from './shadow.ts';

export interface CodeEditorProps {
  readonly label: string;
  readonly language: Language;
  readonly code: string;
  /** Absent: the code is to be read only. */
  readonly onChange?: (code: string) => void;
  /** Ctrl+Enter. */
  readonly onRun?: () => void;
  readonly marks?: readonly Mark[];
  readonly notes?: readonly LineNote[];
  /** Is given the editor when it is there, and undefined when it is gone. */
  readonly onReady?: (editor: Editor | undefined) => void;
}

const nothing: readonly never[] = [];

/** Code with its colours; the editor itself is fetched when it is first shown, the code can be read at once. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, language, code, marks = nothing, notes = nothing } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useSignal<Editor | undefined>(undefined);
  const failed = useSignal(false);
  const latest = useRef(props);
  latest.current = props;
  const isReadOnly = props.onChange === undefined;
  const echoes = useRef(new Set<string>());

  useEffect(() => {
    let gone = false;
    let made: Editor | undefined;
    const open = async () => {
      const { createEditor } = await import('./create-editor.ts');
      if (gone || !host.current) return;
      const root = shadowOf(host.current);
      made = await createEditor({
        root,
        code: latest.current.code,
        language,
        label: latest.current.label,
        describedBy: hintId,
        onChange: isReadOnly
          ? undefined
          : (next) => {
              expectEcho(echoes.current, next);
              latest.current.onChange?.(next);
            },
        onRun: latest.current.onRun && (() => latest.current.onRun?.()),
        phrases: editorPhrases(),
      });
      if (gone) return made.destroy();
      putHint(root);
      editor.value = made;
      latest.current.onReady?.(made);
    };
    open().catch(() => {
      failed.value = true;
    });
    return () => {
      gone = true;
      made?.destroy();
      editor.value = undefined;
      latest.current.onReady?.(undefined);
    };
  }, [language, isReadOnly]);

  useEffect(() => {
    if (!isEcho(echoes.current, code)) editor.value?.setCode(code);
  }, [editor.value, code]);
  useEffect(() => editor.value?.setMarks(marks), [editor.value, marks]);
  useEffect(() => editor.value?.setNotes(notes), [editor.value, notes]);
  useEffect(() => {
    editor.value?.setAttributes(
      { 'aria-label': label, ...(!isReadOnly && { 'aria-describedby': hintId }) },
      editorPhrases(),
    );
    if (host.current?.shadowRoot) putHint(host.current.shadowRoot);
  }, [editor.value, label, locale.value]);

  return (
    <div class={isReadOnly ? 'code-box' : 'code-box writable'} aria-busy={editor.value ? undefined : 'true'}>
      {!editor.value && <Meanwhile {...props} plain={failed.value} />}
      <div ref={host} hidden={!editor.value} />
    </div>
  );
}

/**
 * What is typed goes up and comes back as `code` a moment later, when more may have been typed: the editor must not
 * take its own older words for somebody else's change.
 */
function expectEcho(echoes: Set<string>, code: string): void {
  echoes.delete(code);
  echoes.add(code);
}
function isEcho(echoes: Set<string>, code: string): boolean {
  if (!echoes.has(code)) return false;
  for (const older of echoes) {
    echoes.delete(older);
    if (older === code) break;
  }
  return true;
}

/** Until the editor is there its code can be read; where it cannot be fetched, a plain field takes its place. */
const Meanwhile = ({ label, code, onChange, plain }: CodeEditorProps & { plain: boolean }) =>
  plain && onChange ? (
    <textarea
      class="code-plain"
      aria-label={label}
      spellcheck={false}
      autoCapitalize="off"
      value={code}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  ) : (
    <pre class="code-plain">{code}</pre>
  );

const hintId = 'leave';

/** In the same root as the editor, for the screen reader that announces it. */
function putHint(root: ShadowRoot): void {
  const hint = root.getElementById(hintId) ?? document.createElement('p');
  hint.id = hintId;
  hint.hidden = true;
  hint.textContent = t('editor.leave');
  root.append(hint);
}
