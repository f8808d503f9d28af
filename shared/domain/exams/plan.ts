import {
  type AdaptiveTest,
  type ContentConstraint,
  type ContentOptions,
  createTest,
  type EstimatorOptions,
  type ExposureOptions,
  type StoppingRules,
  type TestPlan,
} from '../irt/index.ts';
import type { LoadedBank } from '../items/loaded.ts';
import type { PublishedBank, PublishedItem } from '../items/types.ts';
import type { ConstraintConfig, EstimatorConfig, ExamConfig, ExposureConfig, StopConfig } from './config.ts';

/** A setting of a plan that does not fit its bank; `path` leads to it in the plan's configuration. */
export class PlanProblem extends Error {
  readonly path: readonly (string | number)[];
  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.name = 'PlanProblem';
    this.path = path;
  }
}

/** A test on its bank version; items are their positions in the version. */
export interface ExamTest {
  readonly test: AdaptiveTest;
  readonly bank: LoadedBank;
  /** Fewest scored answers for a result. */
  readonly min_items: number;
}

const fewest = ({ min_items, max_items }: Pick<StopConfig, 'min_items' | 'max_items'>): number =>
  min_items ?? Math.min(5, max_items);

/**
 * A plan's configuration on a published bank version, ready to run: items by their position in the version, content
 * groups by the attribute that the plan names, the version's items on trial as pilots.
 *
 * @param options.k Sympson & Hetter's exposure parameters in the version's order; without them that control is off
 * @param options.max_items lowers the plan's
 * @throws PlanProblem naming the setting that is out of range or does not fit the bank
 */
export function testOf(
  bank: LoadedBank,
  config: ExamConfig,
  options: { readonly k?: readonly number[] | null; readonly max_items?: number } = {},
): ExamTest {
  const max_items = Math.min(config.stop.max_items, options.max_items ?? config.stop.max_items);
  const min_items = Math.min(fewest(config.stop), max_items);
  const stop = { ...config.stop, max_items, min_items };
  const plan = planOf(bank, { ...config, stop }, options.k ?? null);
  return { test: checked(() => createTest(bank.engine, plan)), bank, min_items };
}

/** What the engine finds wrong with a plan, with the place in the configuration. */
export function checked<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new PlanProblem(placeOf(error.message), error.message);
    throw error;
  }
}

/** The engine's plan of a configuration. @throws PlanProblem for items that the bank version does not have */
export function planOf(bank: LoadedBank, config: ExamConfig, k: readonly number[] | null): TestPlan {
  const { published } = bank;
  const find = finder(bank);
  const { estimator, final_estimator: final, selection, exposure, content, stop, start } = config;
  return {
    estimator: estimatorOf(estimator),
    final_estimator: final === null ? undefined : estimatorOf(final),
    selection,
    exposure: exposureOf(exposure, k),
    content: contentOf(published, content, find),
    stop: stopOf(stop),
    start: {
      theta: start.theta ?? undefined,
      items: start.items.map((item, at) => find(item, ['start', 'items', at])),
    },
    pilot: pilotOf(published, config),
    item_time_limit_s: config.item_time_limit_s ?? undefined,
  };
}

type Find = (item_id: string, path: readonly (string | number)[]) => number;

const finder =
  ({ published, positions }: LoadedBank): Find =>
  (item_id, path) => {
    const position = positions.get(item_id);
    if (position === undefined)
      throw new PlanProblem(path, `version ${published.version} of the bank has no item ${item_id}`);
    return position;
  };

const estimatorOf = ({ method, prior, quadrature, bounds }: EstimatorConfig): EstimatorOptions => ({
  method,
  prior,
  quadrature: { nodes: quadrature.nodes, lower: quadrature.min, upper: quadrature.max },
  bounds: [bounds.min, bounds.max],
});

const exposureOf = (
  { randomesque, r_max, eligibility, sympson_hetter: hetter }: ExposureConfig,
  k: readonly number[] | null,
): ExposureOptions => ({
  randomesque:
    randomesque === null ? undefined : { size: randomesque.size, items: randomesque.items ?? undefined },
  r_max: r_max ?? undefined,
  eligibility: eligibility ?? undefined,
  sympson_hetter: hetter === null || k === null ? undefined : { k, from: hetter.from },
});

/** Whether sessions of the plan need to know how the items were used before. */
export const needsUsage = ({ exposure }: Pick<ExamConfig, 'exposure'>): boolean =>
  exposure.r_max !== null || exposure.eligibility !== null;

const stopOf = (stop: StopConfig): StoppingRules => ({
  max_items: stop.max_items,
  min_items: fewest(stop),
  se: stop.se ?? undefined,
  confidence_interval: stop.confidence_interval ?? undefined,
  classification: stop.classification ?? undefined,
  sprt: stop.sprt ?? undefined,
  min_information: stop.min_information ?? undefined,
  theta_change: stop.theta_change ?? undefined,
  plateau: stop.plateau ?? undefined,
  time_limit_s: stop.time_limit_s ?? undefined,
  combine: stop.combine,
});

/** Items on trial are never chosen by the criterion: a plan without pilots names them all the same, and draws none. */
function pilotOf(bank: PublishedBank, { pilot, stop }: ExamConfig): TestPlan['pilot'] {
  const items = [...bank.items.keys()].filter((index) => bank.items[index]?.status === 'pilot');
  if (items.length === 0) {
    if (pilot !== null)
      throw new PlanProblem(['pilot'], `version ${bank.version} of the bank has no items on trial`);
    return undefined;
  }
  if (pilot === null) return { items, count: 0 };
  return { items, count: pilot.count, first: pilot.first, last: pilot.last ?? stop.max_items };
}

/** What an item is told by: one value, or all of its tags. */
export const valuesOf = (item: PublishedItem, by: ConstraintAttribute): readonly string[] => {
  if (by === 'tag') return item.tags;
  const value = item[by];
  return value === null ? [] : [value];
};
type ConstraintAttribute = 'subject' | 'module' | 'grade' | 'tag' | 'kind';

/** The content group of each item: of several tags the first that the plan names; '' without one [items]. */
export function groupsOf({ items }: PublishedBank, content: ExamConfig['content']): string[] {
  const { by, proportions } = content;
  if (by === null) return items.map(() => '');
  return items.map((item) => valuesOf(item, by).find((value) => Object.hasOwn(proportions, value)) ?? '');
}

function contentOf(bank: PublishedBank, content: ExamConfig['content'], find: Find): ContentOptions {
  const { by, proportions, enemies, deviations, shadow } = content;
  const balanced = by !== null && Object.keys(proportions).length > 0;
  const groups = balanced ? groupsOf(bank, content) : undefined;
  const missing = Object.keys(proportions).find((name) => groups?.includes(name) === false);
  if (missing !== undefined)
    throw new PlanProblem(['content', 'proportions', missing], `no item of the bank has ${by} “${missing}”`);
  const constrained = (constraints: readonly ConstraintConfig[], of: string): ContentConstraint[] =>
    constraints.map((one, at) => constraintOf(bank, one, find, ['content', of, 'constraints', at]));
  return {
    groups,
    proportions: balanced ? proportions : undefined,
    enemies: enemies.map((set, row) => set.map((item, at) => find(item, ['content', 'enemies', row, at]))),
    deviations:
      deviations === null
        ? undefined
        : {
            constraints: constrained(deviations.constraints, 'deviations'),
            criterion_weight: deviations.criterion_weight,
          },
    shadow: shadow === null ? undefined : { constraints: constrained(shadow.constraints, 'shadow') },
  };
}

function constraintOf(
  bank: PublishedBank,
  constraint: ConstraintConfig,
  find: Find,
  path: readonly (string | number)[],
): ContentConstraint {
  const { min, max, weight } = constraint;
  return { items: itemsOf(bank, constraint, find, path), min, max, weight };
}

function itemsOf(
  bank: PublishedBank,
  constraint: ConstraintConfig,
  find: Find,
  path: readonly (string | number)[],
): number[] {
  if (constraint.by === 'items')
    return constraint.items.map((item, at) => find(item, [...path, 'items', at]));
  const { by, value } = constraint;
  const found = [...bank.items.keys()].filter((index) => {
    const item = bank.items[index];
    return item !== undefined && valuesOf(item, by).includes(value);
  });
  if (found.length === 0)
    throw new PlanProblem([...path, 'value'], `no item of the bank has ${by} “${value}”`);
  return found;
}

/** Which part of the configuration a message of the engine is about. */
const places: readonly (readonly [RegExp, readonly string[]])[] = [
  [/items cannot make a test of|max_items/, ['stop', 'max_items']],
  [/min_items/, ['stop', 'min_items']],
  [/stopping rule confidence_interval|confidence/, ['stop', 'confidence_interval']],
  [/stopping rule sprt/, ['stop', 'sprt']],
  [/stopping rule plateau/, ['stop', 'plateau']],
  [/stopping rule/, ['stop']],
  [/pilot|on trial/, ['pilot']],
  [/constraint|proportion|content/, ['content']],
  [/r_max|randomesque|sympson|eligib/, ['exposure']],
  [/prior|bounds|quadrature|nodes|grid/, ['estimator']],
  [/start/, ['start']],
];
const placeOf = (message: string): readonly string[] =>
  places.find(([about]) => about.test(message))?.[1] ?? [];
