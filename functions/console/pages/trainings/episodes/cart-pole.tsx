/** Gymnasium ends the episode when the cart leaves ±2.4 or the pole leans more than 12°. */
const limit = 2.4;
const poleLength = 1;
const ground = 1.55;
const cart = { width: 0.42, height: 0.22 };

interface Props {
  /** Position, velocity, angle (radians, clockwise), angular velocity. */
  readonly state: readonly number[];
  readonly action: number | null;
  /** What it shows, unless it is there for decoration. */
  readonly label?: string;
}

/** The cart and its pole in the environment's own units. */
export function CartPole({ state, action, label }: Props) {
  const [x = 0, , theta = 0] = state;
  const top = ground - 0.08 - cart.height;
  return (
    <svg
      class="stage"
      viewBox="-2.7 0 5.4 1.8"
      role={label === undefined ? 'presentation' : 'img'}
      aria-label={label}
    >
      <path class="track" d={`M-2.7 ${ground}H2.7`} />
      <path class="limit" d={`M${-limit} 0.2V${ground}M${limit} 0.2V${ground}`} />
      <g transform={`translate(${x} 0)`}>
        {action !== null && <Push left={action === 0} y={top + cart.height / 2} />}
        <rect class="cart" x={-cart.width / 2} y={top} width={cart.width} height={cart.height} rx={0.04} />
        <circle class="wheel" cx={-0.12} cy={ground - 0.06} r={0.055} />
        <circle class="wheel" cx={0.12} cy={ground - 0.06} r={0.055} />
        <g transform={`translate(0 ${top + 0.04}) rotate(${(theta * 180) / Math.PI})`}>
          <path class="pole" d={`M0 0V${-poleLength}`} />
          <circle class="hinge" r={0.028} />
        </g>
      </g>
    </svg>
  );
}

/** Which way the agent pushes. */
const Push = ({ left, y }: { left: boolean; y: number }) => (
  <path
    class="push"
    d="M0.3 -0.07L0.44 0L0.3 0.07Z"
    transform={`translate(0 ${y}) scale(${left ? -1 : 1} 1)`}
  />
);
