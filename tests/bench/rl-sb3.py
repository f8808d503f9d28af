"""Environment steps per second of Stable-Baselines3 on one thread: `rl-sb3.py <row>` prints the median over the rollouts
(PPO) or hundreds of steps (DQN, SAC) but for the first fifth. Run by rl.ts, which trains the same, where LYCEUM_TORCH
names a Python with stable_baselines3."""

import statistics
import sys
import time

import torch
from stable_baselines3 import DQN, PPO, SAC
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)


def falling(initial):
    return lambda remaining: remaining * initial


class Pace(BaseCallback):
    """Notes the time every `every` environment steps."""

    def __init__(self, every):
        super().__init__()
        self.every, self.at, self.noted = every, 0, []

    def _on_step(self):
        if self.num_timesteps >= self.at:
            self.noted.append((self.num_timesteps, time.perf_counter()))
            self.at = self.num_timesteps + self.every
        return True


def ppo(**settings):
    envs = settings.pop("n_envs", 1)
    return PPO("MlpPolicy", make_vec_env("CartPole-v1", envs, seed=1), seed=1, device="cpu", **settings)


def sac(width):
    kwargs = {"net_arch": [width, width]}
    envs = make_vec_env("Pendulum-v1", 1, seed=1)
    return SAC("MlpPolicy", envs, learning_starts=100, policy_kwargs=kwargs, seed=1, device="cpu")


zoo = {
    "n_envs": 8,
    "n_steps": 32,
    "batch_size": 256,
    "gamma": 0.98,
    "gae_lambda": 0.8,
    "n_epochs": 20,
    "learning_rate": falling(0.001),
    "clip_range": falling(0.2),
}
# what to train, environment steps, and between two looks at the clock
rows = {
    "ppo": (lambda: ppo(ent_coef=0.01), 12_288, 2048),
    "ppo8": (lambda: ppo(ent_coef=0.01, n_envs=8, n_steps=256), 20_480, 2048),
    "ppo-zoo": (lambda: ppo(**zoo), 20_480, 256),
    "dqn": (
        lambda: DQN("MlpPolicy", make_vec_env("CartPole-v1", 1, seed=1), seed=1, device="cpu"),
        10_000,
        200,
    ),
    "sac64": (lambda: sac(64), 1_500, 100),
    "sac256": (lambda: sac(256), 700, 50),
}

make, steps, every = rows[sys.argv[1]]
pace = Pace(every)
make().learn(steps, callback=pace)
noted = pace.noted[len(pace.noted) // 5 :]
print(statistics.median((b[0] - a[0]) / (b[1] - a[1]) for a, b in zip(noted, noted[1:])))
