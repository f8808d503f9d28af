import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { asNumber, asText, at, type Json } from '../json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { InvocationError } from '../lambda/protocol.ts';
import type { Model } from '../model.ts';
import type { Sqlite } from '../services/aws/sqlite.ts';

/** AWS waits one minute before the first retry and two before the second; nobody waits that long at a laptop. */
const retryDelayMs = [1_000, 2_000] as const;

/** What AWS::Lambda::EventInvokeConfig says, or its defaults. */
interface Policy {
  readonly retries: number;
  readonly maxAgeMs: number;
  readonly onFailure: string | undefined;
}
const defaults: Policy = { retries: 2, maxAgeMs: 6 * 3_600_000, onFailure: undefined };

interface Row {
  readonly id: string;
  readonly function_arn: string;
  readonly payload: string;
  readonly created_at: number;
  readonly attempts: number;
}

export interface AsyncInvokerOptions {
  readonly model: Model;
  readonly state: Sqlite;
  readonly functionByArn: (arn: string) => LambdaFunction;
  readonly sendMessage: (queueArn: string, body: string) => Promise<unknown>;
}

/**
 * Lambda's asynchronous invocations: accepted into a durable queue, retried after errors, and handed to the on-failure
 * destination in the end. At least once, also across a restart.
 */
export class AsyncInvoker {
  readonly #options: AsyncInvokerOptions;
  readonly #policies: ReadonlyMap<string, Policy>;
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: AsyncInvokerOptions) {
    this.#options = options;
    this.#policies = policiesOf(options.model);
  }

  /** Takes up what an earlier run still owed. */
  resume(): void {
    for (const row of this.#options.state.all<Row>('SELECT * FROM invocation ORDER BY created_at'))
      this.#begin(row);
  }

  /** Accepts an invocation. `origin` names who asks: see `owes`. */
  invoke(functionArn: string, payload: Json, origin: string): void {
    const row: Row = {
      id: randomUUID(),
      function_arn: functionArn,
      payload: JSON.stringify(payload),
      created_at: Date.now(),
      attempts: 0,
    };
    this.#options.state.run(
      'INSERT INTO invocation (id, function_arn, payload, origin, created_at, attempts) VALUES (?, ?, ?, ?, ?, 0)',
      row.id,
      row.function_arn,
      row.payload,
      origin,
      row.created_at,
    );
    this.#begin(row);
  }

  /** Whether an invocation of this origin has not ended yet: a schedule does not pile up behind a slow function. */
  owes(origin: string): boolean {
    return this.#options.state.get('SELECT 1 FROM invocation WHERE origin = ? LIMIT 1', origin) !== undefined;
  }

  /** Lets what runs finish; what waits for a retry stays for the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #begin(row: Row): void {
    if (this.#stopping.signal.aborted) return;
    const done = this.#deliver(row)
      .catch(() => undefined)
      .finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #deliver(row: Row): Promise<void> {
    const { state, functionByArn } = this.#options;
    const policy = this.#policies.get(unqualified(row.function_arn)) ?? defaults;
    for (let attempts = row.attempts + 1; ; attempts += 1) {
      state.run('UPDATE invocation SET attempts = ? WHERE id = ?', attempts, row.id);
      try {
        await functionByArn(row.function_arn).invokeJson(row.payload);
        break;
      } catch (error) {
        if (!(error instanceof InvocationError)) throw error; // shutting down
        if (attempts > policy.retries || Date.now() - row.created_at > policy.maxAgeMs) {
          await this.#giveUp(row, attempts, policy, error);
          break;
        }
      }
      const pause = retryDelayMs[attempts - 1] ?? retryDelayMs[1];
      await delay(pause, undefined, { signal: this.#stopping.signal });
    }
    state.run('DELETE FROM invocation WHERE id = ?', row.id);
  }

  /** The record that a destination gets: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  async #giveUp(row: Row, attempts: number, { onFailure }: Policy, error: InvocationError): Promise<void> {
    if (onFailure === undefined) return;
    const payload: Json = JSON.parse(row.payload);
    const record = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId: row.id,
        functionArn: row.function_arn,
        condition: 'RetriesExhausted',
        approximateInvokeCount: attempts,
      },
      requestPayload: payload,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: error.detail,
    };
    await this.#options.sendMessage(onFailure, JSON.stringify(record));
  }
}

/** Without version or alias. */
export const unqualified = (functionArn: string): string => functionArn.split(':').slice(0, 7).join(':');

function policiesOf(model: Model): Map<string, Policy> {
  return new Map(
    model.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
      const name = asText(properties['FunctionName']) ?? '';
      const arn = name.startsWith('arn:')
        ? name
        : `arn:aws:lambda:${model.region}:${model.accountId}:function:${name}`;
      return [
        unqualified(arn),
        {
          retries: asNumber(properties['MaximumRetryAttempts']) ?? defaults.retries,
          maxAgeMs: (asNumber(properties['MaximumEventAgeInSeconds']) ?? defaults.maxAgeMs / 1000) * 1000,
          onFailure: asText(at(properties['DestinationConfig'], 'OnFailure', 'Destination')),
        },
      ];
    }),
  );
}
