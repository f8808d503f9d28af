import { rosterFile as en } from './en/roster-file.ts';
import './imports.ts';
import { addWords } from './index.ts';
import { rosterFile as ko } from './ko/roster-file.ts';

/** The words come with the pages that a school needs twice a year. */
addWords({ en, ko });
