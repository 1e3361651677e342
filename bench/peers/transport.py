"""Flows between two laws, Driftglass beside torchcfm and flow-matching, for bench/transport.cpp to print.

The two-dimensional protocols of Tong et al. 2024, table 2: a normal law or two moons to eight Gaussians; three
hidden layers of 64 SELU units, batch 512, sigma 0.1, AdamW at 1e-3, 100 Euler steps. One thread each. Driftglass
trains twice: at the same width, depth, batch and number of steps with the rest as it comes, and by its defaults.
Every figure of all of them is computed here, from samples and paths, by the same functions; the transport distance
is POT's. Prints a Markdown table for each protocol.

    transport.py DRIFTGLASS [--seeds N] [--steps N] [--longest SECONDS] [--sources normal moons]
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import ot
import torch
from flow_matching.path import AffineProbPath
from flow_matching.path.scheduler import CondOTScheduler
from torchcfm.conditional_flow_matching import ConditionalFlowMatcher, ExactOptimalTransportConditionalFlowMatcher
from torchcfm.models import MLP
from torchcfm.utils import sample_8gaussians, sample_moons

torch.set_num_threads(1)

POOL, POINTS, BATCH, EULER = 100_000, 2000, 512, 100
RADIUS, STD = 5.0, math.sqrt(math.sqrt(0.1))  # torchcfm passes sqrt(var) as the covariance
ANGLES = torch.arange(8) * (math.pi / 4)
RUNGS = [0.25 * 2**k for k in range(10)]  # seconds of training
REACH = (1.5, 1.2)  # multiples of the floor


def eight_gaussians(n):
    """sample_8gaussians in one call: torchcfm's own loops over the points and would be most of its step."""
    centre = ANGLES[torch.randint(8, (n,))]
    return RADIUS * torch.stack([centre.cos(), centre.sin()], 1) + STD * torch.randn(n, 2)


SOURCES = {"normal": lambda n: torch.randn(n, 2), "moons": lambda n: sample_moons(n).float()[torch.randperm(n)]}


def w2(x, y):
    cost = ot.dist(x.numpy().astype(np.float64), y.numpy().astype(np.float64))
    uniform = np.full(len(x), 1 / len(x))
    return math.sqrt(ot.emd2(uniform, uniform, cost, numItermax=10_000_000))


def squared_w2_of_laws(draw, count=40):
    """Squared W2 of the source's law and the eight Gaussians'. That of two draws of n points lies above it, by an
    amount that falls as 1/n (14.506, 14.454, 14.428 with a normal source and n = 500, 1,000, 2,000), so twice that of
    POINTS less that of their halves."""
    estimates = []
    for _ in range(count):
        x, y = draw(POINTS), eight_gaussians(POINTS)
        halves = [w2(x[k::2], y[k::2]) ** 2 for k in range(2)]
        estimates.append(2 * w2(x, y) ** 2 - statistics.mean(halves))
    return statistics.mean(estimates), statistics.stdev(estimates) / math.sqrt(count)


def path_energy(path):
    """E of the integral of |v|^2 along Euler's path [steps + 1, n, 2]."""
    return float((path.diff(dim=0) ** 2).sum(-1).mean(1).sum() * (len(path) - 1))


@torch.no_grad()
def euler(model, x):
    path = [x]
    for k in range(EULER):
        t = torch.full((len(x), 1), k / EULER)
        path.append(path[-1] + model(torch.cat([path[-1], t], 1)) / EULER)
    return torch.stack(path)


def nll(model, x):
    """-E log p of data x by RK4 backwards along the flow with the exact divergence, from a normal source."""

    def slope(x, t):
        x = x.detach().requires_grad_(True)
        v = model(torch.cat([x, torch.full((len(x), 1), t)], 1))
        parts = [torch.autograd.grad(v[:, d].sum(), x, retain_graph=d == 0)[0][:, d] for d in range(2)]
        return v.detach(), sum(parts).detach()

    h, gained = 1 / EULER, torch.zeros(len(x))
    for k in range(EULER, 0, -1):
        t = k * h
        v1, d1 = slope(x, t)
        v2, d2 = slope(x - h / 2 * v1, t - h / 2)
        v3, d3 = slope(x - h / 2 * v2, t - h / 2)
        v4, d4 = slope(x - h * v3, t - h)
        x = x - h / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
        gained += h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)
    return float((0.5 * (x**2).sum(1) + math.log(2 * math.pi) + gained).mean())


def entropy():
    """The least NLL, by Monte Carlo on the density of eight_gaussians."""
    x = eight_gaussians(200_000)
    centres = RADIUS * torch.stack([ANGLES.cos(), ANGLES.sin()], 1)
    square = ((x[:, None] - centres) ** 2).sum(-1) / (2 * STD**2)
    return float(-(torch.logsumexp(-square, 1) - math.log(8 * 2 * math.pi * STD**2)).mean())


def peer_step(name):
    """Noise x0 and data x1 of a batch to (t, x_t, velocity)."""
    if name == "flow-matching":
        path = AffineProbPath(scheduler=CondOTScheduler())

        def sample(x0, x1):
            s = path.sample(t=torch.rand(len(x0)), x_0=x0, x_1=x1)
            return s.t, s.x_t, s.dx_t

        return sample
    matcher = ExactOptimalTransportConditionalFlowMatcher if "OT" in name else ConditionalFlowMatcher
    return matcher(sigma=0.1).sample_location_and_conditional_flow


class Ladder:
    """Seconds of training after which W2 was first within a multiple of its floor."""

    def __init__(self, floor):
        self.floor, self.reached = floor, {}

    def note(self, seconds, distance):
        for reach in REACH:
            if distance <= reach * self.floor:
                self.reached.setdefault(reach, seconds)

    def done(self):
        return len(self.reached) == len(REACH)


def run_peer(name, seed, steps, pools, start, fresh, floor, source):
    torch.manual_seed(seed)
    model = MLP(dim=2, time_varying=True, w=64)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3)
    sample = peer_step(name)
    x0s, x1s = pools

    def step():
        optimiser.zero_grad()
        x0, x1 = x0s[torch.randint(POOL, (BATCH,))], x1s[torch.randint(POOL, (BATCH,))]
        t, xt, ut = sample(x0, x1)
        loss = ((model(torch.cat([xt, t[:, None]], 1)) - ut) ** 2).mean()
        loss.backward()
        optimiser.step()

    ladder, rungs, seconds = Ladder(floor), iter(RUNGS), 0.0
    rung, before = next(rungs), time.perf_counter()
    for k in range(steps):
        step()
        if (now := time.perf_counter()) - before + seconds >= rung:
            seconds += now - before
            ladder.note(seconds, w2(euler(model, start)[-1], fresh))
            rung, before = next(rungs, math.inf), time.perf_counter()
    seconds += time.perf_counter() - before
    path = euler(model, start)
    ladder.note(seconds, w2(path[-1], fresh))
    return result(path, fresh, steps / seconds, ladder, nll(model, fresh) if source == "normal" else None)


def result(path, fresh, rate, ladder, likelihood):
    return {"w2": w2(path[-1], fresh), "energy": path_energy(path), "rate": rate, "nll": likelihood,
            "reached": ladder.reached}


def driftglass(program, folder, verb, settings, *more):
    command = [program, verb, str(folder / "scene.json"), "--threads", "1", "--quiet", "--device", "cpu", *more]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    subprocess.run(command, check=True)


def timed(work):
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def paths_of(file):
    rows = np.loadtxt(file, delimiter=",", skiprows=1)
    return torch.from_numpy(rows[np.lexsort((rows[:, 0], rows[:, 1]))][:, 3:5].reshape(EULER + 1, -1, 2)).float()


def run_driftglass(program, folder, seed, steps, longest, coupling, settings, fresh, floor, source):
    settings = {"coupling.kind": coupling, "seed": seed, **settings}
    out, report = str(folder / "paths.csv"), str(folder / "report.json")
    trajectories = ["--trajectories", "--count", str(POINTS), "--out", out]
    ladder = Ladder(floor)
    for rung in (r for r in RUNGS if r <= longest):
        driftglass(program, folder, "sample", settings, "--seconds", str(rung), *trajectories)
        ladder.note(rung, w2(paths_of(out)[-1], fresh))
        if ladder.done():
            break
    # What comes before and after training is the same with one step.
    one, whole = (timed(lambda n=n: driftglass(program, folder, "sample", settings, "--steps", str(n), *trajectories))
                  for n in (1, steps))
    likelihood = None
    if source == "normal":
        driftglass(program, folder, "measure", settings, "--steps", str(steps), "--out", report)
        likelihood = json.loads(pathlib.Path(report).read_text())["metrics"]["nll"]
    return result(paths_of(out), fresh, (steps - 1) / (whole - one), ladder, likelihood)


def row(name, results, transport):
    def spread(values):
        values = [v for v in values if v is not None]
        if not values:
            return "-"
        deviation = statistics.stdev(values) if len(values) > 1 else 0
        return f"{statistics.mean(values):.3f} ± {deviation:.3f}"

    def reached(reach):
        times = [r["reached"].get(reach, math.inf) for r in results]
        middle = statistics.median(times)
        return "not" if middle == math.inf else f"{middle:.2g} s"

    print("|", " | ".join([name, spread([r["w2"] for r in results]), spread([r["energy"] for r in results]),
                           spread([abs(r["energy"] - transport) / transport for r in results]),
                           spread([r["nll"] for r in results]),
                           f"{statistics.median(r['rate'] for r in results):.0f}", *map(reached, REACH)]),
          "|", flush=True)


def ratio_row(ours, theirs, results, transport):
    """Ours over theirs: means of the measures, medians of the rates and of the times."""
    def ratio(of, middle):
        a, b = ([of(r) for r in results[name]] for name in (ours, theirs))
        if None in a or None in b or math.inf in a or math.inf in b:
            return "-"
        return f"{middle(a) / middle(b):.2f}"

    print("|", " | ".join([
        f"{ours} / {theirs}", ratio(lambda r: r["w2"], statistics.mean),
        ratio(lambda r: r["energy"], statistics.mean),
        ratio(lambda r: abs(r["energy"] - transport), statistics.mean),
        ratio(lambda r: r["nll"], statistics.mean), ratio(lambda r: r["rate"], statistics.median),
        *(ratio(lambda r, reach=reach: r["reached"].get(reach, math.inf), statistics.median)
          for reach in REACH)]), "|", flush=True)


def protocol(source, arguments, folder):
    torch.manual_seed(1000)
    draw = SOURCES[source]
    pools = draw(POOL), eight_gaussians(POOL)
    floor = statistics.mean(w2(eight_gaussians(POINTS), eight_gaussians(POINTS)) for _ in range(10))
    transport, uncertain = squared_w2_of_laws(draw)
    scene = {"data": {"count": POOL, "mixture": [
        {"mean": [RADIUS * math.cos(a), RADIUS * math.sin(a)], "std": STD} for a in ANGLES.tolist()]},
        "sampler": {"method": "euler", "steps": EULER}}
    if source == "moons":
        np.savetxt(folder / "moons.csv", pools[0].numpy(), delimiter=",", header="x,y", comments="")
        scene["source"] = {"csv": "moons.csv"}
    (folder / "scene.json").write_text(json.dumps(scene))

    print(f"\n#### {source} to eight Gaussians\n")
    print(f"Floor of W2 {floor:.3f}; squared W2 of the two laws {transport:.3f} ± {uncertain:.3f}" +
          (f"; entropy {entropy():.3f}" if source == "normal" else "") + ".\n")
    print(f"| | W2 | path energy | NPE | NLL | steps/s | W2 within {REACH[0]} floors | within {REACH[1]} |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    same = {"model.width": 64, "training.batch": BATCH}
    all_results = {}
    for name, settings in [("torchcfm, I-CFM", None), ("flow-matching", None), ("independent, same size", same),
                           ("independent, defaults", {}), ("torchcfm, OT-CFM", None),
                           ("minibatch-ot, same size", same), ("minibatch-ot, defaults", {})]:
        results = []
        for seed in range(arguments.seeds):
            torch.manual_seed(2000 + seed)
            start, fresh = draw(POINTS), eight_gaussians(POINTS)
            if settings is None:
                results.append(run_peer(name, seed, arguments.steps, pools, start, fresh, floor, source))
            else:
                results.append(run_driftglass(arguments.program, folder, seed, arguments.steps, arguments.longest,
                                              name.split(",")[0], settings, fresh, floor, source))
        whole = name if settings is None else "Driftglass, " + name
        all_results[whole] = results
        row(whole, results, transport)
    for coupling, peer in [("independent", "torchcfm, I-CFM"), ("minibatch-ot", "torchcfm, OT-CFM")]:
        for size in ["same size", "defaults"]:
            ratio_row(f"Driftglass, {coupling}, {size}", peer, all_results, transport)


parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--seeds", type=int, default=3)
parser.add_argument("--steps", type=int, default=5000)
parser.add_argument("--longest", type=float, default=128, help="seconds that Driftglass trains for the last columns")
parser.add_argument("--sources", nargs="+", default=list(SOURCES))
given = parser.parse_args()
assert torch.isclose(eight_gaussians(20_000).std(), sample_8gaussians(5_000).std(), rtol=0.05)
with tempfile.TemporaryDirectory() as name:
    for law in given.sources:
        protocol(law, given, pathlib.Path(name))
