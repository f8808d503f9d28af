/** Values of hyperparameters by name. */
export type Trial = Readonly<Record<string, unknown>>;

/** Where a random search draws a value from. */
export type Drawn =
  | { readonly values: readonly unknown[] }
  | {
      readonly min: number;
      readonly max: number;
      readonly scale: 'linear' | 'log';
      readonly integer: boolean;
    };

/** Every combination of the values, the last name changing fastest. */
export function gridOf(space: Readonly<Record<string, readonly unknown[]>>): Trial[] {
  return Object.entries(space).reduce<Trial[]>(
    (trials, [name, values]) =>
      trials.flatMap((trial) => values.map((value) => ({ ...trial, [name]: value }))),
    [{}],
  );
}

/** So many trials, each value drawn by itself; the same seed draws the same. */
export function drawTrials(space: Readonly<Record<string, Drawn>>, count: number, seed: number): Trial[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () =>
    Object.fromEntries(Object.entries(space).map(([name, from]) => [name, draw(from, random())])),
  );
}

function draw(from: Drawn, share: number): unknown {
  if ('values' in from) return from.values[Math.floor(share * from.values.length)];
  const { min, max, scale, integer } = from;
  const value = scale === 'log' ? min * (max / min) ** share : min + share * (max - min);
  return integer ? Math.round(value) : Number(value.toPrecision(6));
}

/** Numbers in [0, 1), from 32 bits of state (T. Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
