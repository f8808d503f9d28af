import { build } from 'esbuild';
import { projectRoot } from '#infra/bundles.ts';
import { executablePath, launchChromium } from '#tests/e2e/chromium.ts';
import { type Figure, quantile } from './measure.ts';

const points = 100_000;
const runs = 2;
const rounds = 12;

/** The comparison as the console has it, of runs that nobody trained. */
const program = `
import { h, render } from 'preact';
import './functions/console/i18n/studio.ts';
import './functions/console/styles/index.css';
import { Comparison } from './functions/console/pages/trainings/compare/comparison-view.tsx';

const names = ['episode_reward', 'episode_length', 'value_loss', 'policy_loss', 'entropy', 'approx_kl',
  'exploration_rate', 'ent_coef', 'learning_rate', 'fps'];
const valueAt = (step, seed) => 500 * (1 - Math.exp(-step / 3e4)) + 60 * Math.sin(step * seed * 12.9898) ** 3;
const runs = Array.from({ length: ${runs} }, (_, index) => ({
  session: {
    session_id: 'run-' + index, status: 'completed', config_hash: 'same', progress: { step: ${points} },
    best_mean_reward: 500, final_mean_reward: 490,
    config: { algorithm: 'ppo', environment: 'CartPole-v1', env_kwargs: {}, seed: index, hyperparameters: {} },
  },
  curve: Array.from({ length: ${points} }, (_, at) => ({
    step: at + 1,
    values: Object.fromEntries(names.map((name) => [name, valueAt(at + 1, index + 1)])),
  })),
  evaluations: Array.from({ length: 20 }, (_, at) => ({ step: (at + 1) * ${points / 20}, mean_reward: 25 * at })),
}));
render(h(Comparison, { runs }), document.querySelector('#app'));

const nextFrame = () => new Promise(requestAnimationFrame);
const buttonOf = (text) => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === text);
/** Milliseconds between the frames while \`act\` is done in each. */
async function framesOf(acts) {
  const took = [];
  let before = await nextFrame();
  for (const act of acts) {
    act();
    const now = await nextFrame();
    took.push(now - before);
    before = now;
  }
  return took;
}
const press = (text) => () => buttonOf(text)?.click();
const round = ['Zoom in', 'Zoom in', 'Zoom in', 'Zoom in', 'Later', 'Earlier', 'Zoom out', 'Zoom out', 'All steps'];
const point = (share) => () => {
  const over = document.querySelector('.u-over');
  const { left, top, width, height } = over.getBoundingClientRect();
  const place = { clientX: left + width * share, clientY: top + height / 2, bubbles: true };
  over.dispatchEvent(new MouseEvent('mousemove', place));
};
window.measured = async () => {
  while (document.querySelectorAll('.u-over').length < 2) await nextFrame();
  const rounds = Array.from({ length: ${rounds} }, () => round).flat();
  await framesOf(round.map(press));
  return {
    still: await framesOf(rounds.map(() => () => {})),
    zooming: await framesOf(rounds.map(press)),
    pointing: await framesOf(rounds.map((_, at) => point((at % 50) / 50))),
  };
};
`;

/** Frames of a comparison of two runs of 100,000 points in Chromium, while one zooms and points in every frame. */
export async function benchmark(): Promise<Figure[]> {
  if (executablePath === undefined) {
    console.log('  There is no Chromium: install it or set CHROMIUM_PATH.');
    return [];
  }
  const body = await page();
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    await tab.route('**/*', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
    await tab.goto('http://charts.test/');
    const measured = await tab.evaluate<Record<string, number[]>>('measured()');
    return Object.entries(measured).flatMap(([what, frames]) => [
      { name: `frame while ${what}, median`, value: quantile(frames, 0.5), unit: 'ms' },
      {
        name: `frame while ${what}, 95 of 100 within`,
        value: quantile(frames, 0.95),
        unit: 'ms',
        target: 34,
      },
    ]);
  } finally {
    await browser.close();
  }
}

async function page(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: projectRoot, loader: 'js' },
    bundle: true,
    write: false,
    outdir: 'bench',
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const script = textOf('.js').replaceAll('</script', '<\\/script');
  return `<!doctype html><style>${textOf('.css')}</style><div id="app"></div><script>${script}</script>`;
}
