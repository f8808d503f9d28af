import type { GivenQuestion } from '#shared/contracts/quizzes.ts';
import { conflict, type DomainError, invalid, unknownReference } from '#shared/errors.ts';
import { derivedId } from '#shared/ids.ts';
import { refuseTooLong } from '#shared/quizzes/freeze.ts';
import type { ClassRecord } from '#shared/table/class.ts';
import { type ItemRecord, itemRevisions, items } from '#shared/table/item.ts';
import { type ItemBankRecord, itemBanks } from '#shared/table/item-bank.ts';
import {
  countItems,
  mostItems,
  newBank,
  newItem,
  newItemWrites,
  sizeProblem,
} from '#shared/table/new-item.ts';
import type { QuizRecord } from '#shared/table/quiz.ts';
import { retried } from '#shared/table/retry.ts';
import type { AssessmentWorld } from '../world.ts';

type Question = QuizRecord['questions'][number];
type Referred = Extract<GivenQuestion, { kind: 'item' }>;
type Own = Exclude<GivenQuestion, { kind: 'item' }>;

interface Asked {
  readonly ofClass: ClassRecord;
  readonly by: string;
  /** The same for the same request, so that its repetition finds the items that the first one made. */
  readonly seed: string;
}

/** What a quiz asks: items that there are, and new ones of the questions that were written with it. */
export async function askedQuestions(
  world: AssessmentWorld,
  asked: Asked,
  given: readonly GivenQuestion[],
): Promise<Question[]> {
  const referred = given.filter((one): one is Referred => one.kind === 'item');
  const known = await knownItems(world, asked.ofClass, referred);
  refuseRepeated(given);
  const made = await madeItems(world, asked, given);
  return given.map((one, at) => {
    const item = one.kind === 'item' ? known.get(one.item_id) : made.get(at);
    if (!item) throw new Error(`question ${at} has no item`);
    const { item_id, bank_id, revision } = item;
    const external_id = one.kind === 'item' ? item.external_id : one.external_id;
    return { item_id, bank_id, revision, points: one.points, external_id };
  });
}

/** Each item, and each name by which answers may call a question, once. */
function refuseRepeated(given: readonly GivenQuestion[]): void {
  const seen = new Set<string>();
  for (const [at, one] of given.entries()) {
    const name = one.kind === 'item' ? one.item_id : one.external_id;
    if (name === null) continue;
    const field = one.kind === 'item' ? 'item_id' : 'id';
    if (seen.has(name)) throw invalid(['body', 'questions', at, field], 'each question once');
    seen.add(name);
  }
}

async function knownItems(
  { table }: AssessmentWorld,
  { org_id }: ClassRecord,
  referred: readonly Referred[],
): Promise<Map<string, ItemRecord>> {
  // an item's first revision tells its bank
  const first = await table.getMany(
    itemRevisions,
    referred.map(({ item_id }) => ({ item_id, revision: 1 })),
  );
  const ids = first.flatMap((one) => (one?.org_id === org_id ? [one] : []));
  const found = new Map<string, ItemRecord>();
  for (const item of await table.getMany(items, ids)) if (item) found.set(item.item_id, item);
  for (const { item_id } of referred) {
    const item = found.get(item_id);
    if (!item)
      throw unknownReference('item.unknown', `Item not found in the organisation of the class: ${item_id}`);
    if (item.status === 'retired')
      throw conflict('item.retired', `Item ${item_id} is retired; make it live again or leave it out.`);
  }
  return found;
}

const bankName = 'Quiz questions';

/** Items of the bank “Quiz questions” of the class's teacher, which is made when it is first needed. */
async function madeItems(
  world: AssessmentWorld,
  { ofClass, by, seed }: Asked,
  given: readonly GivenQuestion[],
): Promise<Map<number, ItemRecord>> {
  const { org_id, teacher_id } = ofClass;
  const bank_id = derivedId(org_id, 'quiz-questions', teacher_id);
  const made = { by, at: world.now().toISOString() };
  const own = [...given.entries()].flatMap(([at, one]) => (one.kind === 'item' ? [] : [{ at, one }]));
  if (own.length === 0) return new Map();
  for (const { at, one } of own) {
    const problem = sizeProblem(one);
    if (problem !== undefined) throw invalid(['body', 'questions', at], problem, 'too_big');
  }
  // what no quiz can hold must not fill the bank
  refuseTooLong(own.map(({ one }) => one));
  const ids = await idsOf(
    world,
    bank_id,
    own.map(({ at, one }) => derivedId(seed, String(at), JSON.stringify(one))),
  );
  const wanted = new Map(
    own.map(({ at, one }, n) => [at, draft(one, { item_id: ids[n] ?? '', bank_id, org_id }, made)] as const),
  );
  const bank = await ensureBank(world, { bank_id, org_id }, { by: teacher_id, at: made.at });
  await addItems(world, bank, [...wanted.values()]);
  return wanted;
}

/** The ids that a request derives; an item that was deleted since keeps its own, and another one follows it. */
async function idsOf(
  { table }: Pick<AssessmentWorld, 'table'>,
  bank_id: string,
  derived: readonly string[],
): Promise<readonly string[]> {
  const [present, ever] = await Promise.all([
    table.getMany(
      items,
      derived.map((item_id) => ({ bank_id, item_id })),
    ),
    table.getMany(
      itemRevisions,
      derived.map((item_id) => ({ item_id, revision: 1 })),
    ),
  ]);
  const isGone = derived.map((_, n) => present[n] === undefined && ever[n] !== undefined);
  if (!isGone.includes(true)) return derived;
  return idsOf(
    { table },
    bank_id,
    derived.map((id, n) => (isGone[n] ? derivedId(id, 'next') : id)),
  );
}

/** A draft: what it measures is not known, and its name in this quiz is no id of the bank's. */
const draft = (
  { points: _points, ...written }: Own,
  place: Pick<ItemRecord, 'item_id' | 'bank_id' | 'org_id'>,
  made: { readonly by: string; readonly at: string },
): ItemRecord =>
  newItem(
    place,
    { ...written, status: written.parameters ? written.status : 'draft', external_id: null },
    made,
  );

const ensureBank = (
  { table }: AssessmentWorld,
  id: { readonly bank_id: string; readonly org_id: string },
  made: { readonly by: string; readonly at: string },
): Promise<ItemBankRecord> =>
  retried(async () => {
    const present = await table.get(itemBanks, id, { consistent: true });
    if (present) return present;
    const fields = { name: bankName, description: '', subject: null, D: 1 as const };
    const bank = newBank(id, fields, made);
    await table.write(table.insert(itemBanks, bank));
    return bank;
  });

const bankFull = ({ name }: ItemBankRecord): DomainError =>
  conflict(
    'quiz.bank_full',
    `The bank “${name}”, which keeps the questions of the class teacher’s quizzes, has room for ${mostItems} items and not for these. In it, delete drafts that are asked no more (quizzes keep their questions); or write these questions into another bank and name them by item_id.`,
  );

/** With the bank's count a transaction holds this many items, of two writes each. */
const together = 40;

/**
 * Puts in those that are not there yet.
 * @throws 409 `quiz.bank_full`
 */
async function addItems(
  { table }: AssessmentWorld,
  bank: ItemBankRecord,
  wanted: readonly ItemRecord[],
): Promise<void> {
  const { bank_id, item_count } = bank;
  if (item_count + wanted.length > mostItems) {
    const present = await table.getMany(items, wanted);
    if (item_count + present.filter((one) => one === undefined).length > mostItems) throw bankFull(bank);
  }
  for (let from = 0; from < wanted.length; from += together) {
    const some = wanted.slice(from, from + together);
    await retried(async () => {
      const present = await table.getMany(items, some);
      const missing = some.filter((_, at) => present[at] === undefined);
      if (missing.length === 0) return;
      await table.write(
        countItems(table, bank_id, missing.length),
        ...missing.flatMap((item) => newItemWrites(table, item)),
      );
    });
  }
}
