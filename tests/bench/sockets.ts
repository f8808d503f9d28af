import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { WebSocket } from 'ws';
import { connect } from '#infra/local/connect.ts';
import { adminKeyId, localSecret } from '#infra/local/gateway.ts';
import { uuidv7 } from '#shared/ids.ts';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { type Job, jobs, newTraining } from '#shared/jobs/job.ts';
import { RealtimeClient } from '#shared/realtime/client.ts';
import { createTable } from '#shared/table/table.ts';
import { signUp } from '#tests/support/person.ts';
import { startPlatform } from '#tests/support/platform.ts';
import { tinyConfig } from '#tests/support/trainer.ts';
import { type Figure, quantile } from './measure.ts';

const sockets = 500;
const trainings = 50;
const events = 1000;
const eventsPerSecond = 25;

/**
 * A school watches its trainings: 500 sockets, ten on each of 50 trainings, while 1,000 events are committed; from
 * the commit to the socket, over stream, broadcast and gateway.
 */
export async function benchmark(): Promise<Figure[]> {
  await using platform = await startPlatform();
  const person = await signUp(platform.origin);
  const { AWS_REGION = '', TABLE_NAME = '' } = (await connect(platform.data)).variablesOf('Broadcast');
  const client = new DynamoDBClient({
    endpoint: platform.gateway,
    region: AWS_REGION,
    credentials: { accessKeyId: adminKeyId, secretAccessKey: localSecret },
  });
  const table = createTable(client, TABLE_NAME);
  const world: JobWorld = { table, now: () => new Date(), events_days: 1 };
  const watched = await Promise.all(
    Array.from({ length: trainings }, (_, index) => makeJob(world, person.user, index)),
  );

  const received = new Map<string, number[]>();
  const delays: number[] = [];
  const clients = Array.from({ length: sockets }, () => {
    return new RealtimeClient({ ticket: () => person.realtime.createTicket({ body: {} }), WebSocket });
  });
  let subscribed = 0;
  for (const [index, socket] of clients.entries()) {
    const job = watched[index % trainings];
    if (!job) continue;
    const seqs: number[] = [];
    received.set(`${index}`, seqs);
    socket.subscribe(`job:${job.job_id}`, {
      after_seq: 0,
      onSubscribed: () => {
        subscribed++;
      },
      onEvent: (event) => {
        seqs.push(event.seq);
        const sentAt = event.data['sent_at_ms'];
        if (typeof sentAt === 'number') delays.push(Date.now() - sentAt);
      },
    });
    if (index % 20 === 19) await sleep(50);
  }
  while (subscribed < sockets) await sleep(50);

  const perJob = events / trainings;
  for (let sent = 0; sent < events; sent++) {
    const slot = sent % trainings;
    const job = watched[slot];
    if (!job) continue;
    const data = { sent_at_ms: Date.now(), step: sent };
    watched[slot] = await advance(world, job, {}, [{ type: 'training.metrics', data }]);
    await sleep(1000 / eventsPerSecond);
  }
  const complete = (): boolean => [...received.values()].every((seqs) => seqs.length >= perJob);
  for (let waited = 0; waited < 200 && !complete(); waited++) await sleep(100);
  for (const socket of clients) socket.close();
  client.destroy();

  const gaps = [...received.values()].filter(
    (seqs) => seqs.some((seq, at) => seq !== at + 2) || seqs.length !== perJob,
  );
  return [
    { name: 'sockets with a gap, of 500', value: gaps.length, unit: 'sockets', target: 0 },
    { name: 'commit to socket, p50', value: Math.round(quantile(delays, 0.5)), unit: 'ms' },
    { name: 'commit to socket, p99', value: Math.round(quantile(delays, 0.99)), unit: 'ms', target: 1000 },
  ];
}

/** A training that no worker will take: it is already over for the queue. */
async function makeJob(
  world: JobWorld,
  owner: { user_id: string; org_id: string; name: string },
  index: number,
): Promise<Job> {
  const given = {
    job_id: uuidv7(),
    owner_id: owner.user_id,
    owner_name: owner.name,
    org_id: owner.org_id,
    class_id: null,
    config: { ...tinyConfig, seed: index },
  };
  const job: Job = { ...newTraining(given, world.now()), state: 'succeeded' };
  await world.table.write(world.table.insert(jobs, job));
  return job;
}
