import type { RosterProblem } from '#shared/contracts/rosters.ts';
import { folded } from '#shared/table/entity.ts';
import type { RosterRow } from './rows.ts';

/** A class that rows may go into; one without an id is still to be created. */
export interface Place {
  readonly class_id: string | null;
  readonly name: string;
}
export interface PlacedRow extends RosterRow {
  readonly place: Place | null;
}

export interface Choice {
  /** Those whom the caller may enrol in. */
  readonly classes: readonly Place[];
  /** Every row goes here. */
  readonly only: Place | undefined;
  readonly create: boolean;
}

/** Gives every row its class, or the reason why it has none. */
export function placeRows(rows: readonly RosterRow[], choice: Choice): PlacedRow[] {
  const byName = new Map<string, Place[]>();
  for (const place of choice.classes)
    byName.set(folded(place.name), [...(byName.get(folded(place.name)) ?? []), place]);
  const created = new Map<string, Place>();
  const find = (class_name: string): Place | RosterProblem => {
    const [place, other] = byName.get(folded(class_name)) ?? [];
    if (other) return problem('several_classes', 'several classes have this name');
    if (place) return place;
    if (!choice.create) return problem('unknown_class', 'there is no class of this name');
    const made = created.get(folded(class_name)) ?? { class_id: null, name: class_name };
    created.set(folded(class_name), made);
    return made;
  };
  return rows.map((row) => {
    if (row.problem) return { ...row, place: null };
    const found = choice.only ? onlyPlace(row, choice.only) : placeNamed(row, find);
    return 'rule' in found ? { ...row, place: null, problem: found } : { ...row, place: found };
  });
}

const problem = (rule: RosterProblem['rule'], detail: string): RosterProblem => ({
  field: 'class',
  rule,
  detail,
});

const onlyPlace = ({ class_name }: RosterRow, only: Place): Place | RosterProblem =>
  class_name === null || folded(class_name) === folded(only.name)
    ? only
    : problem('other_class', `the row names another class than ${only.name}`);

const placeNamed = (
  { class_name }: RosterRow,
  find: (class_name: string) => Place | RosterProblem,
): Place | RosterProblem =>
  class_name === null ? problem('missing', 'the class is missing') : find(class_name);

/** Names of the classes that do not exist yet, each once. */
export const newClassesOf = (rows: readonly PlacedRow[]): string[] => [
  ...new Set(rows.flatMap(({ place }) => (place && place.class_id === null ? [place.name] : []))),
];
