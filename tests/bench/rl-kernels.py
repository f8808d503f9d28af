"""One update as Stable-Baselines3's `train()` makes it in PyTorch, on one thread: `rl-kernels.py <name>` prints the
median in microseconds. Run by rl-kernels.ts, which has the same updates, where LYCEUM_TORCH names a Python with torch."""

import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)


def mlp(inputs, width, outputs, activation):
    hidden = [nn.Linear(inputs, width), activation(), nn.Linear(width, width), activation()]
    return nn.Sequential(*hidden, *([nn.Linear(width, outputs)] if outputs else []))


def parameters(*modules):
    return [p for module in modules for p in module.parameters()]


def ppo():
    policy, value = mlp(4, 64, 0, nn.Tanh), mlp(4, 64, 0, nn.Tanh)
    action_net, value_net = nn.Linear(64, 2), nn.Linear(64, 1)
    weights = parameters(policy, value, action_net, value_net)
    adam = torch.optim.Adam(weights, 3e-4, eps=1e-5)
    observations, actions = torch.randn(64, 4), torch.randint(0, 2, (64,))
    advantages, returns, old = torch.randn(64), torch.randn(64), torch.full((64,), -0.69)

    def step():
        distribution = torch.distributions.Categorical(logits=action_net(policy(observations)))
        values = value_net(value(observations)).flatten()
        log_prob, entropy = distribution.log_prob(actions), distribution.entropy()
        normalised = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        ratio = torch.exp(log_prob - old)
        surrogate = torch.min(normalised * ratio, normalised * torch.clamp(ratio, 0.8, 1.2)).mean()
        loss = -surrogate - 0.01 * entropy.mean() + 0.5 * F.mse_loss(returns, values)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 0.5)
        adam.step()

    return step


def dqn():
    online, target = mlp(4, 64, 2, nn.ReLU), mlp(4, 64, 2, nn.ReLU)
    adam = torch.optim.Adam(online.parameters(), 1e-4)
    observations, following = torch.randn(32, 4), torch.randn(32, 4)
    actions, rewards, dones = torch.randint(0, 2, (32, 1)), torch.randn(32, 1), torch.zeros(32, 1)

    def step():
        with torch.no_grad():
            best = target(following).max(dim=1)[0].reshape(-1, 1)
            wanted = rewards + (1 - dones) * 0.99 * best
        loss = F.smooth_l1_loss(torch.gather(online(observations), 1, actions), wanted)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(online.parameters(), 10)
        adam.step()

    return step


def sac(width):
    batch = 256
    latent, mean_net, deviation_net = mlp(3, width, 0, nn.ReLU), nn.Linear(width, 1), nn.Linear(width, 1)
    critics = [mlp(4, width, 1, nn.ReLU) for _ in range(2)]
    targets = [mlp(4, width, 1, nn.ReLU) for _ in range(2)]
    actor_adam = torch.optim.Adam(parameters(latent, mean_net, deviation_net), 3e-4)
    critic_adam = torch.optim.Adam(parameters(*critics), 3e-4)
    log_alpha = torch.zeros(1, requires_grad=True)
    alpha_adam = torch.optim.Adam([log_alpha], 3e-4)
    observations, following = torch.randn(batch, 3), torch.randn(batch, 3)
    actions, rewards, dones = torch.rand(batch, 1) * 2 - 1, torch.randn(batch, 1), torch.zeros(batch, 1)

    def propose(states):
        features = latent(states)
        deviation = torch.clamp(deviation_net(features), -20, 2).exp()
        distribution = torch.distributions.Normal(mean_net(features), deviation)
        unbounded = distribution.rsample()
        squashed = torch.tanh(unbounded)
        log_prob = distribution.log_prob(unbounded) - torch.log(1 - squashed**2 + 1e-6)
        return squashed, log_prob.sum(dim=1, keepdim=True)

    def step():
        proposed, log_prob = propose(observations)
        alpha = torch.exp(log_alpha.detach())
        alpha_adam.zero_grad()
        (-(log_alpha * (log_prob - 1.0).detach()).mean()).backward()
        alpha_adam.step()
        with torch.no_grad():
            next_actions, next_log_prob = propose(following)
            states = torch.cat([following, next_actions], dim=1)
            values = torch.cat([target(states) for target in targets], dim=1).min(dim=1, keepdim=True)[0]
            wanted = rewards + (1 - dones) * 0.99 * (values - alpha * next_log_prob)
        states = torch.cat([observations, actions], dim=1)
        critic_adam.zero_grad()
        (0.5 * sum(F.mse_loss(critic(states), wanted) for critic in critics)).backward()
        critic_adam.step()
        states = torch.cat([observations, proposed], dim=1)
        values = torch.cat([critic(states) for critic in critics], dim=1).min(dim=1, keepdim=True)[0]
        actor_adam.zero_grad()
        (alpha * log_prob - values).mean().backward()
        actor_adam.step()
        with torch.no_grad():
            for source, target in zip(parameters(*critics), parameters(*targets)):
                target.mul_(1 - 0.005)
                torch.add(target, source, alpha=0.005, out=target)

    return step


def median_microseconds(step):
    for _ in range(20):
        step()
    times = []
    end = time.perf_counter() + 1
    while time.perf_counter() < end:
        started_at = time.perf_counter()
        step()
        times.append((time.perf_counter() - started_at) * 1e6)
    return statistics.median(times)


updates = {"ppo": ppo, "dqn": dqn, "sac64": lambda: sac(64), "sac256": lambda: sac(256)}
print(median_microseconds(updates[sys.argv[1]]()))
