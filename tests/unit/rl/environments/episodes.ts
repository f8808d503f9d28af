import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** Episodes recorded from Gymnasium, in the forms of its environments. */
function read<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  const path = new URL(`../../../fixtures/rl/${name}.json`, import.meta.url);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const vector = z.array(z.number());
const flags = z.array(z.boolean());
const kwargs = z.record(z.string(), z.unknown()).default({});
const head = {
  env: z.string(),
  kwargs,
  max_episode_steps: z.number().nullable(),
  reward_threshold: z.number().nullable(),
};
const outcomes = { rewards: vector, terminated: flags, truncated: flags };

/** Episodes with the internal state before and after every step. */
export const classicEpisodes = (name: string) =>
  read(
    name,
    z.object({
      ...head,
      episodes: z.array(
        z.object({
          seed: z.number(),
          policy: z.string(),
          initial_state: vector,
          initial_observation: vector,
          actions: z.array(z.union([z.number(), vector])),
          states: z.array(vector),
          observations: z.array(vector),
          ...outcomes,
        }),
      ),
    }),
  );

/** Episodes of finite environments, with the whole table of transitions. */
export const tabularEpisodes = (name: string) =>
  read(
    name,
    z.object({
      env: head.env,
      kwargs,
      max_episode_steps: head.max_episode_steps,
      n_states: z.number(),
      n_actions: z.number(),
      initial_state_distribution: vector,
      transitions: z.array(
        z.array(z.array(z.tuple([z.number(), z.number(), z.number(), z.union([z.boolean(), z.number()])]))),
      ),
      action_masks: z.array(vector).optional(),
      episodes: z.array(
        z.object({
          seed: z.number(),
          initial_state: z.number(),
          actions: vector,
          uniforms: vector,
          observations: vector,
          ...outcomes,
        }),
      ),
    }),
  );

export const blackjackHands = (name: string) =>
  read(
    name,
    z.object({
      env: head.env,
      kwargs,
      episodes: z.array(
        z.object({
          seed: z.number(),
          initial_observation: vector,
          dealer: vector,
          player: vector,
          actions: vector,
          cards_drawn: z.array(vector),
          observations: z.array(vector),
          rewards: vector,
          terminated: flags,
        }),
      ),
    }),
  );

/** Short episodes of unusual keyword arguments, from Gymnasium's own reset(seed) on. */
export const kwargsEpisodes = () =>
  read(
    'env_kwargs',
    z.object({
      cases: z.array(
        z.object({
          env: head.env,
          kwargs,
          episodes: z.array(
            z.object({
              seed: z.number(),
              initial_observation: z.union([z.number(), vector]),
              actions: vector,
              observations: z.array(z.union([z.number(), vector])),
              probs: vector.optional(),
              ...outcomes,
            }),
          ),
        }),
      ),
    }),
  ).cases;
