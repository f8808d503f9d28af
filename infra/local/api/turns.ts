/**
 * Lets few of a caller's items be under way at a time, in the order they came; the rest wait here. `onFull` says when
 * the caller should send no more, `onFree` when it may again.
 */
export interface TurnsOptions<T> {
  readonly atOnce: number;
  readonly act: (item: T) => Promise<void>;
  readonly onFull: () => void;
  readonly onFree: () => void;
}

export function inTurns<T>({ atOnce, act, onFull, onFree }: TurnsOptions<T>): (item: T) => void {
  const waiting: T[] = [];
  let underWay = 0;
  const begin = (item: T): void => {
    underWay += 1;
    void act(item).finally(done);
  };
  const done = (): void => {
    underWay -= 1;
    const next = waiting.shift();
    if (next !== undefined) begin(next);
    if (waiting.length === 0) onFree();
  };
  return (item) => {
    if (underWay < atOnce) return begin(item);
    waiting.push(item);
    onFull();
  };
}
