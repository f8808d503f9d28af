import { describe, expect, test } from 'vitest';
import {
  driveEnvironment,
  environmentIds,
  environmentModel,
  type InternalState,
  makeEnvironment,
  type Point,
  renderState,
  type Scene,
  type Shape,
} from '#shared/domain/rl/index.ts';

const written = ([x, y]: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;

function line(shape: Shape): string {
  const name = `${shape.kind} ${shape.paint}`;
  if (shape.kind === 'line') return `${name} ${written(shape.from)} ${written(shape.to)}`;
  if (shape.kind === 'polygon') return `${name} ${shape.points.map(written).join(' ')}`;
  if (shape.kind === 'circle') return `${name} ${written(shape.centre)} r${shape.radius}`;
  if (shape.kind === 'text') return `${name} ${written(shape.centre)} ${shape.text}`;
  return `${name} ${written(shape.at)} ${shape.width}×${shape.height}`;
}

const text = ({ width, height, shapes }: Scene): string =>
  [`${width}×${height}`, ...shapes.map(line)].join('\n');

function drawn(id: string, state: InternalState, kwargs = {}): Scene {
  const driver = driveEnvironment(id, kwargs);
  driver.state = state;
  return driver.environment.render();
}

test.each([
  ['CartPole-v1', [0.6, 0, 0.15, 0]],
  ['Acrobot-v1', [1.1, 0.9, 0, 0]],
  ['MountainCar-v0', [0.1, 0]],
  ['MountainCarContinuous-v0', [-0.9, 0]],
  ['Pendulum-v1', [0.9, 0]],
  ['FrozenLake-v1', 9],
  ['FrozenLake8x8-v1', 20],
  ['CliffWalking-v1', 25],
  ['Taxi-v4', 249],
  ['Blackjack-v1', { dealer: [10, 3], player: [1, 6, 9] }],
] as const)('%s draws itself as before', (id, state) => {
  expect(text(drawn(id, state))).toMatchSnapshot();
});

describe.each(environmentIds)('%s', (id) => {
  test('what acts stays in the picture, and moves with the state', () => {
    const environment = makeEnvironment(id, 1);
    const { actionSpace } = environment.model;
    const pictures = new Set<string>();
    for (let t = 0; t < 100; t++) {
      const scene = environment.render();
      pictures.add(text(scene));
      for (const shape of scene.shapes) {
        if (shape.kind !== 'circle') continue;
        expect(shape.centre[0]).toBeGreaterThanOrEqual(0);
        expect(shape.centre[0]).toBeLessThanOrEqual(scene.width);
        expect(shape.centre[1]).toBeGreaterThanOrEqual(0);
        expect(shape.centre[1]).toBeLessThanOrEqual(scene.height);
      }
      const action = actionSpace.kind === 'discrete' ? (7 * t) % actionSpace.n : Math.sin(t);
      const { terminated, truncated } = environment.step(action);
      if (terminated || truncated) environment.reset();
    }
    expect(pictures.size).toBeGreaterThan(1);
  });

  test('a frame of a replay draws what the environment drew', () => {
    const environment = makeEnvironment(id, 2);
    environment.step(0);
    expect(renderState(id, environment.frame())).toEqual(environment.render());
  });
});

const circles = (scene: Scene, paint: string) =>
  scene.shapes.flatMap((shape) => (shape.kind === 'circle' && shape.paint === paint ? [shape.centre] : []));

test('Acrobot hangs down at zero, and turns counter-clockwise', () => {
  const [hanging = [0, 0]] = circles(drawn('Acrobot-v1', [0, 0, 0, 0]), 'limb');
  expect([hanging[0], hanging[1]]).toEqual([220, 420]);
  const [turned = [0, 0]] = circles(drawn('Acrobot-v1', [Math.PI / 2, 0, 0, 0]), 'limb');
  expect(turned[0]).toBeCloseTo(420, 9);
  expect(turned[1]).toBeCloseTo(220, 9);
});

test('Acrobot’s tip crosses the line where the episode ends', () => {
  const { advance } = environmentModel('Acrobot-v1');
  const outcome = { reward: 0, terminated: false, truncated: false };
  const random = { random: () => 0, uniform: () => 0, integers: () => 0 };
  for (const angle of [1.9, 2, 2.05, 2.1, 2.15, 2.2, 2.5]) {
    const state = Float64Array.of(angle, 0.1, 0.2, 0);
    advance(state, Float64Array.of(1), outcome, random);
    const scene = environmentModel('Acrobot-v1').render(state);
    const goal = scene.shapes.find((shape) => shape.paint === 'goal');
    const [tip = [0, 0]] = circles(scene, 'limb');
    expect(outcome.terminated).toBe(goal?.kind === 'line' && tip[1] < goal.from[1]);
  }
});

test('the pendulum points up at zero, and turns counter-clockwise', () => {
  const tip = (angle: number): Point => circles(drawn('Pendulum-v1', [angle, 0]), 'limb')[1] ?? [0, 0];
  expect(tip(0)).toEqual([200, 50]);
  expect(tip(Math.PI / 2)[0]).toBeCloseTo(50, 9);
});

test('the taxi carries its passenger, and marks the destination', () => {
  const [waiting = [0, 0]] = circles(drawn('Taxi-v4', (12 * 5 + 0) * 4 + 3), 'limb');
  expect(waiting[0]).toBeLessThan(72);
  const riding = drawn('Taxi-v4', (12 * 5 + 4) * 4 + 3);
  expect(circles(riding, 'limb')).toEqual([[180, 180]]);
  const goal = riding.shapes.find((shape) => shape.paint === 'goal');
  expect(goal?.kind === 'rectangle' && goal.at.map((x) => Math.floor(x / 72))).toEqual([3, 4]);
});

test('the dealer’s second card stays hidden until the hand is over', () => {
  const driver = driveEnvironment('Blackjack-v1');
  const texts = () =>
    driver.environment.render().shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
  driver.state = { dealer: [9, 8], player: [5, 6] };
  expect(texts()).not.toContain('8');
  driver.step(0);
  expect(texts()).toEqual(expect.arrayContaining(['9', '8', '17', '11']));
});

test('a map of one’s own is drawn as given', () => {
  const scene = drawn('FrozenLake-v1', 1, { desc: ['SFH', 'FFG'] });
  expect([scene.width, scene.height]).toEqual([192, 128]);
  expect(circles(scene, 'hazard')).toEqual([[160, 32]]);
});
