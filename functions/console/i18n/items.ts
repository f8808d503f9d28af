import { items as en } from './en/items.ts';
import { addWords } from './index.ts';
import { items as ko } from './ko/items.ts';

/** Words of item banks come with their pages. */
addWords({ en, ko });
