import { drawTable } from './blackjack-drawing.ts';
import type { EnvironmentModel, RandomSource } from './environment.ts';
import { flag, type KwargValues } from './kwargs.ts';
import { discrete } from './spaces.ts';

/**
 * Blackjack-v1 as in Gymnasium 1.4 (`envs/toy_text/blackjack.py`), after Sutton and Barto's example 5.1:
 * cards from an endless deck, closer to 21 than the dealer wins, beyond 21 loses.
 *
 * Observation: sum of the player's cards, the dealer's shown card (1 is the ace), whether the player
 * holds an ace that counts 11. Actions: 0 stick, 1 hit. Reward 1, 0 or −1 at the end.
 */
export const blackjackKwargs = {
  natural: flag(false, 'Winning with an ace and a ten pays 1.5; only without sab'),
  sab: flag(
    true,
    'The rules of Sutton and Barto: an ace and a ten win at once, unless the dealer has them too',
  ),
};

// The state vector: whether the hand is over, the suit and face of the dealer's card, both hands.
const OVER = 0;
const SUIT = 1;
const FACE = 2;
const DEALER = 3;
/** Count and cards of a hand: 21 aces and one card more at most. */
const HAND = 23;
const PLAYER = DEALER + HAND;
const STATE_LENGTH = PLAYER + HAND;

export function blackjack({ natural, sab }: KwargValues<typeof blackjackKwargs>): EnvironmentModel {
  /** Cards that win beyond their sum. */
  const payment = (state: Float64Array): number => {
    const comparison = Math.sign(score(state, PLAYER) - score(state, DEALER));
    if (sab) return isNatural(state, PLAYER) && !isNatural(state, DEALER) ? 1 : comparison;
    return natural && comparison === 1 && isNatural(state, PLAYER) ? 1.5 : comparison;
  };
  return {
    id: 'Blackjack-v1',
    observationSpace: { kind: 'tuple', spaces: [discrete(32), discrete(11), discrete(2)] },
    actionSpace: discrete(2),
    maxEpisodeSteps: null,
    rewardThreshold: null,
    stateLength: STATE_LENGTH,
    start,
    advance(state, action, outcome, random) {
      if (action[0] === 1) {
        draw(state, PLAYER, random);
        outcome.terminated = sum(state, PLAYER) > 21;
        outcome.reward = outcome.terminated ? -1 : 0;
      } else {
        while (sum(state, DEALER) < 17) draw(state, DEALER, random);
        outcome.terminated = true;
        outcome.reward = payment(state);
      }
      state[OVER] = outcome.terminated ? 1 : 0;
    },
    observe(state, target, offset) {
      target[offset] = sum(state, PLAYER);
      target[offset + 1] = state[DEALER + 1] ?? 0;
      target[offset + 2] = hasUsableAce(state, PLAYER) ? 1 : 0;
    },
    internal: {
      read: (state) => ({ dealer: cards(state, DEALER), player: cards(state, PLAYER) }),
      write(state, hands) {
        if (typeof hands !== 'object' || !('dealer' in hands))
          throw new RangeError('the state of Blackjack-v1 is {dealer, player}');
        state.fill(0);
        deal(state, DEALER, hands.dealer);
        deal(state, PLAYER, hands.player);
      },
    },
    render: (state) =>
      drawTable({
        over: state[OVER] === 1,
        suit: state[SUIT] ?? 0,
        face: state[FACE] ?? 0,
        dealer: cards(state, DEALER),
        dealerSum: sum(state, DEALER),
        player: cards(state, PLAYER),
        playerSum: sum(state, PLAYER),
      }),
  };
}

/** Two cards each; then Gymnasium draws how the shown card looks, which moves the generator too. */
function start(state: Float64Array, random: RandomSource): void {
  state.fill(0);
  for (const hand of [DEALER, DEALER, PLAYER, PLAYER]) draw(state, hand, random);
  state[SUIT] = random.integers(4);
  state[FACE] = state[DEALER + 1] === 10 ? random.integers(3) : 0;
}

/** One of 1 … 9 and four cards of value 10. */
function draw(state: Float64Array, hand: number, random: RandomSource): void {
  add(state, hand, Math.min(random.integers(13) + 1, 10));
}

function deal(state: Float64Array, hand: number, dealt: readonly number[]): void {
  for (const card of dealt) add(state, hand, card);
}

function add(state: Float64Array, hand: number, card: number): void {
  const count = state[hand] ?? 0;
  if (count === HAND - 1) throw new RangeError('the hand is over');
  state[hand + 1 + count] = card;
  state[hand] = count + 1;
}

function cards(state: ArrayLike<number>, hand: number): number[] {
  return Array.from({ length: state[hand] ?? 0 }, (_, i) => state[hand + 1 + i] ?? 0);
}

/** With every ace counted 1. */
function hardSum(state: ArrayLike<number>, hand: number): number {
  const count = state[hand] ?? 0;
  let total = 0;
  for (let i = 1; i <= count; i++) total += state[hand + i] ?? 0;
  return total;
}

function hasUsableAce(state: ArrayLike<number>, hand: number): boolean {
  if (hardSum(state, hand) > 11) return false;
  const count = state[hand] ?? 0;
  for (let i = 1; i <= count; i++) if (state[hand + i] === 1) return true;
  return false;
}

function sum(state: ArrayLike<number>, hand: number): number {
  return hardSum(state, hand) + (hasUsableAce(state, hand) ? 10 : 0);
}

/** The sum; 0 beyond 21. */
function score(state: ArrayLike<number>, hand: number): number {
  const total = sum(state, hand);
  return total > 21 ? 0 : total;
}

/** An ace and a ten. */
function isNatural(state: ArrayLike<number>, hand: number): boolean {
  return state[hand] === 2 && sum(state, hand) === 21;
}
