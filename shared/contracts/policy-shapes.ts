import * as z from 'zod';

/** Where a policy comes from that is entered on a board. */
export const policySource = z.enum(['session', 'upload']);

/** What playing the hidden episodes came to. */
export const verifiedResult = z
  .object({
    n_episodes: z.int(),
    mean_reward: z.number(),
    std_reward: z.number().meta({ description: 'Of the sample (n − 1)' }),
    ci95_low: z.number().meta({ description: '95 % confidence interval of the mean (Student’s t)' }),
    ci95_high: z.number(),
    min_reward: z.number(),
    max_reward: z.number(),
    mean_ep_length: z.number(),
    success: z.boolean().meta({ description: 'The mean reached the environment’s threshold' }),
  })
  .meta({ id: 'VerifiedResult' });
export type VerifiedResult = z.output<typeof verifiedResult>;
