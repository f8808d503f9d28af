import { Markdown } from '../exercises/markdown.tsx';

/** The body of a question or of one of its options: Markdown with formulas between dollars and with code. */
export const ItemBody = ({ text }: { text: string }) => <Markdown text={text} formulas />;
