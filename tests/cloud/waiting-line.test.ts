import { expect, test } from 'vitest';
import { type Place, WaitingLine } from '#infra/local/lambda/waiting-line.ts';

interface Named extends Place {
  readonly name: string;
}
const often = (name: string): Named => ({ name, freeSince: performance.now() });
const longGone = (name: string): Named => ({ name, freeSince: performance.now() - 10_000 });

/** A line in which each of the clients waits; `order` is who was admitted where. */
function lineOf(known: Readonly<Record<string, Named>>, waiting: readonly (string | undefined)[]) {
  const line = new WaitingLine<Named>();
  for (const [client, place] of Object.entries(known)) line.serves(place, client);
  const order: string[] = [];
  for (const client of waiting)
    void line.wait(client).then((place) => order.push(`${client ?? 'nobody'} ${place?.name ?? 'new'}`));
  return { line, order };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who waits for a place that comes back often lets others pass, and is first there', async () => {
  const [red, blue] = [often('red'), often('blue')];
  const { line, order } = lineOf({ ann: red, ben: blue }, ['ann', 'ben', 'ann', 'zoe']);
  expect([blue, blue, red, red].map((place) => line.admitTo(place))).toEqual([true, true, true, true]);
  await settled();
  expect(order).toEqual(['ben blue', 'zoe blue', 'ann red', 'ann red']);
  expect(line.length).toBe(0);
  expect(line.admitTo(red)).toBe(false);
});

test('a place that nobody rather waits for takes the first of another, and one that stays away loses its own', async () => {
  const [red, blue] = [often('red'), often('blue')];
  const { line, order } = lineOf({ ann: red, ben: longGone('gone') }, ['ann', 'ann', 'ben', undefined]);
  for (let turn = 0; turn < 4; turn++) line.admitTo(blue);
  await settled();
  expect(order).toEqual(['ben blue', 'nobody blue', 'ann blue', 'ann blue']);
});

test('the first is sent away to a place of their own, whoever they know', async () => {
  const { line, order } = lineOf({ ann: often('red') }, ['ann', 'ben']);
  expect([line.admitToNew(), line.admitToNew(), line.admitToNew()]).toEqual([true, true, false]);
  await settled();
  expect(order).toEqual(['ann new', 'ben new']);
});

test('of ten thousand clients the one who came longest ago is forgotten', () => {
  const line = new WaitingLine<Named>();
  const red = often('red');
  for (let at = 0; at < 10_001; at++) line.serves(red, `client ${at}`);
  expect(line.placeOf('client 0')).toBeUndefined();
  expect(line.placeOf('client 1')).toBe(red);
  expect(line.placeOf(undefined)).toBeUndefined();
});
