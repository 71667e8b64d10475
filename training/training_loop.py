"""One training run: AdamW with a one-cycle rate, bfloat16 convolutions, averaged weights."""

import copy
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

BATCH = 32
AVERAGE_DECAY = 0.998


def balanced_epoch(rng: np.random.Generator, labels: np.ndarray, shares: list[float], length: int) -> np.ndarray:
    """`length` indices in random order in which class k has the share `shares[k]`; each image about equally often in its class."""
    chosen = []
    for label, share in enumerate(shares):
        members, wanted = np.flatnonzero(labels == label), round(length * share)
        rounds = -(-wanted // max(1, len(members)))
        chosen.append(np.concatenate([rng.permutation(members) for _ in range(rounds)])[:wanted])
    return rng.permutation(np.concatenate(chosen))


def seed_everything(seed: int, threads: int) -> None:
    """Fixes torch's random numbers and thread count."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)


def update_average(average: nn.Module, net: nn.Module, step: int) -> None:
    """Moves the exponential average of weights and batch statistics; shorter memory at the start."""
    decay = min(AVERAGE_DECAY, (1 + step) / (10 + step))
    with torch.no_grad():
        for old, new in zip(average.state_dict().values(), net.state_dict().values()):
            if old.dtype.is_floating_point:
                old.lerp_(new.float(), 1 - decay)
            else:
                old.copy_(new)


def fit(
    net: nn.Module,
    epochs: Callable[[int], Iterator[tuple[Tensor, Tensor]]],
    steps: int,
    count: int,
    rate: float,
    smoothing: float,
    report: Callable[[int, nn.Module], str],
) -> nn.Module:
    """Trains for `count` epochs of `steps` batches each and returns the averaged network in evaluation mode."""
    net = net.to(memory_format=torch.channels_last).train()
    average = copy.deepcopy(net).eval()
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps * count + 1, pct_start=0.25)
    step, started = 0, time.time()
    for epoch in range(count):
        total = 0.0
        for images, labels in epochs(epoch):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(images.contiguous(memory_format=torch.channels_last))
            loss = F.cross_entropy(logits.float(), labels, label_smoothing=smoothing)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            step += 1
            total += loss.item()
            update_average(average, net, step)
        print(f"epoch {epoch + 1}/{count} loss {total / steps:.4f} {time.time() - started:.0f} s {report(epoch, average)}", flush=True)
    return average


def predict(net: nn.Module, images: np.ndarray, batch: int = 64) -> list[np.ndarray]:
    """All outputs of `net` in float32 for prepared images [n, 1, h, w]; a single output comes as a list of one."""
    parts = []
    with torch.no_grad():
        for start in range(0, len(images), batch):
            outputs = net(torch.from_numpy(images[start : start + batch]).contiguous(memory_format=torch.channels_last))
            parts.append(outputs if isinstance(outputs, tuple) else (outputs,))
    return [torch.cat(column).numpy() for column in zip(*parts)]
