/** Where values are along an axis, from 0 to 1, and which of them are written beside it. */
export interface Axis<T> {
  readonly at: (value: T) => number;
  readonly ticks: readonly { readonly at: number; readonly value: T }[];
}

/** Each value has a place of its own, in the order given; of many, not every one is written. */
export function ordinalAxis<T>(values: readonly T[], mostTicks: number): Axis<T> {
  const places = new Map(values.map((value, index) => [value, (index + 0.5) / values.length]));
  const stride = Math.max(1, Math.ceil(values.length / mostTicks));
  const at = (value: T) => places.get(value) ?? 0;
  return {
    at,
    ticks: values.filter((_, index) => index % stride === 0).map((value) => ({ at: at(value), value })),
  };
}

interface NumericOptions {
  readonly isLog?: boolean;
  /** Part of the axis that stays free at either end. */
  readonly margin: number;
  readonly mostTicks: number;
}

/** Numbers by their distance, or on a logarithmic scale by their ratio. */
export function numericAxis(
  values: readonly number[],
  { isLog = false, margin, mostTicks }: NumericOptions,
): Axis<number> {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const place = isLog ? Math.log10 : (value: number) => value;
  const width = place(high) - place(low);
  const at = (value: number) =>
    width === 0 ? 0.5 : margin + (1 - 2 * margin) * ((place(value) - place(low)) / width);
  const ticks = isLog ? powersOfTen(low, high) : roundNumbers(low, high, mostTicks);
  return { at, ticks: ticks.map((value) => ({ at: at(value), value })) };
}

const powersOfTen = (low: number, high: number): number[] => {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
};

/** 1, 2 or 5 times a power of ten apart, no more of them than `most`. */
export function roundNumbers(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const least = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
