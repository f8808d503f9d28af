import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Language } from '#shared/domain/grading/types.ts';
import { codeTheme } from './code-theme.ts';
import { grammar } from './languages.ts';
import { type LineNote, lineNotes, setNotes } from './line-notes.ts';
import { type Mark, toDiagnostic } from './marks.ts';

export interface EditorOptions {
  readonly root: ShadowRoot;
  readonly code: string;
  readonly language: Language;
  readonly label: string;
  /** Id of an element in the same root that says how to leave the editor by keyboard. */
  readonly describedBy: string;
  readonly onChange: ((code: string) => void) | undefined;
  readonly onRun: (() => void) | undefined;
  /** Words of the editor itself, in the reader's language. */
  readonly phrases: Readonly<Record<string, string>>;
}

export interface Editor {
  setCode(code: string): void;
  setMarks(marks: readonly Mark[]): void;
  setNotes(notes: readonly LineNote[]): void;
  setAttributes(
    attributes: Readonly<Record<string, string>>,
    phrases: Readonly<Record<string, string>>,
  ): void;
  /** Moves the cursor there, and the focus. */
  goTo(line: number, column?: number | null): void;
  focus(): void;
  destroy(): void;
}

/** Marks a change that whoever shows the editor made, and knows of. */
const fromOutside = Annotation.define<boolean>();

export async function createEditor(options: EditorOptions): Promise<Editor> {
  const words = new Compartment();
  const isReadOnly = options.onChange === undefined;
  const view = new EditorView({
    root: options.root,
    parent: options.root,
    state: EditorState.create({
      doc: options.code,
      extensions: [
        isReadOnly ? reading : writing(options),
        lineNumbers(),
        lintGutter(),
        bracketMatching(),
        await grammar(options.language),
        lineNotes,
        codeTheme,
        EditorView.lineWrapping,
        words.of(wording(attributes(options), options.phrases)),
      ],
    }),
  });
  return {
    setCode: (code) => {
      if (code !== view.state.doc.toString())
        view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: code },
          annotations: fromOutside.of(true),
        });
    },
    setMarks: (marks) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.map((mark) => toDiagnostic(mark, view.state.doc)),
        ),
      ),
    setNotes: (notes) => view.dispatch({ effects: setNotes.of(notes) }),
    setAttributes: (next, phrases) => view.dispatch({ effects: words.reconfigure(wording(next, phrases)) }),
    goTo: (line, column = null) => {
      const { from, to } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      const anchor = Math.min(to, from + Math.max(0, (column ?? 1) - 1));
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

const attributes = ({ label, describedBy, onChange }: EditorOptions): Readonly<Record<string, string>> => ({
  'aria-label': label,
  ...(onChange !== undefined && { 'aria-describedby': describedBy }),
});

const wording = (
  names: Readonly<Record<string, string>>,
  phrases: Readonly<Record<string, string>>,
): Extension => [
  EditorView.contentAttributes.of({
    ...names,
    autocapitalize: 'off',
    autocorrect: 'off',
    spellcheck: 'false',
    translate: 'no',
  }),
  EditorState.phrases.of(phrases),
];

/** Not editable, yet reachable by keyboard, so that it scrolls and can be read line by line. */
const reading: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
];

const writing = ({ onChange, onRun }: EditorOptions): Extension => [
  history(),
  drawSelection(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  indentOnInput(),
  closeBrackets(),
  // a list that opens by itself takes the Enter of somebody who only wants a new line
  autocompletion({ activateOnTyping: false, icons: false }),
  keymap.of([
    ...(onRun === undefined ? [] : [runKey(onRun)]),
    ...closeBracketsKeymap,
    ...completionKeymap,
    ...historyKeymap,
    // Escape, then Tab leaves: CodeMirror passes the Tab on that follows an Escape
    indentWithTab,
    ...defaultKeymap,
  ]),
  EditorView.updateListener.of((update) => {
    const isTyped = !update.transactions.some((transaction) => transaction.annotation(fromOutside));
    if (update.docChanged && isTyped) onChange?.(update.state.doc.toString());
  }),
];

const runKey = (run: () => void): KeyBinding => ({
  key: 'Mod-Enter',
  run: () => {
    run();
    return true;
  },
});
