import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { GivenQuestion, QuizDetail, quizOperations } from '#shared/contracts/quizzes.ts';
import { shortestLimit } from '#shared/domain/quizzes/rules.ts';
import { highestScore } from '#shared/domain/quizzes/score.ts';
import { toInstant } from '#shared/domain/school-time.ts';
import { conflict, invalid } from '#shared/errors.ts';
import { type Opened, opened } from '#shared/quizzes/freeze.ts';
import { taughtClass, unknownClass } from '#shared/reached-class.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import { quizGates } from '#shared/table/gate.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import {
  classQuizzes,
  type QuizContent,
  type QuizRecord,
  quizContents,
  quizzes,
} from '#shared/table/quiz.ts';
import { retried } from '#shared/table/retry.ts';
import { reachedQuiz, taughtQuiz } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';
import { askedQuestions } from './questions.ts';
import { hasAttempts, viewQuiz } from './view.ts';

type Create = Request<(typeof quizOperations)['createQuiz']>['body'];
type Changes = Request<(typeof quizOperations)['updateQuiz']>['body'];

export function createQuiz(
  world: AssessmentWorld,
  caller: Caller,
  { body, idempotency_key: key }: { readonly body: Create; readonly idempotency_key: string | undefined },
): Promise<QuizDetail> {
  const { table } = world;
  return idempotently(
    table,
    { caller, operation: 'createQuiz', key, body, now: world.now() },
    async (once) => {
      const ofClass = await taughtClass(world, caller, body.class_id, unknownClass);
      const dates = instants(world, body);
      refuseOddDates(dates);
      const quiz_id = world.newId();
      const seed = key === undefined ? quiz_id : `${caller.user_id}#createQuiz#${key}`;
      const questions = await askedQuestions(world, { ofClass, by: caller.user_id, seed }, body.questions);
      const draft = newQuiz(world, caller, ofClass, { ...body, ...dates, quiz_id, questions });
      const { quiz, content } = await openedIf(world, body.status === 'open', draft);
      await table.write(
        ...once(quiz_id),
        table.insert(quizzes, quiz),
        table.insert(classQuizzes, quiz),
        ...contentWrites(world, content),
        // whoever deletes the class at this moment reads again, and finds the quiz
        table.update(classes, ofClass, {
          expression: 'ADD #version :one',
          values: { ':one': 1 },
          orElse: unknownClass,
        }),
      );
      return viewQuiz(world, caller, quiz);
    },
    async (quiz_id) => viewQuiz(world, caller, (await reachedQuiz(world, caller, quiz_id)).quiz),
  );
}

type Dates = Pick<QuizRecord, 'opens_at' | 'due_at'>;

/** Dates as the school's clocks mean them: a day opens with its first moment and ends with its last. */
function instants({ settings: { time_zone } }: AssessmentWorld, { opens_at, due_at }: Dates): Dates {
  return {
    opens_at: opens_at === null ? null : toInstant(opens_at, time_zone, 'start'),
    due_at: due_at === null ? null : toInstant(due_at, time_zone, 'end'),
  };
}

function refuseOddDates({ opens_at, due_at }: Dates): void {
  if (opens_at !== null && due_at !== null && opens_at >= due_at)
    throw invalid(['body', 'due_at'], 'must be after opens_at');
}

function newQuiz(
  world: AssessmentWorld,
  caller: Caller,
  { org_id, class_id }: ClassRecord,
  given: Omit<Create, 'questions'> & Pick<QuizRecord, 'quiz_id' | 'questions'>,
): QuizRecord {
  const at = world.now().toISOString();
  return {
    ...given,
    org_id,
    class_id,
    status: 'draft',
    max_score: highestScore(given.questions),
    content_number: 0,
    created_by: caller.user_id,
    created_at: at,
    updated_at: at,
    version: 1,
  };
}

/** Without its content while it is a draft. */
const openedIf = async (
  world: AssessmentWorld,
  opens: boolean,
  quiz: QuizRecord,
): Promise<Pick<Opened, 'quiz'> & Partial<Opened>> => (opens ? opened(world, quiz) : { quiz });

const contentWrites = ({ table }: AssessmentWorld, content: QuizContent | undefined) =>
  content ? [table.insert(quizContents, content)] : [];

const given = (changes: Omit<Changes, 'version' | 'questions'>): Partial<QuizRecord> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

const attempted = () =>
  conflict(
    'quiz.has_attempts',
    'Students have begun this quiz: its questions stay, and it is taken back no more. Close it, or make another.',
  );

export function updateQuiz(
  world: AssessmentWorld,
  caller: Caller,
  quiz_id: string,
  { version, questions, ...changes }: Changes,
): Promise<QuizDetail> {
  const { table } = world;
  return retried(async () => {
    const { quiz: seen, ofClass } = await taughtQuiz(world, caller, quiz_id);
    if (version !== undefined && version !== seen.version)
      throw conflict('quiz.changed', 'Somebody changed this quiz; read it before you change it.');
    const other = questions !== undefined && !isSame(seen, questions) ? questions : undefined;
    const withdrawn = changes.status === 'draft' && seen.status !== 'draft';
    if ((other || withdrawn) && (await hasAttempts(world, quiz_id))) throw attempted();
    const asked = other
      ? await askedQuestions(world, { ofClass, by: caller.user_id, seed: quiz_id }, other)
      : seen.questions;
    const next = changed(world, seen, changes, asked);
    const opens = next.status !== 'draft' && (other !== undefined || seen.status === 'draft');
    const { quiz, content } = await openedIf(world, opens, next);
    await table.write(table.replace(quizzes, seen, quiz), ...contentWrites(world, content));
    return viewQuiz(world, caller, { ...quiz, version: seen.version + 1 });
  });
}

/** Whether these are the questions that the quiz has. */
const isSame = ({ questions }: QuizRecord, wanted: readonly GivenQuestion[]): boolean =>
  questions.length === wanted.length &&
  wanted.every((one, at) => {
    const present = questions[at];
    return one.kind === 'item' && one.item_id === present?.item_id && one.points === present.points;
  });

function changed(
  world: AssessmentWorld,
  seen: QuizRecord,
  changes: Omit<Changes, 'version' | 'questions'>,
  questions: QuizRecord['questions'],
): QuizRecord {
  const merged: QuizRecord = { ...seen, ...given(changes), questions };
  const next = {
    ...merged,
    ...instants(world, merged),
    max_score: highestScore(questions),
    updated_at: world.now().toISOString(),
  };
  refuseOddDates(next);
  const problem = shortestLimit(next.time_limit_s, questions.length);
  if (problem !== undefined) throw invalid(['body', 'time_limit_s'], problem);
  return next;
}

/**
 * Takes a quiz back that nobody has begun. From the last look at the attempts to its end none begins.
 *
 * @throws 409 `quiz.has_attempts`
 */
export async function deleteQuiz(world: AssessmentWorld, caller: Caller, quiz_id: string): Promise<void> {
  const { table } = world;
  await taughtQuiz(world, caller, quiz_id);
  if (await hasAttempts(world, quiz_id)) throw attempted();
  await quizGates.shut(table, quiz_id, world.now());
  await retried(async () => {
    const { quiz } = await taughtQuiz(world, caller, quiz_id);
    if (await hasAttempts(world, quiz_id)) {
      await quizGates.open(table, quiz_id);
      throw attempted();
    }
    const contents = await table.queryAll(quizContents, { pk: `quiz#${quiz_id}`, prefix: 'content#' });
    await table.write(
      table.remove(quizzes, quiz, { when: '#version = :seen', values: { ':seen': quiz.version } }),
      table.remove(classQuizzes, quiz),
      // a transaction has room for so many; what is left of more is out of sight
      ...contents.slice(-90).map((content) => table.remove(quizContents, content)),
    );
  });
}
