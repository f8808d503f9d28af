import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import type { Language } from '#shared/domain/grading/types.ts';
import { codeTheme } from './code-theme.ts';
import { grammar } from './languages.ts';

interface DiffOptions {
  readonly root: ShadowRoot;
  readonly label: string;
  readonly language: Language;
  readonly before: string;
  readonly after: string;
  readonly phrases: Readonly<Record<string, string>>;
}

export async function createDiff(options: DiffOptions): Promise<EditorView> {
  return new EditorView({
    root: options.root,
    parent: options.root,
    state: EditorState.create({
      doc: options.after,
      extensions: [
        lineNumbers(),
        unifiedMergeView({
          original: options.before,
          mergeControls: false,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
        await grammar(options.language),
        codeTheme,
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({
          tabindex: '0',
          'aria-readonly': 'true',
          'aria-label': options.label,
          translate: 'no',
        }),
        EditorState.phrases.of(options.phrases),
      ],
    }),
  });
}
