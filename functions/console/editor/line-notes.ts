import { type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view';
import { type ComponentChildren, render } from 'preact';

/** Something that stands below a line of the code: a comment, or a form that takes one. */
export interface LineNote {
  readonly key: string;
  /** Counted from 1. */
  readonly line: number;
  readonly content: ComponentChildren;
}

class NoteWidget extends WidgetType {
  readonly note: LineNote;
  constructor(note: LineNote) {
    super();
    this.note = note;
  }
  override eq(other: NoteWidget): boolean {
    return other.note.key === this.note.key && other.note.content === this.note.content;
  }
  override toDOM(): HTMLElement {
    const box = document.createElement('div');
    box.className = 'line-note-box';
    box.dataset['key'] = this.note.key;
    render(this.note.content, box);
    return box;
  }
  /** The same note with other content: what is typed in it stays. */
  override updateDOM(box: HTMLElement): boolean {
    if (box.dataset['key'] !== this.note.key) return false;
    render(this.note.content, box);
    return true;
  }
  override destroy(box: HTMLElement): void {
    render(null, box);
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

export const setNotes = StateEffect.define<readonly LineNote[]>();

const placed = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    const moved = before.map(transaction.changes);
    const effect = transaction.effects.findLast((candidate) => candidate.is(setNotes));
    if (!effect?.is(setNotes)) return moved;
    const { doc } = transaction.state;
    const widgets = effect.value.map((note) =>
      Decoration.widget({ widget: new NoteWidget(note), block: true, side: 1 }).range(
        doc.line(Math.min(Math.max(1, note.line), doc.lines)).to,
      ),
    );
    return RangeSet.of(widgets, true);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const lineNotes: Extension = placed;
