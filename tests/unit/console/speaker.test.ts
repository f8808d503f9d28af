import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Speaker } from '#functions/console/app/speaker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('says progress every few seconds, the newest of it, and the end at once', () => {
  const said: string[] = [];
  const speaker = new Speaker((text) => said.push(text));
  for (let done = 1; done <= 24; done++) {
    speaker.tell(`${done} of 30`, false);
    vi.advanceTimersByTime(250);
  }
  expect(said).toEqual(['1 of 30', '20 of 30']);
  speaker.tell('Solved!', true);
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(['1 of 30', '20 of 30', 'Solved!']);
});

it('says nothing twice, and nothing after it was sent away', () => {
  const said: string[] = [];
  const speaker = new Speaker((text) => said.push(text));
  speaker.tell('Testing', false);
  speaker.tell('Testing', false);
  vi.advanceTimersByTime(10_000);
  speaker.tell('1 of 2', false);
  speaker.tell('2 of 2', false);
  speaker.dispose();
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(['Testing', '1 of 2']);
});
