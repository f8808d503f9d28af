/** A run of tokens that stands in both programs. */
export interface Fragment {
  readonly left: number;
  readonly right: number;
  readonly length: number;
}
interface Side {
  readonly tokens: readonly string[];
  /** Tokens that may match. */
  readonly own: readonly boolean[];
}

/** Of a piece that repeats, so many places are tried as its partner: programs of one line a thousand times exist. */
const mostPlaces = 32;

/**
 * Covers two token lists with common runs of at least `shortest` tokens, each token in one run at most, longest
 * runs first (greedy string tiling, Wise 1993, with one pass over the maximal runs).
 */
export function tile(left: Side, right: Side, shortest: number): Fragment[] {
  const takenLeft = left.own.map((own) => !own);
  const takenRight = right.own.map((own) => !own);
  const tiles: Fragment[] = [];
  for (const run of maximalRuns(left, right, shortest).sort((a, b) => b.length - a.length))
    for (const free of freeParts(run, takenLeft, takenRight)) {
      if (free.length < shortest) continue;
      takenLeft.fill(true, free.left, free.left + free.length);
      takenRight.fill(true, free.right, free.right + free.length);
      tiles.push(free);
    }
  return tiles.sort((a, b) => a.left - b.left);
}

/** Runs that cannot be made longer at either end. */
function maximalRuns(left: Side, right: Side, shortest: number): Fragment[] {
  const places = placesOf(right, shortest);
  const runs: Fragment[] = [];
  for (let at = 0; at + shortest <= left.tokens.length; at++) {
    if (!isOwn(left, at, shortest)) continue;
    for (const place of places.get(pieceAt(left, at, shortest)) ?? []) {
      if (same(left, right, at - 1, place - 1)) continue;
      let length = shortest;
      while (same(left, right, at + length, place + length)) length++;
      runs.push({ left: at, right: place, length });
    }
  }
  return runs;
}

const same = (left: Side, right: Side, at: number, place: number): boolean =>
  left.own[at] === true && right.own[place] === true && left.tokens[at] === right.tokens[place];

const isOwn = (side: Side, at: number, length: number): boolean => {
  for (let index = at; index < at + length; index++) if (side.own[index] !== true) return false;
  return true;
};

const pieceAt = (side: Side, at: number, length: number): string =>
  side.tokens.slice(at, at + length).join('\n');

function placesOf(side: Side, shortest: number): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let at = 0; at + shortest <= side.tokens.length; at++) {
    if (!isOwn(side, at, shortest)) continue;
    const piece = pieceAt(side, at, shortest);
    const known = places.get(piece);
    if (!known) places.set(piece, [at]);
    else if (known.length < mostPlaces) known.push(at);
  }
  return places;
}

/** The parts of a run where neither side is taken. */
function freeParts(run: Fragment, takenLeft: readonly boolean[], takenRight: readonly boolean[]): Fragment[] {
  const parts: Fragment[] = [];
  let from = 0;
  for (let at = 0; at <= run.length; at++) {
    const taken = at === run.length || takenLeft[run.left + at] || takenRight[run.right + at];
    if (!taken) continue;
    if (at > from) parts.push({ left: run.left + from, right: run.right + from, length: at - from });
    from = at + 1;
  }
  return parts;
}
