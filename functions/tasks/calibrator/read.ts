import type { CalibrationConfig, CalibrationReport } from '#shared/contracts/calibrations.ts';
import { engineParameters } from '#shared/domain/items/loaded.ts';
import type { PublishedBank, PublishedItem, StoredParameters } from '#shared/domain/items/types.ts';
import type { CalibrationRecord } from '#shared/table/calibration.ts';
import {
  completedOfBank,
  type ExamResponse,
  type ExamSessionRecord,
  examResponses,
  examSessions,
} from '#shared/table/exam-session.ts';
import { type ItemRevisionRecord, itemRevisions } from '#shared/table/item.ts';
import { students } from '#shared/table/profile.ts';
import type { Table } from '#shared/table/table.ts';
import { type CalibrationInput, type Candidate, FOCAL, NEITHER, REFERENCE } from './input.ts';

/** What was read beside what is computed from. */
export interface Reading {
  readonly input: CalibrationInput;
  readonly sessions: CalibrationReport['sessions'];
  readonly other_content: number;
}

const mostSessions = 50_000;
const pageSize = 500;
/** Sessions whose answers are read at once: 1 MB. */
const batch = 100;

/**
 * Reads the completed sessions of a bank and what they answered, as their newest results have it. Answers count where
 * the item asked then what it asks in the calibrated version, and was scored in as many categories.
 */
export async function read(
  table: Table,
  { bank_id, config }: Pick<CalibrationRecord, 'bank_id' | 'config'>,
  bank: PublishedBank,
  tell: (done: number, total: number) => Promise<void>,
): Promise<Reading> {
  const { found, capped } = await sessionsOf(table, bank_id, config);
  const collected = new Collected(table, bank);
  for (let from = 0; from < found.length; from += batch) {
    await tell(from, found.length);
    await collected.add(found.slice(from, from + batch));
  }
  await tell(found.length, found.length);
  const { answers, used, other_content } = collected;
  const heads = found.filter((_, index) => used[index]);
  return {
    input: {
      config,
      D: bank.D,
      candidates: collected.candidates,
      answers: answers.done(),
      groups: await groupsOf(table, heads, config.dif),
    },
    sessions: {
      found: found.length,
      used: heads.length,
      without_answers: found.length - heads.length,
      capped,
    },
    other_content,
  };
}

/** The newest sessions that ended in the time that was asked for, oldest first. */
async function sessionsOf(table: Table, bank_id: string, { from, to }: CalibrationConfig) {
  const found: ExamSessionRecord[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.query(examSessions, {
      index: 'gsi3',
      pk: completedOfBank(bank_id),
      ...(from !== null && { after: from }),
      backwards: true,
      limit: pageSize,
      start,
    });
    found.push(...page.items.filter(({ ended_at }) => ended_at !== null && ended_at < to));
    start = page.next;
  } while (start && found.length < mostSessions);
  const capped = start !== undefined || found.length > mostSessions;
  return { found: found.slice(0, mostSessions).reverse(), capped };
}

/** Answers one after another, in arrays that grow. */
class AnswerList {
  #start: number[] = [0];
  #item: number[] = [];
  #category: number[] = [];

  /** @returns whether the session had any */
  add(answers: readonly { readonly item: number; readonly category: number }[]): boolean {
    if (answers.length === 0) return false;
    for (const { item, category } of answers) {
      this.#item.push(item);
      this.#category.push(category);
    }
    this.#start.push(this.#item.length);
    return true;
  }

  done(): CalibrationInput['answers'] {
    return {
      start: Int32Array.from(this.#start),
      item: Int32Array.from(this.#item),
      category: Int8Array.from(this.#category),
    };
  }
}

class Collected {
  readonly answers = new AnswerList();
  /** Of each session, in order, whether it has answers that count. */
  readonly used: boolean[] = [];
  readonly candidates: readonly Candidate[];
  readonly #table: Table;
  readonly #items: readonly PublishedItem[];
  readonly #index: ReadonlyMap<string, number>;
  /** Whether a revision asks what the version's asks, by `item#revision`. */
  readonly #same = new Map<string, boolean>();
  #other = 0;

  constructor(table: Table, { items }: PublishedBank) {
    this.#table = table;
    this.#items = items;
    this.#index = new Map(items.map(({ item_id }, index) => [item_id, index]));
    this.candidates = items.map(candidateOf);
  }

  get other_content(): number {
    return this.#other;
  }

  async add(heads: readonly ExamSessionRecord[]): Promise<void> {
    const results = await this.#table.getMany(examResponses, heads);
    const all = results.map((result) =>
      (result?.responses ?? []).filter(({ category }) => category !== VOID),
    );
    await this.#learnRevisions(all.flat());
    for (const responses of all)
      this.used.push(this.answers.add(responses.flatMap((one) => this.#counted(one))));
  }

  #counted(response: ExamResponse): { item: number; category: number }[] {
    const { item_id, revision, parameters, category } = response;
    const item = this.#index.get(item_id);
    const candidate = item === undefined ? undefined : this.candidates[item];
    if (item === undefined || candidate === undefined) return [];
    const counts =
      this.#same.get(`${item_id}#${revision}`) === true && categoriesOf(parameters) === candidate.categories;
    if (!counts) this.#other += 1;
    // what was not answered in time scores nothing
    return counts ? [{ item, category: Math.max(0, category) }] : [];
  }

  async #learnRevisions(responses: readonly ExamResponse[]): Promise<void> {
    const unknown = new Map<string, { item_id: string; revision: number }>();
    for (const { item_id, revision } of responses) {
      const key = `${item_id}#${revision}`;
      const item = this.#items[this.#index.get(item_id) ?? -1];
      if (item === undefined || this.#same.has(key)) continue;
      if (item.revision === revision) this.#same.set(key, true);
      else unknown.set(key, { item_id, revision });
    }
    const wanted = [...unknown.values()];
    const found = await this.#table.getMany(itemRevisions, wanted);
    wanted.forEach(({ item_id, revision }, k) => {
      const item = this.#items[this.#index.get(item_id) ?? -1];
      const then = found[k];
      this.#same.set(
        `${item_id}#${revision}`,
        item !== undefined && then !== undefined && asksTheSame(item, then),
      );
    });
  }
}

/** Of responses: a teacher has taken the answer out. */
const VOID = -2;

const asksTheSame = (item: PublishedItem, then: ItemRevisionRecord): boolean => asked(item) === asked(then);
/** Text, options and key: what an explanation says changes no answer. */
const asked = ({
  kind,
  body,
  options,
  key,
}: Pick<PublishedItem, 'kind' | 'body' | 'options' | 'key'>): string =>
  JSON.stringify([kind, body, options.map((option) => option.body), key]);

const categoriesOf = (parameters: StoredParameters | null): number =>
  parameters !== null && 'thresholds' in parameters ? parameters.thresholds.length + 1 : 2;

const candidateOf = ({ item_id, revision, status, parameters }: PublishedItem): Candidate => ({
  item_id,
  revision,
  status,
  parameters: parameters && engineParameters(parameters),
  categories: categoriesOf(parameters),
});

async function groupsOf(
  table: Table,
  heads: readonly ExamSessionRecord[],
  dif: CalibrationConfig['dif'],
): Promise<Int8Array | null> {
  if (dif === null) return null;
  const grades = dif.by === 'grade' ? await gradesOf(table, heads) : new Map<string, string | null>();
  return Int8Array.from(heads, ({ class_id, exam_type, student_id }) => {
    const group = { class: class_id, exam_type, grade: grades.get(student_id) ?? null }[dif.by];
    if (group === dif.reference) return REFERENCE;
    return group === dif.focal ? FOCAL : NEITHER;
  });
}

/** The grades in which the students are now. */
async function gradesOf(
  table: Table,
  heads: readonly ExamSessionRecord[],
): Promise<Map<string, string | null>> {
  const ids = [...new Set(heads.map(({ student_id }) => student_id))];
  const grades = new Map<string, string | null>();
  for (let from = 0; from < ids.length; from += batch) {
    const some = ids.slice(from, from + batch).map((user_id) => ({ user_id }));
    for (const profile of await table.getMany(students, some))
      if (profile) grades.set(profile.user_id, profile.grade);
  }
  return grades;
}
