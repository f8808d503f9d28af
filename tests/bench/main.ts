import { benchmark as bundles } from './bundles.ts';
import { benchmark as charts } from './charts.ts';
import { benchmark as exams } from './exams.ts';
import { benchmark as grading } from './grading.ts';
import { benchmark as irt } from './irt.ts';
import { benchmark as irtCalibration } from './irt-calibration.ts';
import { type Figure, meets, tell } from './measure.ts';
import { benchmark as rl } from './rl.ts';
import { benchmark as rlCheckpoints } from './rl-checkpoints.ts';
import { benchmark as rlKernels } from './rl-kernels.ts';
import { benchmark as sockets } from './sockets.ts';
import { benchmark as spine } from './spine.ts';
import { benchmark as start } from './start.ts';

/**
 * `npm run bench [name …]`: medians of repeated runs, side by side in one process run, with what each should be.
 * Nothing fails here; a figure that misses its aim is marked.
 */
const all: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start,
  spine,
  bundles,
  sockets,
  charts,
  rl,
  'rl-kernels': rlKernels,
  'rl-checkpoints': rlCheckpoints,
  irt,
  'irt-calibration': irtCalibration,
  exams,
  grading,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}.`);
  process.exit(1);
}
const missed: Figure[] = [];
for (const [name, run] of Object.entries(all)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  for (const figure of await run()) {
    tell(figure);
    if (!meets(figure)) missed.push(figure);
  }
}
console.log(
  missed.length === 0 ? '\nEvery aim is met.' : `\nMissed: ${missed.map(({ name }) => name).join(', ')}.`,
);
