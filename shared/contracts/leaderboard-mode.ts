import * as z from 'zod';

/** What students see of each other; staff always see all. */
export const leaderboardMode = z.enum(['anonymous', 'top', 'named']).meta({
  id: 'LeaderboardMode',
  description:
    '`anonymous`: the first three under an alias. `top`: the first three by name. `named`: the upper half by name. Of themselves a student sees which part of the class they are in, if it is in the upper half. Nobody’s place in the lower half is told.',
});
export type LeaderboardMode = z.output<typeof leaderboardMode>;
