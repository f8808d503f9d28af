import { asObject, asText, type Json, type JsonObject } from '../json.ts';
import type { AsyncInvoker } from './async-invoker.ts';

/** Delivers an event to the target of a rule or a schedule. */
export type Deliver = (target: Json | undefined, event: Json, origin: string) => void;

export interface TargetServices {
  readonly invoker: AsyncInvoker;
  readonly sendMessage: (queueArn: string, body: string) => Promise<unknown>;
  readonly failed: (error: unknown) => void;
}

/** `Input` replaces the event; `InputPath` and `InputTransformer` are not handled. */
function inputOf(target: JsonObject, event: Json): Json {
  const unhandled = ['InputPath', 'InputTransformer', 'EcsParameters'].filter((name) => name in target);
  if (unhandled.length > 0) throw new Error(`Target with ${unhandled.join(', ')} is not handled`);
  const input = asText(target['Input']);
  return input === undefined ? event : JSON.parse(input);
}

export function createDelivery({ invoker, sendMessage, failed }: TargetServices): Deliver {
  return (target, event, origin) => {
    const fields = asObject(target);
    const arn = asText(fields['Arn']) ?? '';
    const input = inputOf(fields, event);
    if (arn.startsWith('arn:aws:lambda:')) invoker.invoke(arn, input, origin);
    else if (arn.startsWith('arn:aws:sqs:')) sendMessage(arn, JSON.stringify(input)).catch(failed);
    else throw new Error(`Target ${arn} is not handled`);
  };
}
