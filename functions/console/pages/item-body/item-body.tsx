import { Markdown } from '../exercises/markdown.tsx';
import { languageOf } from './language-of.ts';

interface ItemBodyProps {
  readonly text: string;
  /** It names a control, such as the radio button of an option. Default: no. */
  readonly asName?: boolean;
}

/** The body of a question or of one of its options: Markdown with formulas between dollars and with code. */
export const ItemBody = ({ text, asName = false }: ItemBodyProps) => (
  <Markdown text={text} lang={languageOf(text)} formulas={asName ? 'inName' : 'shown'} />
);
