/** The text of an exercise in one language: a Markdown file with a title, the problem, and hints at its end. */

export interface ExerciseText {
  /** One line. */
  readonly title: string;
  /** Markdown. */
  readonly problem_description: string;
  /** Markdown, from gentle to nearly the answer. */
  readonly hints: readonly string[];
}

/** What is wrong with a folder: in which file, and in which field of it. */
export class ExerciseFolderError extends Error {
  readonly file: string;
  readonly field: string;
  constructor(file: string, field: string, reason: string) {
    super(`${file}${field === '' ? '' : `, ${field}`}: ${reason}`);
    this.name = 'ExerciseFolderError';
    this.file = file;
    this.field = field;
  }
}

const hintsHeading = { 'en.md': '## Hints', 'ko.md': '## 힌트' } as const;
export type TextFile = keyof typeof hintsHeading;

/** The hints are the last section, so that a problem may itself speak of a heading `## Hints`. */
export function parseText(file: TextFile, source: string): ExerciseText {
  const lines = source.replaceAll(/\r\n?/g, '\n').replace(/^\n+/, '').split('\n');
  const title = /^# (.*)$/s.exec(lines[0] ?? '')?.[1]?.trim() ?? '';
  if (title === '')
    throw new ExerciseFolderError(file, 'title', 'the first line should be “# ” and the title');
  const heading = lines.findLastIndex((line) => line.trimEnd() === hintsHeading[file]);
  const end = heading === -1 ? lines.length : heading;
  const problem_description = lines.slice(1, end).join('\n').trim();
  if (problem_description === '') throw new ExerciseFolderError(file, 'problem_description', 'says nothing');
  return { title, problem_description, hints: parseHints(file, lines.slice(end + 1)) };
}

/** A numbered list whose entries may have more lines, indented as deep as the text of the first. */
function parseHints(file: TextFile, lines: readonly string[]): string[] {
  const hints: string[] = [];
  let indent = 0;
  for (const line of lines) {
    const [, marker, first] = /^(\d+\. )(.*)$/s.exec(line) ?? [];
    if (marker !== undefined && first !== undefined) {
      indent = marker.length;
      hints.push(first);
    } else if (hints.length > 0) {
      const inside = Math.min(indent, line.length - line.trimStart().length);
      hints.push(`${hints.pop()}\n${line.slice(inside)}`);
    } else if (line.trim() !== '') {
      throw new ExerciseFolderError(file, 'hints', `“${line}” should begin with “1. ”`);
    }
  }
  return hints.map((hint, at) => {
    if (hint.trim() === '') throw new ExerciseFolderError(file, `hints[${at}]`, 'says nothing');
    return hint.trim();
  });
}

export function printText(file: TextFile, { title, problem_description, hints }: ExerciseText): string {
  const list = hints.map((hint, at) => {
    const marker = `${at + 1}. `;
    const [first, ...more] = hint.split('\n');
    const indented = more.map((line) => (line === '' ? '' : ' '.repeat(marker.length) + line));
    return [`${marker}${first}`, ...indented].join('\n');
  });
  return `# ${title}\n\n${problem_description}\n\n${hintsHeading[file]}\n\n${list.join('\n')}\n`;
}
