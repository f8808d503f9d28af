import { calibrations as en } from './en/calibrations.ts';
import './class-exams.ts';
import { addWords } from './index.ts';
import { calibrations as ko } from './ko/calibrations.ts';

/** Words of analyses and calibrations come with their pages. */
addWords({ en, ko });
