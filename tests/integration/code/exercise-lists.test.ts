import { expect, test } from 'vitest';
import { exerciseInput } from '#shared/contracts/exercises.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { uuidv7 } from '#shared/ids.ts';
import { publishedExercises } from '#shared/table/exercise.ts';
import { newExercise, newExerciseWrites, publishedOf } from '#shared/table/new-exercise.ts';
import { anExercise, body } from '#tests/support/exercises.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { recordCalls } from '#tests/support/table-calls.ts';

const school = await aSchool();
const calls = recordCalls();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 1 });
const [student] = students;
if (!student) throw new Error('the class has a student');
const colleague = await school.person('teacher');

/** Thirty exercises: every third for practice, every fifth given to the class, every seventh a draft. */
const day = (number: number) => `2026-11-${String(number + 1).padStart(2, '0')}T09:30:00.000Z`;
const titles: string[] = [];
for (let number = 0; number < 30; number++) {
  const title = `${number % 2 === 0 ? 'Even' : 'odd'} ${String(number).padStart(2, '0')}`;
  titles.push(title);
  const by = number % 2 === 0 ? teacher.user_id : colleague.user_id;
  const input = exerciseInput.parse({
    ...body,
    title,
    practice: number % 3 === 0,
    difficulty: number < 10 ? 'easy' : 'hard',
    topic: number < 5 ? 'Recursion' : 'Loops',
    module: number < 3 ? 'intro' : null,
    language: number % 4 === 0 ? 'typescript' : 'python',
    tags: number % 10 === 0 ? ['ten'] : [],
    translations: { ko: { title: `문제 ${number}`, problem_description: '…' } },
  });
  const made = newExercise({ exercise_id: uuidv7(), org_id }, input, { by, at: day(number) });
  const draft = number % 7 === 0;
  const head = draft ? made.head : { ...made.head, status: 'published' as const, published_version: 1 };
  await table.write(
    ...newExerciseWrites(table, { ...made, head }),
    ...(draft ? [] : [table.insert(publishedExercises, publishedOf(head, made.version, day(number)))]),
  );
  if (!draft && number % 5 === 0)
    await teacher.code.createAssignment({ body: { class_id, exercise_id: head.exercise_id } });
}
const forStudents = titles.filter((_, number) => number % 7 !== 0 && (number % 3 === 0 || number % 5 === 0));

interface Asked {
  readonly limit: number;
  readonly cursor?: string;
}

async function titlesOf(read: (query: Asked) => Promise<Page<{ readonly title: string }>>, limit: number) {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit, ...(cursor !== undefined && { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    expect(page.has_next).toBe(page.next_cursor !== null);
    found.push(...page.items.map(({ title }) => title));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const byTitle = (some: readonly string[]) =>
  some.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
const byNumber = (some: readonly string[]) => some.toSorted((a, b) => (a.slice(-2) < b.slice(-2) ? -1 : 1));

test.each([
  ['a teacher, all', teacher, titles],
  ['a student, what is theirs to solve', student, forStudents],
] as const)('%s: by title and by change, forwards and backwards, each once', async (_, person, all) => {
  for (const [sort, wanted] of [
    ['title', byTitle(all)],
    ['-title', byTitle(all).toReversed()],
    ['updated_at', byNumber(all)],
    ['-updated_at', byNumber(all).toReversed()],
  ] as const)
    for (const limit of [4, 100]) {
      const found = await titlesOf(
        (query) => person.code.listExercises({ query: { ...query, sort } }),
        limit,
      );
      expect(found, `${sort} ${limit}`).toEqual(wanted);
    }
});

test('each filter lists what fits it, together with the others', async () => {
  const list = (query: object) =>
    titlesOf((paging) => teacher.code.listExercises({ query: { ...query, ...paging } }), 3);
  const numbered = (fits: (number: number) => boolean) => byTitle(titles.filter((_, number) => fits(number)));
  expect(await list({ difficulty: 'easy' })).toEqual(numbered((number) => number < 10));
  expect(await list({ topic: 'Recursion' })).toEqual(numbered((number) => number < 5));
  expect(await list({ module: 'intro' })).toEqual(numbered((number) => number < 3));
  expect(await list({ language: 'typescript', difficulty: 'hard' })).toEqual(
    numbered((number) => number % 4 === 0 && number >= 10),
  );
  expect(await list({ status: 'draft' })).toEqual(numbered((number) => number % 7 === 0));
  expect(await list({ tag: 'ten' })).toEqual(numbered((number) => number % 10 === 0));
  expect(await list({ q: 'eVeN 1' })).toEqual(
    numbered((number) => number % 2 === 0 && number >= 10 && number < 20),
  );
  expect(await list({ q: '문제 2' })).toEqual(numbered((number) => number === 2 || number >= 20));
  expect(await list({ mine: 'true' })).toEqual(numbered((number) => number % 2 === 0));
  expect(await list({ mine: 'false', q: '0' })).toEqual(
    numbered((number) => number % 2 === 1 && (number < 10 || number === 20)),
  );
});

test('a cursor of another filter, of another person and of a page number is refused', async () => {
  const { next_cursor } = await teacher.code.listExercises({ query: { limit: 3 } });
  const cursor = next_cursor ?? '';
  const other = teacher.code.listExercises({ query: { limit: 3, cursor, topic: 'Loops' } });
  expect(await refusal(other)).toBe('422 request.invalid');
  expect(await refusal(colleague.code.listExercises({ query: { limit: 3, cursor } }))).toBe(
    '422 request.invalid',
  );
});

test('another organisation’s exercises are in no list', async () => {
  const elsewhere = await school.organization();
  const other = await school.person('teacher', { org_id: elsewhere });
  const { exercise_id } = await anExercise(table, { org_id: elsewhere, by: other.user_id, practice: true });
  for (const person of [teacher, student]) {
    const { items } = await person.code.listExercises({ query: { limit: 100 } });
    expect(items.map((item) => item.exercise_id)).not.toContain(exercise_id);
    expect(await refusal(person.code.listExercises({ query: { org_id: elsewhere } }))).toBe(
      '404 organization.not_found',
    );
  }
  const platform = await school.person('platform_admin');
  const { items } = await platform.code.listExercises({ query: { org_id: elsewhere } });
  expect(items.map((item) => item.exercise_id)).toEqual([exercise_id]);
});

test('lists are queries of an index and batches of items, never a scan', async () => {
  calls.clear();
  await teacher.code.listExercises({ query: { q: 'odd' } });
  await student.code.listExercises({ query: {} });
  await student.code.listAssignments({ query: {} });
  expect(calls.all().length).toBeGreaterThan(5);
  for (const { command } of calls.all()) expect(['Get', 'BatchGet', 'Query']).toContain(command);
});
