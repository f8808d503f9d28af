/** Places of a leaderboard, by average θ, and what is told of them. */

export type Band = 'top_10' | 'top_25' | 'top_50';

/** With fewer, an alias or a share of the class tells who is meant. */
const fewestRanked = 5;
const first = 3;
const aliases = ['heron', 'otter', 'fox'] as const;
export type Alias = (typeof aliases)[number];

/** Ranks from 1 of averages that fall: equal ones share a rank, and the next counts on. */
export function ranksOf(averages: readonly number[]): number[] {
  let rank = 0;
  return averages.map((average, at) => {
    if (at === 0 || average !== averages[at - 1]) rank = at + 1;
    return rank;
  });
}

/** The part of the class in which somebody is; nothing is said in the lower half, or in a group of a few. */
export function bandOfRank(rank: number, ranked: number): Band | null {
  if (ranked < fewestRanked) return null;
  if (rank <= Math.ceil(ranked * 0.1)) return 'top_10';
  if (rank <= Math.ceil(ranked * 0.25)) return 'top_25';
  return rank <= Math.ceil(ranked * 0.5) ? 'top_50' : null;
}

/** How open a class is with its places, from the least. */
export const modes = ['anonymous', 'top', 'named'] as const;
export type Mode = (typeof modes)[number];
export const showsMore = (mode: Mode, than: Mode): boolean => modes.indexOf(mode) > modes.indexOf(than);

/** How many places, from the first, students see in a mode; whoever shares the last one is among them or not by turn. */
export function placesShown(mode: Mode, ranked: number): number {
  if (ranked < fewestRanked) return 0;
  return mode === 'named' ? Math.ceil(ranked / 2) : first;
}

/** Belongs to a place, not to a person. */
export const aliasOf = (place: number): Alias | null => aliases[place] ?? null;
