import { environmentDefinition, makeEnvironment } from '#shared/domain/rl/environments/index.ts';
import { createActor, episodeLimit, readPolicy, readSafetensors } from '#shared/domain/rl/policy/index.ts';
import { paint } from './paint.ts';

/** The program of an exported page: runs the policy that lies in it in the environment it was trained for. */

const found = <E extends Element>(id: string, kind: new () => E): E => {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
};
const canvas = found('scene', HTMLCanvasElement);
const stateLine = found('state', HTMLElement);
const told = found('told', HTMLElement);
const playButton = found('play', HTMLButtonElement);
const againButton = found('again', HTMLButtonElement);

/** Weights that somebody trained may be larger than what may be uploaded. */
const limits = { bytes: 32e6, headerBytes: 256 * 1024, tensors: 256, parameters: 4e6 };

function begin(): void {
  const text = found('policy', HTMLElement).textContent.trim();
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const { metadata } = readSafetensors(bytes, limits);
  const environment = metadata['environment'] ?? '';
  const env_kwargs = JSON.parse(metadata['env_kwargs'] ?? '{}') as Record<string, unknown>;
  const policy = readPolicy(bytes, { environment, env_kwargs }, limits);
  const { title, renderFps } = environmentDefinition(environment);
  document.title = `${title} (${environment})`;
  found('title', HTMLElement).textContent = document.title;

  const act = createActor(policy);
  const limit = episodeLimit(environment, env_kwargs);
  let seed = Math.floor(Math.random() * 2 ** 32);
  const running = makeEnvironment(environment, seed, env_kwargs);
  const observation = new Float64Array(running.observationSize);
  let steps = 0;
  let total = 0;
  let ended = false;
  let timer: number | undefined;

  const show = (): void => {
    paint(canvas, running.render());
    stateLine.textContent = `Step ${steps}, return ${Math.round(total * 1e4) / 1e4}`;
  };
  const pause = (): void => {
    window.clearInterval(timer);
    timer = undefined;
    playButton.textContent = 'Play';
  };
  const step = (): void => {
    running.observeFlat(observation);
    const { reward, terminated, truncated } = running.step(act(observation));
    steps += 1;
    total += reward;
    ended = terminated || truncated || steps >= limit;
    show();
    if (!ended) return;
    pause();
    told.textContent = `The episode ended after ${steps} steps with a return of ${Math.round(total * 1e4) / 1e4}.`;
  };
  const play = (): void => {
    if (ended) restart();
    timer = window.setInterval(step, 1000 / renderFps);
    playButton.textContent = 'Pause';
  };
  const restart = (): void => {
    pause();
    seed = (seed + 1) % 2 ** 32;
    running.reset(seed);
    steps = 0;
    total = 0;
    ended = false;
    told.textContent = '';
    show();
  };
  playButton.addEventListener('click', () => (timer === undefined ? play() : pause()));
  againButton.addEventListener('click', () => {
    restart();
    play();
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  window.addEventListener('resize', show);
  show();
  if (!window.matchMedia('(prefers-reduced-motion: reduce)').matches) play();
}

try {
  begin();
} catch (error) {
  stateLine.textContent = error instanceof Error ? error.message : String(error);
}
