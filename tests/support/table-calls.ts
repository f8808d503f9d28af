/** Records what the functions ask of the table, and the capacity that each call consumes. */
import * as z from 'zod';
import { hookedTable } from './hooked-table.ts';

export interface TableCall {
  /** `Get`, `Query`, `TransactWrite`, … */
  readonly command: string;
  readonly kind: 'read' | 'write';
  readonly units: number;
  readonly index: string | undefined;
  readonly consistent: boolean;
}

const units = z.object({ CapacityUnits: z.number().optional() });
const output = z.object({ ConsumedCapacity: z.union([units, z.array(units)]).optional() });
const batchInput = z.record(z.string(), z.object({ ConsistentRead: z.boolean().optional() }));

const unitsOf = (reply: unknown): number => {
  const { ConsumedCapacity: used = [] } = output.parse(reply);
  return [used].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
};

function isConsistent(input: Record<string, unknown>): boolean {
  const batch = batchInput.safeParse(input['RequestItems']);
  return batch.success
    ? Object.values(batch.data).every(({ ConsistentRead }) => ConsistentRead === true)
    : input['ConsistentRead'] === true;
}

/** Call it after `aSchool()`: it hooks into the client that the loaded handlers share. */
export function recordCalls() {
  const calls: TableCall[] = [];
  hookedTable().middlewareStack.add(
    (next, context) => async (args) => {
      const input: Record<string, unknown> = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
      const result = await next({ ...args, input });
      const command = (context.commandName ?? '').replace(/(Items?)?Command$/, '');
      calls.push({
        command,
        kind: ['Get', 'BatchGet', 'Query', 'Scan'].includes(command) ? 'read' : 'write',
        units: unitsOf(result.output),
        index: typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined,
        consistent: isConsistent(input),
      });
      return result;
    },
    { step: 'initialize', name: 'recordCalls', priority: 'high' },
  );
  return {
    all: (): readonly TableCall[] => calls,
    clear: () => {
      calls.length = 0;
    },
    /** `2 Get, 1 Query gsi1` */
    summary: () => {
      const counts = new Map<string, number>();
      for (const { command, index } of calls) {
        const what = index === undefined ? command : `${command} ${index}`;
        counts.set(what, (counts.get(what) ?? 0) + 1);
      }
      return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
    },
  };
}
