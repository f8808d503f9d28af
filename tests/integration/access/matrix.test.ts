/**
 * Every role × every operation × own, other and foreign object gives what the operation's `access` declares.
 * The expectations are computed from the contracts; `subjects/` only says how to ask.
 */
import { describe, expect, test } from 'vitest';
import { contracts } from '#shared/contracts/index.ts';
import { type Contract, type Operation, type Role, roles } from '#shared/contracts/operation.ts';
import { ApiError, createClient } from '#shared/http/client.ts';
import { aSchool } from '#tests/support/school.ts';
import { createCast } from './cast.ts';
import { type Asked, askedBy, reaches, type Subject, scopeOf, type Whose, whoses } from './subject.ts';
import { subjects } from './subjects/index.ts';

const cast = await createCast(await aSchool());

/** Sends a request and tells the status, and the body of a success. */
async function send(operation: Operation, call: object, token: string | undefined) {
  let status = 0;
  const { origin } = cast.school;
  const client = createClient({ operation } satisfies Contract, {
    origin,
    token: () => token,
    fetch: async (...args) => {
      const response = await cast.school.fetch(...args);
      status = response.status;
      return response;
    },
  });
  try {
    const reply = await client.operation(call);
    return { status, reply, outcome: `${status}` };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status, reply: undefined, outcome: `${status} ${error.error_code}` };
  }
}

/**
 * The requests of an operation. All who ask for the same object send one request after another, until it has changed
 * something: what was refused and what only reads has changed nothing, else whoever comes next is answered otherwise.
 */
function requestsOf(operation: Operation, subject: Subject<Operation>) {
  const unspent = new Map<string, object>();
  return async (asked: Asked, token: string | undefined) => {
    const object = `${asked.whose} ${asked.owner.user_id}`;
    const call = unspent.get(object) ?? (await subject.request(asked));
    unspent.set(object, call);
    const answer = await send(operation, call, token);
    if (isSuccess(answer.status) && operation.method !== 'GET') unspent.delete(object);
    return answer;
  };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** `allowed`, or in which way not; a failure that is neither shows as it is. */
function outcomeOf(
  operation: Operation,
  subject: Subject<Operation>,
  asked: Asked,
  { status, reply, outcome }: Awaited<ReturnType<typeof send>>,
): string {
  if (outcome === '403 auth.role') return 'not this role';
  if (isSuccess(status)) {
    const found = subject.reach !== 'list' || subject.lists(reply, asked);
    return status !== operation.status ? `status ${status}` : found ? 'allowed' : 'out of reach';
  }
  const refused: readonly number[] = subject.reach === 'object' ? (subject.refused ?? [404]) : [404];
  return refused.includes(status) && subject.reach !== 'none' ? 'out of reach' : outcome;
}

function declared(operation: Operation, subject: Subject<Operation>, role: Role, whose: Whose): string {
  if (operation.access === 'public') return 'allowed';
  const scope = scopeOf(operation, role);
  if (scope === undefined) return 'not this role';
  return subject.reach === 'none' || reaches(scope, whose) ? 'allowed' : 'out of reach';
}

for (const [domain, contract] of Object.entries<Contract>(contracts))
  describe(domain, () => {
    const entries: Readonly<Record<string, Subject<Operation>>> =
      // each subject is typed by its own operation; the loop only has their names
      subjects[domain as keyof typeof subjects] as never;
    for (const [name, operation] of Object.entries(contract)) {
      const subject = entries[name];
      if (!subject) throw new Error(`no subject for ${domain}.${name}`);
      const request = requestsOf(operation, subject);
      const askedOf = (role: Role, whose: Whose): Asked =>
        askedBy(subject, { cast, caller: cast.callers[role], scope: scopeOf(operation, role), whose });

      test(`${name}: each role reaches what the contract says`, async () => {
        const expected: Record<string, string> = {};
        const actual: Record<string, string> = {};
        for (const whose of subject.reach === 'none' ? (['own'] as const) : whoses)
          for (const role of roles) {
            const row = `${role}, ${whose}`;
            const asked = askedOf(role, whose);
            const answer = await request(asked, cast.callers[role].token);
            expected[row] = declared(operation, subject, role, whose);
            actual[row] = outcomeOf(operation, subject, asked, answer);
          }
        expect(actual).toEqual(expected);
      });

      test(`${name}: ${operation.access === 'public' ? 'open to everybody' : 'nothing without a token'}`, async () => {
        const { status, outcome } = await request(askedOf('platform_admin', 'own'), undefined);
        if (operation.access === 'public') expect(status).toBe(operation.status);
        else expect(outcome).toBe('401 auth.token_missing');
      });
    }
  });
