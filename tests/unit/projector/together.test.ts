import { expect, test } from 'vitest';
import { together } from '#functions/streams/projector/together.ts';

test('what comes in one go is done once, each name once', async () => {
  const done: (readonly string[])[] = [];
  const come = together(async (names) => {
    done.push(names);
    return new Map();
  });
  await Promise.all(['a', 'b', 'a'].map(come));
  expect(done).toEqual([['a', 'b']]);
});

test('who came for a name hears of its failure, and nobody else does', async () => {
  const come = together(async () => new Map([['b', new Error('damaged')]]));
  const outcomes = await Promise.allSettled(['a', 'b', 'b'].map(come));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
});

test('what fails as a whole fails for all', async () => {
  const come = together(() => Promise.reject(new Error('throttled')));
  const outcomes = await Promise.allSettled(['a', 'b'].map(come));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
