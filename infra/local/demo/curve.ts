import { BrailleCanvas } from './braille.ts';

export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** A learning curve as text: the axis on the left, a dashed line at the threshold. */
export function drawCurve(
  points: readonly CurvePoint[],
  scale: { readonly max_steps: number; readonly max: number; readonly threshold: number },
  [columns, rows]: readonly [number, number] = [64, 10],
): string[] {
  const canvas = new BrailleCanvas(columns, rows);
  const [width, height] = canvas.size;
  const at = ({ step, value }: CurvePoint): [number, number] => [
    (step / scale.max_steps) * (width - 1),
    (1 - Math.min(value, scale.max) / scale.max) * (height - 1),
  ];
  const [, limit] = at({ step: 0, value: scale.threshold });
  for (let x = 0; x < width; x += 6) canvas.line([x, limit], [x + 2, limit]);
  points.forEach((point, index) => {
    const before = points[index - 1] ?? point;
    canvas.line(at(before), at(point));
  });
  return canvas.lines().map((line, row) => {
    const label = row === 0 ? String(scale.max) : row === rows - 1 ? '0' : '';
    return `${label.padStart(4)} ┤${line}`;
  });
}

/** `████████░░░░` with eighths of a block. */
export function bar(fraction: number, width = 30): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  const partial = eighths % 8 === 0 ? '' : '▏▎▍▌▋▊▉'.charAt((eighths % 8) - 1);
  return `${'█'.repeat(Math.floor(eighths / 8))}${partial}`.padEnd(width, '░');
}
