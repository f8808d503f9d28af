/** In which order an attempt shows its questions and their options: shuffled by its seed, for display only. */

/** The generator of the shuffles: mulberry32 (Tommy Ettinger), 32 bits of state. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const inOrder = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** Fisher and Yates's shuffle, in Durstenfeld's form. */
function shuffled(count: number, random: () => number): number[] {
  const order = inOrder(count);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last];
    const taken = order[other];
    if (moved === undefined || taken === undefined) break;
    order[last] = taken;
    order[other] = moved;
  }
  return order;
}

export interface ShuffleRules {
  readonly shuffle_questions: boolean;
  readonly shuffle_options: boolean;
}

/** A question of an attempt: its position in the quiz, and the positions of its options in the order to show them. */
export interface Placed {
  readonly question: number;
  readonly options: readonly number[];
}

/**
 * The order of an attempt. The options of a question depend on the seed and on its place in the quiz alone, so that
 * they stand the same whether or not questions are shuffled.
 *
 * @param optionCounts - how many options each question has, in the quiz's order
 */
export function orderOf(seed: number, optionCounts: readonly number[], rules: ShuffleRules): Placed[] {
  const questions = rules.shuffle_questions
    ? shuffled(optionCounts.length, mulberry32(seed))
    : inOrder(optionCounts.length);
  return questions.map((question) => {
    const count = optionCounts[question] ?? 0;
    const options = rules.shuffle_options
      ? shuffled(count, mulberry32(seed ^ Math.imul(question + 1, 0x9e3779b1)))
      : inOrder(count);
    return { question, options };
  });
}
