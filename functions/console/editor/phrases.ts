import { t } from '../i18n/index.ts';

/** CodeMirror's own words, which it says to screen readers and shows in tooltips. */
export const editorPhrases = (): Readonly<Record<string, string>> => ({
  close: t('editor.close'),
  Completions: t('editor.completions'),
  'Control character': t('editor.controlCharacter'),
  '$ unchanged lines': t('editor.unchanged'),
  'Selection deleted': t('editor.selectionDeleted'),
});
