import type { Caller } from '#shared/contracts/operation.ts';
import type { ServerMessage } from '#shared/contracts/realtime.ts';
import { statusOf } from '#shared/domain/jobs/states.ts';
import { DomainError, invalid, notFound, tooMany } from '#shared/errors.ts';
import { examData, examEvent, examTopic } from '#shared/exams/events.ts';
import { reachesExam } from '#shared/exams/reach.ts';
import { topicOf } from '#shared/jobs/advance.ts';
import { classJobs, type Job, jobs } from '#shared/jobs/job.ts';
import { reachesJob } from '#shared/jobs/reach.ts';
import { reachesClass } from '#shared/reach.ts';
import { eventKey, events, eventsKey, wireEvent } from '#shared/realtime/event.ts';
import { inParallel } from '#shared/realtime/post.ts';
import {
  connectionForS,
  connections,
  markFollowed,
  maxSubscriptions,
  subscribers,
  subscriptions,
} from '#shared/realtime/subscriptions.ts';
import { classes } from '#shared/table/class.ts';
import { examSessions, examStates } from '#shared/table/exam-session.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import type { SocketWorld } from './world.ts';

/** Events sent again in one go; the client asks for the rest when it has these. */
const replayed = 500;
const postsAtOnce = 8;
const inSnapshot = 50;

interface Asked {
  readonly topic: string;
  readonly after_seq?: number | undefined;
}

/**
 * Subscribes a socket to a topic: first writes the subscription, then reads what has happened, so that nothing
 * falls between the two; what comes twice the client drops.
 */
export async function subscribe(
  world: SocketWorld,
  connection_id: string,
  caller: Caller,
  asked: Asked,
): Promise<void> {
  const at = asked.topic.indexOf(':');
  const id = asked.topic.slice(at + 1);
  switch (asked.topic.slice(0, at)) {
    case 'job':
      return subscribeToJob(world, connection_id, caller, { ...asked, job_id: id });
    case 'exam':
      return subscribeToExam(world, connection_id, caller, { ...asked, exam_session_id: id });
    case 'class':
      return subscribeToClass(world, connection_id, caller, { ...asked, class_id: id });
    case 'user':
      return subscribeToUser(world, connection_id, caller, { ...asked, user_id: id });
    default:
      throw notFound('topic');
  }
}

async function subscribeToJob(
  world: SocketWorld,
  connection_id: string,
  caller: Caller,
  { topic, after_seq, job_id }: Asked & { readonly job_id: string },
): Promise<void> {
  const before = await world.table.get(jobs, { job_id }, { consistent: true });
  if (!before || !(await reachesJob(world.table, caller, before))) throw notFound('topic');
  await remember(world, connection_id, caller, topic, null);

  const job = (await world.table.get(jobs, { job_id }, { consistent: true })) ?? before;
  const oldest = await world.table.query(events, { pk: eventsKey(topic), limit: 1 });
  await world.post.send(connection_id, {
    type: 'subscribed',
    topic,
    first_seq: oldest.items[0]?.seq ?? job.event_seq + 1,
    last_seq: job.event_seq,
  });
  if (after_seq === undefined) return;
  const missed = await world.table.query(events, {
    pk: eventsKey(topic),
    after: eventKey(after_seq),
    limit: replayed,
  });
  await inParallel(missed.items, postsAtOnce, (event) => world.post.send(connection_id, wireEvent(event)));
}

/** A test keeps its newest state and no older events: that one stands for all before it. */
async function subscribeToExam(
  world: SocketWorld,
  connection_id: string,
  caller: Caller,
  { topic, after_seq, exam_session_id }: Asked & { readonly exam_session_id: string },
): Promise<void> {
  const id = { exam_session_id };
  const head = await world.table.get(examSessions, id, { consistent: true });
  // an imported result was never a test that went on
  if (head?.source !== 'taken' || !(await reachesExam(world.table, caller, head))) throw notFound('topic');
  await remember(world, connection_id, caller, topic, null);

  const state = await world.table.get(examStates, id, { consistent: true });
  if (!state) throw notFound('topic');
  const { seq } = state;
  await world.post.send(connection_id, { type: 'subscribed', topic, first_seq: seq, last_seq: seq });
  if (after_seq === undefined || after_seq >= seq) return;
  await world.post.send(
    connection_id,
    wireEvent({ ...examEvent(state), data: examData(state, caller.role) }),
  );
}

/** A fan-in has no numbers of its own: a snapshot of its sources stands for what has been. */
async function subscribeToClass(
  world: SocketWorld,
  connection_id: string,
  caller: Caller,
  { topic, after_seq, class_id }: Asked & { readonly class_id: string },
): Promise<void> {
  if (after_seq !== undefined)
    throw invalid(
      ['after_seq'],
      'a class topic has no numbers of its own; leave after_seq out',
      'value_error',
    );
  const found = await world.table.get(classes, { class_id }, { consistent: true });
  // guardians follow their own child's exams, not a class
  if (!found || caller.role === 'guardian' || !(await reachesClass(world.table, caller, found)))
    throw notFound('topic');
  const only_owner = caller.role === 'student' ? caller.user_id : null;
  await remember(world, connection_id, caller, topic, only_owner);

  const refs = await world.table.query(classJobs, {
    pk: `class#${class_id}`,
    prefix: 'job#',
    backwards: true,
    limit: inSnapshot,
  });
  const recent = (await world.table.getMany(jobs, refs.items)).filter((job) => job !== undefined);
  const snapshot = [
    ...recent.filter((job) => only_owner === null || job.owner_id === only_owner).map(summary),
    ...(await examsOf(world, caller, class_id, only_owner)),
  ];
  await world.post.send(connection_id, { type: 'subscribed', topic, first_seq: 0, last_seq: 0, snapshot });
}

/** A message holds 128 KB. */
const examsInSnapshot = 150;
const recentMs = 3_600_000;

/** The class's tests that run, and those that ended within the last hour. */
async function examsOf(
  { table, now }: SocketWorld,
  caller: Caller,
  class_id: string,
  only_owner: string | null,
): Promise<Record<string, unknown>[]> {
  const newest = await table.query(examSessions, {
    pk: `class#${class_id}#exams`,
    index: 'gsi2',
    backwards: true,
    limit: examsInSnapshot,
  });
  const since = new Date(now().getTime() - recentMs).toISOString();
  const shown = newest.items.filter(
    ({ source, student_id, ended_at }) =>
      source === 'taken' &&
      (only_owner === null || student_id === only_owner) &&
      (ended_at === null || ended_at >= since),
  );
  const states = await table.getMany(examStates, shown);
  return states.flatMap((state) =>
    state
      ? [
          {
            source: examTopic(state),
            seq: state.seq,
            owner_id: state.student_id,
            owner_name: state.student_name,
            kind: 'exam',
            ...examData(state, caller.role),
          },
        ]
      : [],
  );
}

const summary = (job: Job): Record<string, unknown> => ({
  source: topicOf(job),
  seq: job.event_seq,
  owner_id: job.owner_id,
  owner_name: job.owner_name,
  kind: job.kind,
  status: statusOf(job),
  ...(job.kind === 'training' && {
    step: job.progress.step,
    max_steps: job.config.max_steps,
    best_mean_reward: job.best_mean_reward,
  }),
  ...(job.kind === 'submission' && { exercise_id: job.exercise_id, assignment_id: job.assignment_id }),
});

async function subscribeToUser(
  world: SocketWorld,
  connection_id: string,
  caller: Caller,
  { topic, user_id }: Asked & { readonly user_id: string },
): Promise<void> {
  if (user_id !== caller.user_id) throw notFound('topic');
  await remember(world, connection_id, caller, topic, null);
  const subscribed: ServerMessage = { type: 'subscribed', topic, first_seq: 1, last_seq: 0 };
  await world.post.send(connection_id, subscribed);
}

/** Writes the subscription in both directions; a socket that subscribes again keeps its one place. */
async function remember(
  { table, now }: SocketWorld,
  connection_id: string,
  { user_id, login_id, role }: Caller,
  topic: string,
  only_owner: string | null,
): Promise<void> {
  const expires_at = Math.floor(now().getTime() / 1000) + connectionForS;
  const item = { topic, connection_id, user_id, login_id, role, only_owner, expires_at };
  await markFollowed(table, item);
  try {
    await table.write(
      table.insert(subscriptions, item, () => new AlreadySubscribed()),
      table.put(subscribers, item),
      table.update(
        connections,
        { connection_id },
        {
          expression: 'ADD #subscriptions :one',
          values: { ':one': 1, ':max': maxSubscriptions },
          when: '#subscriptions < :max',
          orElse: (current) =>
            current
              ? tooMany(
                  'topic.limit',
                  `One socket may follow ${maxSubscriptions} topics; unsubscribe from one first.`,
                  1,
                )
              : new DomainError('unauthorized', 'auth.ended', 'This socket is closed.'),
        },
      ),
    );
  } catch (error) {
    if (!(error instanceof AlreadySubscribed) && !(error instanceof ConditionFailed)) throw error;
  }
}

class AlreadySubscribed extends Error {}
