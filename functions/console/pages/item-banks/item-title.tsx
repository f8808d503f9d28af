import { languageOf } from '../item-body/language-of.ts';
import { titleOfItem } from './title-of-item.ts';

/** What an item is called in lists, read aloud in the language it was written in. */
export const ItemTitle = ({ body }: { body: string }) => (
  <span lang={languageOf(body)}>{titleOfItem({ body })}</span>
);
