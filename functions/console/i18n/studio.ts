import { studio as en } from './en/studio.ts';
import { addWords } from './index.ts';
import { studio as ko } from './ko/studio.ts';

/** The studio's words come with its pages: they would be a twentieth of what everybody loads first. */
addWords({ en, ko });
