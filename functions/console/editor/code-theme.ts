import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours are the console's own tokens, so that they follow the theme by themselves. */
const frame = EditorView.theme({
  '&': {
    minHeight: 'var(--editor-min, 0)',
    maxHeight: 'var(--editor-max, none)',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    fontSize: 'var(--code-size)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 16px 0 6px' },
  '.cm-cursor, .cm-dropCursor': { borderLeft: '2px solid var(--accent-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 26%, transparent)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--code-line)' },
  '.cm-gutters': { border: '0', backgroundColor: 'transparent', color: 'var(--ink-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px', padding: '0 8px 0 4px' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--ink)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    borderRadius: '2px',
    backgroundColor: 'color-mix(in srgb, var(--accent) 22%, transparent)',
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': {
    backgroundColor: 'var(--bad-soft)',
    color: 'var(--bad)',
  },
  '.cm-tooltip': {
    maxWidth: '44ch',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    backgroundColor: 'var(--surface)',
    boxShadow: 'var(--shadow-m)',
    color: 'var(--ink)',
    fontFamily: 'var(--font)',
    fontSize: '0.8125rem',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--accent-ink)',
  },
  '.cm-completionMatchedText': { fontWeight: '650', textDecoration: 'none' },
});

const problems = EditorView.theme({
  '.cm-diagnostic': { padding: '8px 12px', borderLeft: '3px solid var(--warn)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-lintRange-error, .cm-lintRange-warning': {
    paddingBottom: '0',
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warn)' },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--bad)' },
  '.cm-lintPoint-warning::after': { borderBottomColor: 'var(--warn)' },
  '.cm-gutter-lint': { width: '18px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0 0 0 8px' },
  '.cm-lint-marker': { width: '8px', height: '8px', marginTop: '0.55em' },
  '.cm-lint-marker-error': { borderRadius: '50%', backgroundColor: 'var(--bad)', content: 'normal' },
  '.cm-lint-marker-warning': {
    borderRadius: '2px',
    backgroundColor: 'var(--warn)',
    content: 'normal',
    transform: 'rotate(45deg)',
  },
});

const differences = EditorView.theme({
  '&.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--good-soft)' },
  '&.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--good) 26%, transparent)',
    borderRadius: '2px',
  },
  '.cm-deletedChunk': { padding: '0 16px 0 6px', backgroundColor: 'var(--bad-soft)' },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--bad) 26%, transparent)',
    borderRadius: '2px',
  },
  '.cm-deletedChunk del, .cm-deletedLine del': { textDecoration: 'none' },
  '.cm-changeGutter': { width: '4px', paddingLeft: '0' },
  '&.cm-merge-b .cm-changedLineGutter': { backgroundColor: 'var(--good)' },
  '.cm-deletedLineGutter': { backgroundColor: 'var(--bad)' },
  '.cm-collapsedLines': {
    padding: '6px 16px',
    background: 'var(--sunken)',
    color: 'var(--ink-2)',
    fontFamily: 'var(--font)',
    fontSize: '0.8125rem',
  },
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: 'none' },
});

const words = HighlightStyle.define([
  {
    tag: [
      tags.keyword,
      tags.operatorKeyword,
      tags.controlKeyword,
      tags.definitionKeyword,
      tags.moduleKeyword,
      tags.modifier,
      tags.self,
    ],
    color: 'var(--code-keyword)',
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.escape], color: 'var(--code-number)' },
  {
    tag: [tags.lineComment, tags.blockComment, tags.comment],
    color: 'var(--code-comment)',
    fontStyle: 'italic',
  },
  {
    tag: [
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.function(tags.definition(tags.variableName)),
    ],
    color: 'var(--code-function)',
  },
  {
    tag: [tags.className, tags.definition(tags.className), tags.typeName, tags.namespace, tags.meta],
    color: 'var(--code-type)',
  },
]);

export const codeTheme: Extension = [frame, problems, differences, syntaxHighlighting(words)];
