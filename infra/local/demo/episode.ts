import { setTimeout as sleep } from 'node:timers/promises';
import type { Replay } from '#shared/contracts/training.ts';
import { renderState, type Scene } from '#shared/domain/rl/index.ts';
import { BrailleCanvas } from './braille.ts';

const cells = [60, 14] as const;
const framesPerSecond = 25;

/** A scene as text, scaled to fit; shapes are drawn as outlines. */
function drawScene(scene: Scene): string[] {
  const canvas = new BrailleCanvas(...cells);
  const [width, height] = canvas.size;
  const scale = Math.min(width / scene.width, height / scene.height);
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    x * scale + (width - scene.width * scale) / 2,
    y * scale + (height - scene.height * scale) / 2,
  ];
  for (const shape of scene.shapes) {
    if (shape.kind === 'line') canvas.line(at(shape.from), at(shape.to));
    else if (shape.kind === 'polygon')
      shape.points.forEach((point, index) => {
        canvas.line(at(point), at(shape.points[(index + 1) % shape.points.length] ?? point));
      });
    else {
      const [x, y] = at(shape.centre);
      for (let angle = 0; angle < 2 * Math.PI; angle += 0.1)
        canvas.dot(x + Math.cos(angle) * shape.radius * scale, y + Math.sin(angle) * shape.radius * scale);
    }
  }
  return canvas.lines();
}

/** Plays an episode on a terminal; into a pipe it shows three moments of it. */
export async function playEpisode(replay: Replay, out: NodeJS.WriteStream, seconds: number): Promise<void> {
  const last = replay.frames.length - 1;
  const show = (index: number): string[] => {
    const picture = drawScene(renderState(replay.environment, replay.frames[index] ?? []));
    return [...picture, `step ${String(index).padStart(3)} of ${last}`];
  };
  if (!out.isTTY) {
    for (const index of [0, Math.floor(last / 2), last]) out.write(`${show(index).join('\n')}\n`);
    return;
  }
  const shown = Math.min(last + 1, Math.round(seconds * framesPerSecond));
  for (let frame = 0; frame < shown; frame++) {
    const lines = show(Math.round((frame / Math.max(1, shown - 1)) * last));
    if (frame > 0) out.write(`\x1b[${lines.length}A`);
    out.write(`${lines.map((line) => `\x1b[2K${line}`).join('\n')}\n`);
    await sleep(1000 / framesPerSecond);
  }
}
