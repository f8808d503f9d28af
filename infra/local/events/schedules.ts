import { randomUUID } from 'node:crypto';
import { asList, asText, type Json } from '../json.ts';
import type { Deployed, Model } from '../model.ts';
import { parseSchedule, type Schedule } from '../schedule-expression.ts';
import type { Deliver } from './targets.ts';

/** The longest delay that setTimeout can take. */
const longestTimerMs = 2 ** 31 - 1;

interface Clocked {
  readonly name: string;
  readonly schedule: Schedule;
  readonly fire: (at: Date) => void;
}

/** EventBridge Scheduler, and EventBridge rules with a schedule. Times missed while the runner was off stay missed. */
export class Schedules {
  readonly #clocks: readonly Clocked[];
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(model: Model, deliver: Deliver, busy: (origin: string) => boolean) {
    const deliverOnce: Deliver = (target, event, origin) => {
      if (!busy(origin)) deliver(target, event, origin);
    };
    const enabled = (type: string) =>
      model.ofType(type).filter(({ properties }) => properties['State'] !== 'DISABLED');
    this.#clocks = [
      ...enabled('AWS::Scheduler::Schedule').map((one) => schedulerClock(model, one, deliverOnce)),
      ...enabled('AWS::Events::Rule')
        .filter(({ properties }) => properties['ScheduleExpression'] !== undefined)
        .map((one) => ruleClock(model, one, deliverOnce)),
    ];
  }

  start(): void {
    for (const clock of this.#clocks) this.#wind(clock);
  }

  #wind(clock: Clocked): void {
    const next = clock.schedule.next(new Date());
    if (next === null) return;
    const wait = next.getTime() - Date.now();
    const timer = setTimeout(
      () => {
        this.#wind(clock);
        if (wait <= longestTimerMs) clock.fire(next);
      },
      Math.min(wait, longestTimerMs),
    );
    this.#timers.set(clock.name, timer);
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}

function scheduledEvent(model: Model, source: string, arn: string, at: Date, detail: Json): Json {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: model.accountId,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region: model.region,
    resources: [arn],
    detail,
  };
}

function schedulerClock(model: Model, { properties, attribute }: Deployed, deliver: Deliver): Clocked {
  const arn = attribute('Arn');
  const expression = asText(properties['ScheduleExpression']) ?? '';
  return {
    name: arn,
    schedule: parseSchedule(expression, asText(properties['ScheduleExpressionTimezone'])),
    // Scheduler's default payload has its detail as a string, EventBridge's as an object.
    fire: (at) => deliver(properties['Target'], scheduledEvent(model, 'aws.scheduler', arn, at, '{}'), arn),
  };
}

function ruleClock(model: Model, { properties, attribute }: Deployed, deliver: Deliver): Clocked {
  const arn = attribute('Arn');
  return {
    name: arn,
    schedule: parseSchedule(asText(properties['ScheduleExpression']) ?? ''),
    fire: (at) => {
      for (const target of asList(properties['Targets'])) {
        deliver(target, scheduledEvent(model, 'aws.events', arn, at, {}), arn);
      }
    },
  };
}
