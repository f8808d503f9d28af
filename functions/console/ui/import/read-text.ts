import { decodeText } from '#shared/domain/csv/decode.ts';
import { t } from '../../i18n/index.ts';

const encodings = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16', 'euc-kr': 'CP949' } as const;

export interface ReadText {
  readonly text: string;
  /** What was read as what: whoever knows better sees it. */
  readonly note: string;
}

/** The text of a file that somebody chose, or why it has none. */
export async function readText(file: File, longest: number): Promise<ReadText | string> {
  // a letter of Korean takes three bytes
  if (file.size > 3 * longest) return t('importing.tooLarge');
  const decoded = decodeText(new Uint8Array(await file.arrayBuffer()));
  // an old Excel workbook is neither text nor without zeros
  if (!decoded || decoded.text.includes('\0')) return t('importing.notText');
  return {
    text: decoded.text,
    note: t('importing.read', { name: file.name, encoding: encodings[decoded.encoding] }),
  };
}
