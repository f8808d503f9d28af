import { randomUUID } from 'node:crypto';
import { matches } from '../filter-pattern.ts';
import { asList, asObject, type Json, type JsonObject } from '../json.ts';
import type { Model } from '../model.ts';
import type { Deliver } from './targets.ts';

export type Publish = (event: {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}) => void;

/** The default event bus of EventBridge: rules with an event pattern, and their targets. */
export function createEventBus(model: Model, deliver: Deliver): Publish {
  const rules = model
    .ofType('AWS::Events::Rule')
    .filter(
      ({ properties }) => properties['State'] !== 'DISABLED' && properties['EventPattern'] !== undefined,
    )
    .map(({ ref, properties }) => ({
      name: ref,
      pattern: asObject(properties['EventPattern']),
      targets: asList(properties['Targets']),
    }));

  return ({ source, detailType, resources, detail }) => {
    const event: Json = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: model.accountId,
      time: `${new Date().toISOString().slice(0, 19)}Z`,
      region: model.region,
      resources,
      detail,
    };
    for (const { name, pattern, targets } of rules) {
      if (matches(pattern, event)) for (const target of targets) deliver(target, event, `rule/${name}`);
    }
  };
}
