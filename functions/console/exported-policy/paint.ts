import type { Paint, Scene, Shape } from '#shared/domain/rl/environments/scene.ts';

type Colours = Readonly<Record<Paint, string>>;

const light: Colours = {
  ground: '#8a90a0',
  cell: '#dfe3ea',
  start: '#bcd7f5',
  goal: '#2e9e5b',
  hazard: '#d3504a',
  body: '#2b3040',
  limb: '#c98a2b',
  joint: '#4a6fd8',
  label: '#16181d',
};
const dark: Colours = {
  ...light,
  ground: '#7a8194',
  cell: '#343945',
  start: '#2f4f77',
  body: '#d5d9e3',
  label: '#eceef2',
};

/** Draws a scene over the whole width of the canvas, sharp on any screen. */
export function paint(canvas: HTMLCanvasElement, scene: Scene): void {
  const scale = (canvas.clientWidth / scene.width) * window.devicePixelRatio;
  canvas.width = Math.round(scene.width * scale);
  canvas.height = Math.round(scene.height * scale);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  const colours = window.matchMedia('(prefers-color-scheme: dark)').matches ? dark : light;
  for (const shape of scene.shapes) draw(context, shape, colours[shape.paint]);
}

function draw(context: CanvasRenderingContext2D, shape: Shape, colour: string): void {
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  switch (shape.kind) {
    case 'line':
      context.moveTo(...shape.from);
      context.lineTo(...shape.to);
      context.stroke();
      return;
    case 'polygon':
      for (const point of shape.points) context.lineTo(...point);
      break;
    case 'circle':
      context.arc(...shape.centre, shape.radius, 0, 2 * Math.PI);
      break;
    case 'rectangle':
      context.roundRect(...shape.at, shape.width, shape.height, shape.radius);
      break;
    case 'text':
      context.font = `${shape.size}px system-ui, sans-serif`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(shape.text, ...shape.centre);
      return;
  }
  context.fill();
}
