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
    else if (shape.kind === 'circle') {
      const [x, y] = at(shape.centre);
      for (let angle = 0; angle < 2 * Math.PI; angle += 0.1)
        canvas.dot(x + Math.cos(angle) * shape.radius * scale, y + Math.sin(angle) * shape.radius * scale);
    }
  }
  return canvas.lines();
}

const isEmpty = (line: string): boolean => /^\u2800*$/.test(line);

/** The same rows of every picture: a scene fills only a part of its canvas, and a terminal has few lines. */
function withoutEmptyEdges(pictures: readonly string[][]): string[][] {
  const first = Math.min(...pictures.map((lines) => lines.findIndex((line) => !isEmpty(line))));
  const last = Math.max(...pictures.map((lines) => lines.findLastIndex((line) => !isEmpty(line))));
  return pictures.map((lines) => lines.slice(first, last + 1));
}

/** Plays an episode on a terminal; into a pipe it shows three moments of it. */
export async function playEpisode(replay: Replay, out: NodeJS.WriteStream, seconds: number): Promise<void> {
  const last = replay.frames.length - 1;
  const count = out.isTTY ? Math.min(last + 1, Math.round(seconds * framesPerSecond)) : 3;
  const steps = Array.from({ length: count }, (_, frame) =>
    Math.round((frame / Math.max(1, count - 1)) * last),
  );
  const pictures = withoutEmptyEdges(
    steps.map((step) => drawScene(renderState(replay.environment, replay.frames[step] ?? []))),
  );
  for (const [frame, picture] of pictures.entries()) {
    const lines = [...picture, `step ${String(steps[frame]).padStart(3)} of ${last}`];
    if (out.isTTY && frame > 0) out.write(`\x1b[${lines.length}A`);
    out.write(`${lines.map((line) => (out.isTTY ? `\x1b[2K${line}` : line)).join('\n')}\n`);
    if (out.isTTY) await sleep(1000 / framesPerSecond);
  }
}
