import {
  type Answers,
  type Bank,
  type CriterionName,
  createDichotomousBank,
  createTest,
  criterionValues,
  estimateEap,
  estimateMle,
  estimateWle,
  normalOf,
  reduceSession,
  type SessionState,
  shadowTest,
  simulate,
  startSession,
  uniformOf,
} from '#shared/domain/irt/index.ts';
import { type Figure, median } from './measure.ts';

/**
 * What choosing an item and scoring an answer cost on banks of 300 and 1,000 items, medians of batches. For comparison,
 * measured in one run on another machine: MFI over 1,000 items catR 270 µs, catsim 904, jsCAT 21,171; a full step on
 * 300 items catsim 731, catR 3,904, jsCAT 8,720; MEPV on 300 items catR 1.8 s.
 */
export async function benchmark(): Promise<Figure[]> {
  const bank = randomBank(1000);
  const answers: Answers = { items: [3, 80, 410, 500, 777], responses: [1, 0, 1, 1, 0] };
  const value = (criterion: CriterionName) => () =>
    criterionValues(bank, { criterion, theta: 0.3, answers }).best;
  return [
    figure('MFI, values of 1,000 items', value('MFI'), 20),
    figure('MEPV of 1,000 items', value('MEPV'), 100),
    figure('KL of 1,000 items', value('KL'), 100),
    figure('MPWI of 1,000 items', value('MPWI')),
    figure('MEI of 1,000 items', value('MEI')),
    figure('progressive of 1,000 items', value('progressive')),
    ...steps(randomBank(300)),
    ...estimators(bank),
    simulations(randomBank(300)),
    shadow(randomBank(300)),
  ];
}

/** Items as in the recorded simulation: a about 1.2, b N(0, 1), two thirds with guessing. */
function randomBank(size: number): Bank {
  return createDichotomousBank(
    Array.from({ length: size }, (_, i) => [
      Math.exp(0.15 + 0.3 * normalOf(1, 1, i)),
      normalOf(1, 2, i),
      i % 3 === 0 ? 0 : 0.1 + 0.2 * uniformOf(1, 3, i),
    ]),
  );
}

/**
 * Microseconds of one call: the median of 301 batches of about 0.4 ms. They are short, so that on a busy machine most of
 * them run without being interrupted; batches of several time slices show up to twice the time.
 */
function figure(name: string, work: () => unknown, target?: number, warmUp = 2000, batches = 301): Figure {
  // the compiler works beside: on a busy machine a number of calls alone may end before it does
  const warm = performance.now() + 300;
  for (let k = 0; k < warmUp || performance.now() < warm; k++) work();
  let calls = 1;
  while (timeOf(work, calls) < 0.4) calls *= 2;
  const times = Array.from({ length: batches }, () => (1000 * timeOf(work, calls)) / calls);
  return { name, value: median(times), unit: 'µs', ...(target === undefined ? {} : { target }) };
}

function timeOf(work: () => unknown, calls: number): number {
  const start = performance.now();
  for (let k = 0; k < calls; k++) work();
  return performance.now() - start;
}

/** An answer scored, θ estimated, the next item chosen: the mean over a session of 30, and the 30th. */
function steps(bank: Bank): Figure[] {
  const test = createTest(bank, { stop: { max_items: 31 } });
  const answer = (state: SessionState, n: number) => {
    const item = state.pending?.item ?? 0;
    const action = {
      type: 'answer',
      n,
      item,
      response: (n * 7) % 3 === 0 ? 0 : 1,
      milliseconds: 900,
    } as const;
    return reduceSession(test, state, action, { now: 0 }).state;
  };
  const session = () => {
    let state = startSession(test, { seed: 5 }, { now: 0 });
    for (let n = 0; n < 30; n++) state = answer(state, n);
    return state;
  };
  const whole = figure('', session);
  const last = startSessionUpTo(29);
  function startSessionUpTo(count: number): SessionState {
    let state = startSession(test, { seed: 5 }, { now: 0 });
    for (let n = 0; n < count; n++) state = answer(state, n);
    return state;
  }
  return [
    { name: 'step of a session on 300 items, mean of 30', value: whole.value / 30, unit: 'µs', target: 10 },
    figure('its 30th step', () => answer(last, 29), 10),
  ];
}

function estimators(bank: Bank): Figure[] {
  const items = Array.from({ length: 30 }, (_, k) => k * 33);
  const responses = items.map((item) => ((bank.b[item] ?? 0) < 0.4 ? 1 : 0));
  responses[3] = 0;
  const answers = { items, responses };
  return [
    figure('EAP of 30 answers', () => estimateEap(bank, answers)),
    figure('MLE of 30 answers', () => estimateMle(bank, answers)),
    figure('WLE of 30 answers', () => estimateWle(bank, answers)),
  ];
}

function simulations(bank: Bank): Figure {
  const run = () => simulate(bank, { stop: { max_items: 30, se: 0.3 } }, { simulees: 200 });
  run();
  const times = Array.from({ length: 5 }, () => timeOf(run, 1) * 5);
  return {
    name: 'simulation of 1,000 examinees on 300 items',
    value: median(times),
    unit: 'ms',
    target: 500,
  };
}

/** 30 of 300 items with five groups, a time limit and thirty sets of enemies. */
function shadow(bank: Bank): Figure {
  const all = [...bank.b.keys()];
  const request = {
    theta: 0.2,
    length: 30,
    constraints: [0, 1, 2, 3, 4].map((g) => ({ items: all.filter((i) => i % 5 === g), min: 4, max: 8 })),
    totals: [{ values: all.map((i) => 30 + ((37 * i) % 90)), max: 1800 }],
    enemies: Array.from({ length: 30 }, (_, k) => [7 * k, 7 * k + 3, 7 * k + 11]),
  };
  const { value } = figure('', () => shadowTest(bank, request), undefined, 3, 31);
  return { name: 'shadow test of 30 among 300 items', value: value / 1000, unit: 'ms', target: 250 };
}
