/** What a healthy PPO training reports of its updates; its names of progress are the caller's. */
export const healthyUpdates = {
  'train/entropy_loss': -0.6,
  'train/policy_gradient_loss': 0,
  'train/value_loss': 1,
  'train/approx_kl': 0.01,
  'train/clip_fraction': 0.1,
  'train/loss': 1,
  'train/explained_variance': 0.5,
  'train/clip_range': 0.2,
};
