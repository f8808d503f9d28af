import { turnedText, turnsText } from '../turning-marks.ts';
import type { ItemContent, Question, StoredParameters } from './types.ts';

/** What the schema of items does not say; `path` names the field. */
export interface ItemProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const problem = (path: ItemProblem['path'], message: string): ItemProblem[] => [{ path, message }];

/** The rules for an item that is written: of its texts, and of fields that are bound to each other. */
export const itemProblems = (item: ItemContent & { readonly parameters?: StoredParameters | null }) => [
  ...turnedTexts(item),
  ...keyProblems(item),
  ...(item.parameters ? parameterProblems(item, item.parameters) : []),
];

/** A rule for what is written: what was written before it can still be read. */
function turnedTexts({ body, explanation, options }: ItemContent): ItemProblem[] {
  const texts: [ItemProblem['path'], string | null][] = [
    [['body'], body],
    [['explanation'], explanation],
    ...options.map((option, at): [ItemProblem['path'], string] => [['options', at, 'body'], option.body]),
  ];
  return texts.flatMap(([path, text]) => (text !== null && turnsText(text) ? problem(path, turnedText) : []));
}

/** Whether the key names options that there are. */
function keyProblems(question: Question): ItemProblem[] {
  if (question.kind === 'choice')
    return question.key < question.options.length ? [] : problem(['key'], noOption(question.key));
  if (question.kind !== 'multi') return [];
  const beyond = question.key.find((position) => position >= question.options.length);
  if (beyond !== undefined) return problem(['key'], noOption(beyond));
  const rises = question.key.every((position, at) => at === 0 || position > (question.key[at - 1] ?? 0));
  return rises ? [] : problem(['key'], 'each option once, in rising order');
}
const noOption = (position: number): string => `there is no option ${position}; positions count from 0`;

function parameterProblems(question: Question, parameters: StoredParameters): ItemProblem[] {
  if ('thresholds' in parameters) return thresholdProblems(question, parameters);
  const { model, c, d } = parameters;
  if (model !== '3PL' && model !== '4PL' && c !== 0)
    return problem(['parameters', 'c'], `${model} has no lower asymptote; 3PL has`);
  if (model !== '4PL' && d !== 1)
    return problem(['parameters', 'd'], `${model} has no upper asymptote; 4PL has`);
  return c < d ? [] : problem(['parameters', 'd'], 'd is greater than c');
}

/** Several categories are scored by how many of the keys were found, so that there is a category for each only up to there. */
function thresholdProblems(
  question: Question,
  { model, thresholds }: Extract<StoredParameters, { thresholds: readonly number[] }>,
): ItemProblem[] {
  if (question.kind !== 'multi')
    return problem(
      ['parameters', 'model'],
      `${model} scores several categories, which only multi items have`,
    );
  if (thresholds.length > question.key.length)
    return problem(
      ['parameters', 'thresholds'],
      `an item with ${question.key.length} right options has at most as many thresholds`,
    );
  const rise = thresholds.every((value, at) => at === 0 || value > (thresholds[at - 1] ?? 0));
  return model === 'GRM' && !rise ? problem(['parameters', 'thresholds'], 'thresholds of GRM rise') : [];
}
