import { type Fault, faults } from './gateway.ts';
import { asText, at, type JsonObject } from './json.ts';

/** Shares of calls that meet a fault. */
const rates = { throttle: 0.03, conflict: 0.05, gone: 0.02, capacity: 0.2, duplicate: 0.1 };

/** The SDK tries three times: a third fault in a row would reach the caller. */
const longestStreak = 2;

/** mulberry32: 32 bits of state, a period of 2³², the same sequence for the same seed everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What AWS does now and then and one machine never would. */
export interface Adversity {
  readonly inject: (call: { service: string; action: string; accessKeyId: string }) => Fault | undefined;
  readonly arrange: (records: readonly JsonObject[]) => readonly JsonObject[];
  /** Whether this TransactWriteItems meets another transaction on its first item. */
  readonly conflicts: () => boolean;
  readonly losesConnection: () => boolean;
  readonly refusesCapacity: () => boolean;
}

/** The adverse mode (`LYCEUM_ADVERSE=<seed>`): the same seed and the same calls meet the same faults. */
export function createAdversity(seed: number): Adversity {
  // A generator for each kind, so that one kind's calls do not shift the others' faults.
  const of = (salt: number) => seeded(seed + salt);
  const gone = of(1);
  const capacity = of(2);
  return {
    inject: faultsOfCalls(of(3)),
    arrange: (records) => arrange(records, of(4 + records.length)),
    conflicts: inStreaks(of(5), rates.conflict),
    losesConnection: () => gone() < rates.gone,
    refusesCapacity: () => capacity() < rates.capacity,
  };
}

function faultsOfCalls(random: () => number): Adversity['inject'] {
  const streaks = new Map<string, number>();
  return ({ service, action, accessKeyId }) => {
    const key = `${accessKeyId} ${action}`;
    const streak = streaks.get(key) ?? 0;
    const fault = streak < longestStreak ? faultOf(service, random()) : undefined;
    streaks.set(key, fault === undefined ? 0 : streak + 1);
    return fault;
  };
}

function faultOf(service: string, chance: number): Fault | undefined {
  return chance < rates.throttle ? throttle(service) : undefined;
}

/** True with a probability, but never more often in a row than the SDK tries again. */
function inStreaks(random: () => number, rate: number): () => boolean {
  let streak = 0;
  return () => {
    streak = streak < longestStreak && random() < rate ? streak + 1 : 0;
    return streak > 0;
  };
}

function throttle(service: string): Fault | undefined {
  if (service === 'dynamodb') return faults.throughputExceeded();
  if (service === 's3') return faults.slowDown();
  return service === 'execute-api' ? undefined : faults.throttled();
}

/** Another order across items, the same order for each item; some records come twice. */
function arrange(records: readonly JsonObject[], random: () => number): JsonObject[] {
  const byItem = Map.groupBy(
    records,
    (record) => JSON.stringify(at(record, 'dynamodb', 'Keys')) ?? asText(at(record, 'eventID')),
  );
  const queues = [...byItem.values()].map((queue) => [...queue]);
  const result: JsonObject[] = [];
  while (queues.length > 0) {
    const index = Math.floor(random() * queues.length);
    const next = queues[index]?.shift();
    if (next === undefined) queues.splice(index, 1);
    else result.push(next, ...(random() < rates.duplicate ? [next] : []));
  }
  return result;
}
