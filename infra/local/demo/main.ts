import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { authContract } from '#shared/contracts/auth.ts';
import { platformContract } from '#shared/contracts/platform.ts';
import type { SourceEvent } from '#shared/contracts/realtime.ts';
import { realtimeContract } from '#shared/contracts/realtime.ts';
import {
  type TrainingState,
  trainingContract,
  trainingEvaluated,
  trainingMetrics,
} from '#shared/contracts/training.ts';
import { createClient } from '#shared/http/client.ts';
import { RealtimeClient } from '#shared/realtime/client.ts';
import { messageOf } from '../failure.ts';
import { bar, type CurvePoint, drawCurve } from './curve.ts';
import { playEpisode } from './episode.ts';
import { borrowPlatform } from './platform.ts';

/**
 * The walk of a student, in a terminal: register, train PPO on CartPole, watch the return climb, see the episode.
 */
const { values } = parseArgs({
  options: {
    origin: { type: 'string', default: 'http://127.0.0.1:8080' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '100000' },
  },
});
const out = process.stdout;
const say = (text = ''): void => void out.write(`${text}\n`);

async function walk(origin: string): Promise<boolean> {
  const health = await createClient(platformContract, { origin }).health({});
  say(`1  ${origin} is ${health.status}: school ${health.school}, version ${health.version}`);

  const token = await signUp(origin);
  const client = { origin, token: () => token };
  const training = createClient(trainingContract, client);
  const { session_id } = await training.start({
    body: {
      algorithm: 'ppo',
      environment: 'CartPole-v1',
      seed: Number(values.seed),
      max_steps: Number(values.steps),
      name: 'Demo',
    },
  });
  say(`3  Started PPO on CartPole-v1 with seed ${values.seed}: training ${session_id}\n`);

  await watch(origin, token, session_id, Number(values.steps));
  const result = await training.status({ params: { session_id } });
  const good = tellResult(result);
  if (result.best_mean_reward === null) return false;
  const replay = await training.replay({ params: { session_id } });
  say(`\n5  The best evaluated episode, from step ${replay.step}: return ${replay.reward}\n`);
  await playEpisode(replay, out, 8);
  return good;
}

async function signUp(origin: string): Promise<string> {
  const auth = createClient(authContract, { origin });
  const email = `demo-${randomBytes(4).toString('hex')}@lyceum.example`;
  const password = randomBytes(12).toString('base64url');
  await auth.register({ body: { email, password, name: 'Demo Student' } });
  const { access_token } = await auth.login({ body: { email, password } });
  say(`2  Registered and signed in as ${email}`);
  return access_token;
}

/** Follows the training on the socket until it ends, drawing as it goes. */
function watch(origin: string, token: string, session_id: string, max_steps: number): Promise<void> {
  const tickets = createClient(realtimeContract, { origin, token: () => token });
  const socket = new RealtimeClient({ ticket: () => tickets.createTicket({ body: {} }), WebSocket });
  const screen = new TrainingScreen(max_steps);
  return new Promise((resolve, reject) => {
    socket.subscribe(`job:${session_id}`, {
      onEvent: (event) => {
        if (!screen.show(event)) return;
        socket.close();
        resolve();
      },
      onRefused: ({ detail }) => {
        socket.close();
        reject(new Error(detail));
      },
    });
  });
}

const finalStatuses = ['completed', 'failed', 'cancelled'];

/** A progress bar and the curve; into a pipe, a line for every evaluation. */
class TrainingScreen {
  readonly #points: CurvePoint[] = [];
  readonly #max_steps: number;
  #drawn = 0;
  #status = 'pending';
  #evaluated = '';
  #fps = '';
  constructor(max_steps: number) {
    this.#max_steps = max_steps;
  }

  /** @returns whether this was the last event */
  show(event: SourceEvent): boolean {
    if (event.type === 'training.metrics') this.#measured(event.data);
    if (event.type === 'training.evaluated') this.#evaluation(event.data);
    if (event.type === 'job.status') this.#status = String(event.data['status']);
    if (out.isTTY) this.#draw();
    return event.type === 'job.status' && finalStatuses.includes(this.#status);
  }

  #measured(data: unknown): void {
    const { points = [], fps } = trainingMetrics.parse(data);
    for (const { step, episode_reward } of points)
      if (step != null && episode_reward != null) this.#points.push({ step, value: episode_reward });
    if (fps !== null) this.#fps = `${Math.round(fps).toLocaleString('en')} steps/s`;
  }

  #evaluation(data: unknown): void {
    const { step, mean_reward, std_reward, success } = trainingEvaluated.parse(data);
    const result = `${mean_reward.toFixed(1)} ± ${std_reward.toFixed(1)}`;
    this.#evaluated = `evaluation at step ${step.toLocaleString('en')}: ${result}${success ? ' ✓ solved' : ''}`;
    if (!out.isTTY) say(`   ${this.#evaluated}`);
  }

  #draw(): void {
    const step = this.#points.at(-1)?.step ?? 0;
    const lines = [
      `4  ${this.#status.padEnd(9)} ${bar(step / this.#max_steps)} ${step.toLocaleString('en')} of ${this.#max_steps.toLocaleString('en')} steps  ${this.#fps}`,
      `   ${this.#evaluated}`,
      ...drawCurve(this.#points, { max_steps: this.#max_steps, max: 500, threshold: 475 }),
      '     return of the last 100 episodes; dashed: solved at 475',
    ];
    if (this.#drawn > 0) out.write(`\x1b[${this.#drawn}A`);
    out.write(`${lines.map((line) => `\x1b[2K${line}`).join('\n')}\n`);
    this.#drawn = lines.length;
  }
}

function tellResult(result: TrainingState): boolean {
  const mean = result.final_mean_reward;
  say(
    `\n   ${result.status}: final mean return ${mean?.toFixed(1) ?? 'none'}, best ${result.best_mean_reward?.toFixed(1) ?? 'none'}`,
  );
  if (result.error_detail !== null) say(`   ${result.error_detail}`);
  return result.status === 'completed' && mean !== null && mean >= 475;
}

try {
  const platform = await borrowPlatform(values.origin, say);
  try {
    const solved = await walk(platform.origin);
    say(solved ? '\nThe agent balances the pole.' : '\nThe agent does not balance the pole yet.');
    process.exitCode = solved ? 0 : 2;
  } finally {
    await platform.giveBack();
  }
} catch (error) {
  process.stderr.write(`✗ ${messageOf(error)}\n`);
  process.exitCode = 1;
}
