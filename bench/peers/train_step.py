"""A plain PyTorch training step with Driftglass's network, for bench/training.cpp to time.

Needs torch 2.13. Reads lines "eager N", "eager-fused N" or "compiled N" from standard input, takes N
steps, and answers with steps per second. What a careful user of PyTorch writes: conditional flow
matching on the linear path, the same features of place and time, width, depth, batch and activation; the data
are on hand as a tensor; no moving average (ours has one).
"""
import math
import sys
import time

import torch

threads, batch, width, depth = (int(a) for a in sys.argv[1:5])
torch.set_num_threads(threads)
torch.manual_seed(0)
data = torch.randn(4000, 2)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        k = torch.arange(16)
        length = 1.5 * torch.sqrt(-2 * torch.log1p(-(k + 0.5) / 16))
        angle = math.pi * (3 - math.sqrt(5)) * (k + 0.5)
        self.register_buffer("waves", torch.stack([length * angle.cos(), length * angle.sin()]))
        sizes = [42] + [width] * depth
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [torch.nn.Linear(a, b), torch.nn.SiLU()]
        self.layers = torch.nn.Sequential(*layers, torch.nn.Linear(width, 2))

    def forward(self, z, theta, cos, sin):
        log_snr = (2 * (cos.log() - sin.log())).clamp(-12, 12)
        phase = z @ self.waves
        features = [z, phase.sin(), phase.cos(), log_snr / 6, (log_snr / 2).tanh()]
        for k in range(1, 4):
            features += [(k * theta).cos(), (k * theta).sin()]
        return self.layers(torch.cat(features, 1))


def loss_of(network, x0, x1, t):
    theta = torch.atan2(t, 1 - t)
    cos, sin = theta.cos(), theta.sin()
    prediction = network(cos * x0 + sin * x1, theta, cos, sin)
    weight = 1 / ((1 - t) ** 2 + t**2)
    return (weight * (prediction - (cos * x1 - sin * x0)) ** 2).sum(1).mean()


def runner(kind):
    network = Network()
    optimiser = torch.optim.Adam(
        network.parameters(), lr=1e-2, betas=(0.9, 0.99), fused=None if kind == "eager" else True
    )
    loss = torch.compile(loss_of) if kind == "compiled" else loss_of
    strata = torch.arange(batch).unsqueeze(1)

    def run(steps):
        for _ in range(steps):
            x0 = data[torch.randint(len(data), (batch,))]
            x1 = torch.randn_like(x0)
            t = (strata + torch.rand(batch, 1)) / batch
            value = loss(network, x0, x1, t)
            optimiser.zero_grad()
            value.backward()
            optimiser.step()

    run(20)
    return run


runners = {}
for line in sys.stdin:
    kind, steps = line.split()
    try:
        if kind not in runners:
            runners[kind] = runner(kind)
        start = time.perf_counter()
        runners[kind](int(steps))
        print(int(steps) / (time.perf_counter() - start), flush=True)
    except Exception as error:  # no compiler for torch.compile, say: the table then shows a gap
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        print("nan", flush=True)
