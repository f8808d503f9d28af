type Scalar = string | number | boolean | null;

/** A setting that is not the same in all runs, by its dotted name, with what each run has; null where it has none. */
export interface Difference {
  readonly field: string;
  readonly values: readonly Scalar[];
}

/** Which settings differ between configurations, in the order in which they first appear. */
export function differences(configs: readonly object[]): Difference[] {
  const flat = configs.map((config) => new Map(leaves(config)));
  const fields = new Set(flat.flatMap((one) => [...one.keys()]));
  return [...fields]
    .map((field) => ({ field, values: flat.map((one) => one.get(field) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function leaves(value: object, prefix = ''): [string, Scalar][] {
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): [string, Scalar][] => {
    const field = `${prefix}${key}`;
    if (typeof member === 'object' && member !== null && !Array.isArray(member))
      return leaves(member, `${field}.`);
    return member === undefined ? [] : [[field, scalar(member)]];
  });
}

const scalar = (value: unknown): Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : JSON.stringify(value);
