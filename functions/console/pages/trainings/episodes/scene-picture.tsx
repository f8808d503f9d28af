import type { Point, Scene, Shape } from '#shared/domain/rl/environments/scene.ts';

interface Props {
  readonly scene: Scene;
  /** What it shows, unless it is there for decoration. */
  readonly label?: string;
}

/** A scene that an environment draws of itself; its paints are classes. */
export function ScenePicture({ scene, label }: Props) {
  return (
    <svg
      class="stage scene"
      viewBox={`0 0 ${scene.width} ${scene.height}`}
      role={label === undefined ? 'presentation' : 'img'}
      aria-label={label}
    >
      {scene.shapes.map((shape, i) => (
        <Drawn key={i} shape={shape} />
      ))}
    </svg>
  );
}

function Drawn({ shape }: { shape: Shape }) {
  switch (shape.kind) {
    case 'line':
      return <path class={shape.paint} d={`M${at(shape.from)}L${at(shape.to)}`} />;
    case 'polygon':
      return <path class={`${shape.paint} filled`} d={`M${shape.points.map(at).join('L')}Z`} />;
    case 'circle': {
      const [x, y] = shape.centre;
      return <circle class={`${shape.paint} filled`} cx={round(x)} cy={round(y)} r={shape.radius} />;
    }
    case 'rectangle': {
      const [x, y] = shape.at;
      const { width, height, radius } = shape;
      return (
        <rect
          class={`${shape.paint} filled`}
          x={round(x)}
          y={round(y)}
          width={width}
          height={height}
          rx={radius}
        />
      );
    }
    case 'text': {
      const [x, y] = shape.centre;
      return (
        <text class={shape.paint} x={round(x)} y={round(y)} font-size={shape.size}>
          {shape.text}
        </text>
      );
    }
  }
}

const round = (x: number): number => Math.round(x * 100) / 100;
const at = ([x, y]: Point): string => `${round(x)} ${round(y)}`;
