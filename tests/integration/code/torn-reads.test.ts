/** A resource and its job lie in different items: what is committed between the two reads must not tear the answer. */
import { expect, test } from 'vitest';
import { hookedTable } from '#tests/support/hooked-table.ts';
import { scriptedGrader } from '#tests/support/scripted-grader.ts';
import { aRegradeWorld, byName } from './regrade-world.ts';

const { school, anna, given, aClassOfThree, create, read } = await aRegradeWorld();

/** Acts once, just before the nth command of that name is sent; call the result when it need not any more. */
function justBefore(command: string, nth: number, act: () => Promise<unknown>): () => void {
  let seen = 0;
  const name = `before ${command} ${nth}`;
  hookedTable().middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === `${command}Command` && ++seen === nth) {
        hookedTable().middlewareStack.remove(name);
        await act();
      }
      return next(args);
    },
    { step: 'initialize', name },
  );
  return () => hookedTable().middlewareStack.remove(name);
}

/** How often a command is sent while something is done. */
async function countOf(command: string, act: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const name = `count ${command}`;
  hookedTable().middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === `${command}Command`) count += 1;
      return next(args);
    },
    { step: 'initialize', name },
  );
  await act();
  hookedTable().middlewareStack.remove(name);
  return count;
}

test('a preview that ends between two reads is shown with what it counted', async () => {
  const world = await aClassOfThree();
  const grade = ({ job_id }: { job_id: string }) => scriptedGrader(school.table, byName).run(job_id);
  const idle = await create(world);
  const reads = await countOf('GetItem', () => read(idle));
  await grade(idle);
  for (let nth = 1; nth <= reads; nth++) {
    const regrade = await create(world);
    const forget = justBefore('GetItem', nth, () => grade(regrade));
    const shown = await read(regrade);
    forget();
    const counted = shown.status === 'previewed' ? 1 : 0;
    expect(shown).toMatchObject({ rises: counted, falls: counted, same: counted });
  }
});

test('a submission that is graded between two reads is shown with its grade and its history', async () => {
  const { exercise_id, assignment_id } = await given();
  const submit = () =>
    anna.code.submit({
      params: { exercise_id },
      body: { submission_code: `print(${Math.random()})`, assignment_id },
    });
  const view = (submission_id: string) => anna.code.getSubmission({ params: { submission_id } });
  for (const command of ['GetItem', 'BatchGetItem', 'Query']) {
    const { submission_id: idle } = await submit();
    const reads = await countOf(command, () => view(idle));
    await scriptedGrader(school.table, byName).run(idle);
    for (let nth = 1; nth <= reads; nth++) {
      const { submission_id } = await submit();
      const forget = justBefore(command, nth, () => scriptedGrader(school.table, byName).run(submission_id));
      const shown = await view(submission_id);
      forget();
      const done = shown.status === 'graded';
      expect([shown.gradings.length, shown.grade !== null]).toEqual([done ? 1 : 0, done]);
    }
  }
});
