import { imports as en } from './en/imports.ts';
import { addWords } from './index.ts';
import { imports as ko } from './ko/imports.ts';

/** The words that every import of a file shares; they come with the pages that import. */
addWords({ en, ko });
