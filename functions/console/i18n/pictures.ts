import { pictures as en } from './en/pictures.ts';
import { addWords } from './index.ts';
import { pictures as ko } from './ko/pictures.ts';

/** Words of the pictures come with the pages that draw them. */
addWords({ en, ko });
