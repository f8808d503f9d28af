/**
 * What each operation consumes of the table, in DynamoDB's units, as a table that is checked in: a change that
 * makes a route dearer shows in its diff. The caller's state is read once a minute, or when somebody's has changed; it
 * is left out here.
 */
import { afterAll, expect, test, vi } from 'vitest';
import { contracts } from '#shared/contracts/index.ts';
import { type Contract, type Operation, permittedRoles } from '#shared/contracts/operation.ts';
import { createClient } from '#shared/http/client.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { hookedTable } from '#tests/support/hooked-table.ts';
import { aSchool } from '#tests/support/school.ts';
import { noFault } from '#tests/support/school-services.ts';
import { createCast } from './cast.ts';
import { askedBy, type Subject, scopeOf } from './subject.ts';
import { subjects } from './subjects/index.ts';

interface Consumed {
  readonly TableName?: string;
  readonly CapacityUnits?: number;
}
const school = await aSchool();
const cast = await createCast(school);
// a retried write would count twice
school.meet(noFault);
let reads = 0;
let writes = 0;

const readers = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']);
hookedTable().middlewareStack.add(
  (next, context) => async (args) => {
    Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
    const reply = await next(args);
    const { ConsumedCapacity: given } = reply.output as { ConsumedCapacity?: Consumed | Consumed[] };
    const units = [given ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    if (readers.has(String(context.commandName))) reads += units;
    else writes += units;
    return reply;
  },
  { step: 'initialize' },
);

// the secret of the receipts is read and published once in a process, by what needs it first: none of the rows
const { org_id, teacher, org_admin } = cast.circles.own;
const { exercise_id } = await anExercise(school.table, { org_id, by: teacher.user_id });
await org_admin.code.exportExercise({ params: { exercise_id } });

// the clock goes from operation to operation: what was read a moment ago does not grow old on a loaded machine
vi.useFakeTimers({ toFake: ['Date'] });
afterAll(() => vi.useRealTimers());
const letPass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

/** For as long as a function keeps the caller's state. */
const keptFor_s = 5;
let warm: string | undefined;
let warmFor_s = 0;

/** Each function reads the caller's state, and what a process reads once. */
async function warmUp(token: string): Promise<void> {
  letPass(1);
  warmFor_s += 1;
  if (warm === token && warmFor_s < keptFor_s) return;
  // what was read while the request was made grows old as well
  letPass(keptFor_s);
  warm = token;
  warmFor_s = 0;
  const options = { ...cast.school, token: () => token };
  await createClient(contracts.auth, options).me({});
  await createClient(contracts.school, options).listOrganizations({});
  await createClient(contracts.training, options).list({});
  await createClient(contracts.code, options)
    .getExecution({ params: { execution_id: 'none' } })
    .catch(() => undefined);
  await createClient(contracts.validator, options).validate({ body: { code: '1', language: 'javascript' } });
  await createClient(contracts.policies, options).leaderboard({ params: { environment: 'CartPole-v1' } });
  // students may not, and have been asked for all the same
  await createClient(contracts.testing, options)
    .listItemBanks({})
    .catch(() => undefined);
  await createClient(contracts.testing, options).listExamPlans({});
  await createClient(contracts.assessment, options).listQuizzes({});
  await createClient(contracts.realtime, options).createTicket({ body: {} });
}

async function consumedBy(operation: Operation, subject: Subject<Operation>): Promise<string> {
  const role = permittedRoles(operation).at(-1) ?? 'platform_admin';
  const caller = cast.callers[role];
  const client = createClient({ operation } satisfies Contract, {
    ...cast.school,
    token: () => caller.token,
  });
  const question = { cast, caller, scope: scopeOf(operation, role), whose: 'own' } as const;
  const call = await subject.request(askedBy(subject, question));
  await warmUp(caller.token);
  [reads, writes] = [0, 0];
  await client.operation(call);
  // it may have changed who the caller is
  if (operation.path.startsWith('/api/auth/')) warm = undefined;
  const row = [operation.method, operation.path, reads, writes];
  return `| ${row.join(' | ')} |`;
}

test('each operation consumes what the checked-in table says', async () => {
  const rows: string[] = [];
  for (const [domain, contract] of Object.entries<Contract>(contracts))
    for (const [name, operation] of Object.entries(contract)) {
      const entries = subjects[domain as keyof typeof subjects] as unknown as Readonly<
        Record<string, Subject<Operation>>
      >;
      const subject = entries[name];
      if (!subject) throw new Error(`no subject for ${domain}.${name}`);
      rows.push(await consumedBy(operation, subject));
    }
  const table = ['| method | path | read units | write units |', '|---|---|---|---|', ...rows, ''].join('\n');
  await expect(table).toMatchFileSnapshot('../../fixtures/capacity.md');
});
