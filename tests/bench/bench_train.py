#!/usr/bin/env python3
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
"""Trains the network of dsp/network/model.h with PyTorch, as fast as PyTorch can, for `make bench`.

usage: bench_train.py BATCHES threads|processes WORKERS [hand|module|attention]
       bench_train.py FOLDER until NLL

BATCHES comes from `bench_train batches`; what it takes to make them, or to draw what is dropped, is
not counted.  Prints notes a
second, by the clock and by the processors' time as if each worker had had one to itself.

Until: trains with what `bench_wall write` has left in FOLDER, and prints the batches until the validation
loss, on a line between two validations, and their seconds by the clock and by the processor's time.

The recurrent layer is PyTorch's nn.GRU (module), which wants an input product that Continuo does
without: it gets embeddings of 192, summed; or (hand) a backward pass written by hand, which is more
than PyTorch does by itself: no input product, and the recurrent weight's gradient as one product over
all steps.  Two workers are two threads in one process, or two processes with half of the streams each,
their gradients summed in shared memory.

Attention is that of gradient_attention.c in PyTorch's own operations; what each note hears and how far away it is
comes with the batches, and is not counted.
"""

import math
import os
import sys
import time

import numpy as np
import torch
import torch.multiprocessing
from torch.nn import functional as F

KIND = sys.argv[4] if len(sys.argv) > 4 else "hand"
B, T = 32, 64
N = B * T
H, D = int(os.environ.get("HIDDEN", 256)), 128
DROPOUT = float(os.environ.get("DROPOUT", 40)) / 100
SECONDS = float(os.environ.get("SECONDS_EACH", 4))
CLASSES, GATES = [97, 88, 42, 32], [7, 15, 9, 10]
ROWS = [56 + 3 * 97 + 4 * 97 + 6 + 4 * 49, 97 + 56 + 48 + 3 * 88 + 6 + 10 * 88 + 24,
        97 + 56 + 88 + 3 * 42 + 6 + 4 + 6 * 42, 97 + 56 + 88 + 42 + 3 * 32 + 32 + 6 + 4 + 6 * 32]
INPUT_ROWS, EMBEDDING = 88 + 12 + 97 + 1 + 42 + 32 + 56, 192
CHROMA_ROW = ROWS[1] - 24
LAYERS, HEADS, SPANS = int(os.environ.get("LAYERS", 4)), int(os.environ.get("HEADS", 4)), 51
WINDOW = int(os.environ.get("WINDOW", 512))

INPUT = np.dtype([("row", "<u2", 8), ("n_rows", "<u2"), ("bar", "<u2"), ("onset", "<i4")])
SITE = np.dtype([("row", "<u2", 56), ("copy", "u1", (48, 2)), ("n_rows", "<u2"), ("n_copies", "<u2"),
                 ("lowest", "<u2"), ("has_chroma", "<u2"), ("texture", "<u2", 16), ("n_textures", "<u4"),
                 ("chord", "<u2", 7), ("n_chords", "<u2"), ("following", "<u2", 60), ("n_followings", "<u4"),
                 ("chroma", "<f4", 24)])
BATCH = np.dtype([("inputs", INPUT, N), ("sites", SITE, (4, N)), ("targets", "u1", (N, 4)), ("begins", "u1", N),
                  ("has_target", "u1", N)])


def as_bags(entries):
    """Rows to be summed, as embedding_bag() takes them."""
    mask = np.arange(entries["row"].shape[1]) < entries["n_rows"][:, None]
    offsets = np.concatenate([[0], np.cumsum(entries["n_rows"].astype(np.int64))[:-1]])
    return torch.from_numpy(entries["row"][mask].astype(np.int64)), torch.from_numpy(offsets)


def draw_kept(n, width):
    return (torch.rand(n, width) >= DROPOUT).float() / (1 - DROPOUT)


class Head:
    """What one head needs of a batch, as indices into its outputs laid out flat."""

    def __init__(self, f, sites, target, has_target):
        n = sites.shape[0]
        width = CLASSES[f] + GATES[f]
        mask = np.arange(48) < sites["n_copies"][:, None]
        at = np.repeat(np.arange(n), sites["n_copies"]) * width
        copies = sites["copy"][mask].astype(np.int64)
        self.rows, self.offsets = as_bags(sites)
        self.symbols = torch.from_numpy(at + copies[:, 0])
        self.gates = torch.from_numpy(at + CLASSES[f] + copies[:, 1])
        self.target = torch.from_numpy(np.where(has_target, target, -100).astype(np.int64))
        self.impossible = torch.from_numpy(np.arange(CLASSES[f]) < sites["lowest"][:, None]) if f == 1 else None
        self.chroma = torch.from_numpy(np.ascontiguousarray(sites["chroma"])) if f == 1 else None
        self.classes = (torch.arange(CLASSES[f]) + 21) % 12


class Batch:
    """Some streams of a batch, and which outputs are dropped: PyTorch draws that too slowly."""

    def __init__(self, raw, streams):
        index = (np.arange(T)[:, None] * B + np.arange(B)[None, streams]).reshape(-1)
        self.n_streams = len(index) // T
        self.rows, self.offsets = as_bags(raw["inputs"][index])
        has_target = raw["has_target"][index] != 0
        self.heads = [Head(f, raw["sites"][f][index], raw["targets"][index, f], has_target) for f in range(4)]
        self.kept = [draw_kept(len(index), width) for width in (H, D, D, D, D)]
        begins = raw["begins"][index].reshape(T, -1)
        if KIND == "attention":
            shape = (self.n_streams, T, WINDOW + T)
            back = torch.arange(T)[:, None] + WINDOW - torch.arange(WINDOW + T)[None]
            self.spans = torch.randint(SPANS, shape)
            self.unheard = ((back < 0) | (back >= WINDOW)).expand(shape)[:, None]
            self.branches = [draw_kept(len(index), H) for _ in range(2 * LAYERS)]
        self.keep = [torch.from_numpy(1 - begins[t].astype(np.float32))[:, None] if begins[t].any() else None
                     for t in range(T)]


class Attention(torch.nn.Module):
    """Layers of attention over the batch and the notes before it, whose keys and values are remembered."""

    def __init__(self, new):
        super().__init__()
        self.spans = new(HEADS, SPANS)
        self.gains = torch.nn.ParameterList([torch.nn.Parameter(torch.ones(H)) for _ in range(2 * LAYERS + 1)])
        self.qkv = torch.nn.ParameterList([new(3 * H, H) for _ in range(LAYERS)])
        self.heard = torch.nn.ParameterList([new(H, H) for _ in range(LAYERS)])
        self.up = torch.nn.ParameterList([new(2 * H, H) for _ in range(LAYERS)])
        self.down = torch.nn.ParameterList([new(H, 2 * H) for _ in range(LAYERS)])
        self.memory = [None] * LAYERS

    @staticmethod
    def norm(x, gain):
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-6) * gain

    def attend(self, layer, x, batch):
        b = batch.n_streams
        qkv = torch.mm(x, self.qkv[layer].t()).view(T, b, 3, HEADS, H // HEADS).permute(2, 1, 3, 0, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]  # (B, heads, T, K)
        if self.memory[layer] is None:
            self.memory[layer] = (torch.zeros(b, HEADS, WINDOW, H // HEADS),) * 2
        k = torch.cat([self.memory[layer][0], k], 2)
        v = torch.cat([self.memory[layer][1], v], 2)
        self.memory[layer] = (k[:, :, T:].detach(), v[:, :, T:].detach())
        scores = torch.matmul(q, k.transpose(2, 3)) * (H // HEADS) ** -0.5 + batch.biases
        return torch.matmul(scores.softmax(-1), v).permute(2, 0, 1, 3).reshape(T * b, H)

    def forward(self, x, batch):
        batch.biases = self.spans[:, batch.spans].transpose(0, 1).masked_fill(batch.unheard, -1e9)
        for i in range(LAYERS):
            heard = self.attend(i, self.norm(x, self.gains[2 * i]), batch)
            x = x + torch.mm(heard, self.heard[i].t()) * batch.branches[2 * i]
            u = F.relu(torch.mm(self.norm(x, self.gains[2 * i + 1]), self.up[i].t()))
            x = x + torch.mm(u * u, self.down[i].t()) * batch.branches[2 * i + 1]
        return self.norm(x, self.gains[-1])


class HandmadeGru(torch.autograd.Function):
    """A GRU over sums of its inputs, with the backward pass written by hand."""

    @staticmethod
    def forward(ctx, x, weight, bias, state, keep):
        b = state.shape[0]
        x = x.view(T, b, 3 * H)
        h = torch.empty(T + 1, b, H)
        product = torch.empty(T, b, 3 * H)
        weight_t = weight.t().contiguous()
        h[0] = state
        for t in range(T):
            if keep[t] is not None:
                h[t].mul_(keep[t])
            u = torch.mm(h[t], weight_t, out=product[t])
            u[:, 2 * H:].add_(bias)
            rz = x[t, :, :2 * H].add_(u[:, :2 * H]).sigmoid_()
            n = x[t, :, 2 * H:].addcmul_(rz[:, :H], u[:, 2 * H:]).tanh_()
            torch.lerp(n, h[t], rz[:, H:], out=h[t + 1])
        ctx.saved = x, h, product, weight, keep
        return h[1:].reshape(T * b, H)

    @staticmethod
    def backward(ctx, gradient):
        x, h, product, weight, keep = ctx.saved
        b = h.shape[1]
        gradient = gradient.view(T, b, H)
        dx, du = torch.empty_like(x), torch.empty_like(x)
        r, z, n = x[:, :, :H], x[:, :, H:2 * H], x[:, :, 2 * H:]
        # What does not depend on later steps, for all steps at once
        into_n = (1 - z) * (1 - n * n)
        into_z = (h[:T] - n) * (z - z * z)
        into_r = product[:, :, 2 * H:] * (r - r * r)
        dh = torch.zeros(b, H)
        for t in reversed(range(T)):
            dh.add_(gradient[t])
            dn = torch.mul(dh, into_n[t], out=dx[t, :, 2 * H:])
            torch.mul(dn, into_r[t], out=dx[t, :, :H])
            torch.mul(dh, into_z[t], out=dx[t, :, H:2 * H])
            du[t, :, :2 * H] = dx[t, :, :2 * H]
            torch.mul(dn, r[t], out=du[t, :, 2 * H:])
            dh = torch.addmm(dh.mul_(z[t]), du[t], weight)
            if keep[t] is not None:
                dh.mul_(keep[t])
        flat = du.view(T * b, 3 * H)
        return dx.view(T * b, 3 * H), flat.t() @ h[:T].reshape(T * b, H), flat[:, 2 * H:].sum(0), None, None


class Network(torch.nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

        def new(*shape):
            return torch.nn.Parameter(torch.rand(shape) * 0.1 - 0.05)
        if kind == "hand":
            self.table, self.bias = new(INPUT_ROWS, 3 * H), new(3 * H)
            self.recurrent, self.candidate = new(3 * H, H), new(H)
        elif kind == "attention":
            self.table, self.bias = new(INPUT_ROWS, H), new(H)
            self.attention = Attention(new)
        else:
            self.table = new(INPUT_ROWS, EMBEDDING)
            self.gru = torch.nn.GRU(EMBEDDING, H)
        self.hidden, self.hidden_bias = new(4 * D, H), new(4 * D)
        self.tables = torch.nn.ParameterList([new(n, D) for n in ROWS])
        self.out = torch.nn.ParameterList([new(CLASSES[f] + GATES[f], D) for f in range(4)])
        self.out_bias = torch.nn.ParameterList([new(CLASSES[f] + GATES[f]) for f in range(4)])
        self.state = None

    def run_recurrent(self, batch):
        x = F.embedding_bag(batch.rows, self.table, batch.offsets, mode="sum")
        if self.kind == "attention":
            return self.attention(x + self.bias, batch)
        if self.state is None:
            self.state = torch.zeros(batch.n_streams, H)
        if self.kind == "hand":
            y = HandmadeGru.apply(x + self.bias, self.recurrent, self.candidate, self.state, batch.keep)
        else:  # It cannot forget at the beginning of a piece: that is left out
            y = self.gru(x.view(T, -1, EMBEDDING), self.state[None])[0].view(-1, H)
        self.state = y[-batch.n_streams:].detach()
        return y

    def run_head(self, f, head, hidden, kept):
        u = hidden[:, f * D:(f + 1) * D] + F.embedding_bag(head.rows, self.tables[f], head.offsets, mode="sum")
        if head.chroma is not None:
            u = torch.addmm(u, head.chroma, self.tables[f][CHROMA_ROW:])
        u = F.relu(u) * kept
        y = torch.addmm(self.out_bias[f], u, self.out[f].t())
        flat = y.reshape(-1)
        y = flat.index_add(0, head.symbols, flat.index_select(0, head.gates)).view_as(y)
        logits = y[:, :CLASSES[f]]
        if head.chroma is not None:
            gates = y[:, CLASSES[f] + 13:]
            logits = (logits + gates[:, :1] * head.chroma[:, head.classes] +
                      gates[:, 1:2] * head.chroma[:, 12 + head.classes])
            logits = logits.masked_fill(head.impossible, float("-inf"))
        return F.cross_entropy(logits, head.target, reduction="sum")

    def forward(self, batch):
        y = self.run_recurrent(batch) * batch.kept[0]
        hidden = torch.addmm(self.hidden_bias, y, self.hidden.t())
        return sum(self.run_head(f, batch.heads[f], hidden, batch.kept[1 + f]) for f in range(4)) / N


class Share:
    """One worker's part of the update: gradients and parameters of all lie in shared memory."""

    def __init__(self, network, worker, shared):
        self.worker, self.shared = worker, shared
        parameters = list(network.parameters())
        at, mine, share = 0, [], shared["parameters"].numel() / shared["n"]
        for p in parameters:
            part = slice(at, at + p.numel())
            if worker == 0:
                shared["parameters"][part] = p.detach().reshape(-1)
            p.data = shared["parameters"][part].view_as(p)
            p.grad = shared["gradients"][worker][part].view_as(p)
            if min(int((at + p.numel() / 2) / share), shared["n"] - 1) == worker:
                mine.append((p, part))
            at += p.numel()
        self.mine = mine
        groups = [{"params": [p for p, _ in mine if p.dim() == 1], "weight_decay": 0.0},
                  {"params": [p for p, _ in mine if p.dim() > 1], "weight_decay": 0.02}]
        self.optimizer = torch.optim.AdamW([g for g in groups if g["params"]], lr=3e-3, betas=(0.9, 0.99),
                                           foreach=True)
        self.gradient = shared["gradients"][worker]

    def wait(self):
        if self.shared["n"] > 1:
            self.shared["barrier"].wait()

    def step(self):
        self.wait()
        norm2 = 0.0
        for p, part in self.mine:
            for other in range(self.shared["n"]):
                if other != self.worker:
                    p.grad.view(-1).add_(self.shared["gradients"][other][part])
            norm2 += float(torch.dot(p.grad.view(-1), p.grad.view(-1)))
        self.shared["norms"][self.worker] = norm2
        self.wait()
        scale = min(1.0, 1.0 / float(self.shared["norms"].sum()) ** 0.5)
        for p, _ in self.mine:
            p.grad.mul_(scale)
        self.optimizer.step()
        self.wait()
        self.gradient.zero_()


def run_worker(worker, shared, path, kind, n_threads, result):
    torch.set_num_threads(n_threads)
    torch.manual_seed(1)
    per_worker = B // shared["n"]
    raw = np.fromfile(path, BATCH)
    batches = [Batch(r, slice(worker * per_worker, (worker + 1) * per_worker)) for r in raw]
    network = Network(kind)
    share = Share(network, worker, shared)
    share.wait()
    start, cpu, n = 0.0, 0.0, 0
    while True:
        if n == 4:
            start, cpu = time.monotonic(), time.process_time()
        if worker == 0:
            shared["stop"][0] = n > 4 and time.monotonic() - start > SECONDS
        share.wait()
        if shared["stop"][0]:
            break
        loss = network(batches[n % len(batches)])
        loss.backward()
        share.step()
        n += 1
    if not torch.isfinite(loss):
        sys.exit("the loss is not finite")
    result[worker] = torch.tensor([(n - 4) * N, time.monotonic() - start, time.process_time() - cpu])


def load_weights(network, path):
    """In the order of dsp/network/model.h."""
    flat = torch.from_numpy(np.fromfile(path, "<f4"))
    order = [network.table, network.bias, network.recurrent, network.candidate, network.hidden,
             network.hidden_bias]
    for f in range(4):
        order += [network.tables[f], network.out[f], network.out_bias[f]]
    at = 0
    for p in order:
        p.data.copy_(flat[at:at + p.numel()].view_as(p))
        at += p.numel()
    assert at == len(flat)


def validate(network, raws):
    state, network.state, losses, n = network.state, None, 0.0, 0
    with torch.no_grad():
        for raw in raws:
            batch = Batch(raw, slice(0, B))
            batch.kept = [torch.ones(1)] * 5
            losses += float(network(batch)) * N
            n += int((raw["has_target"] != 0).sum())
    network.state = state
    return losses / n


def rate_at(step, share):
    warmup = min(1.0, step / 60)
    return 3e-3 * warmup * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(share, 1.0))))


def run_until(folder, target):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    n_notes, n_epochs, parts = (int(word) for word in open(os.path.join(folder, "run")).read().split())
    per_part = -(-(n_notes // parts) // N)
    network = Network("hand")
    load_weights(network, os.path.join(folder, "weights"))
    size = sum(p.numel() for p in network.parameters())
    share = Share(network, 0, {"n": 1, "parameters": torch.zeros(size), "gradients": [torch.zeros(size)],
                               "norms": torch.zeros(1, dtype=torch.float64)})
    train = np.memmap(os.path.join(folder, "train"), BATCH, "r")
    valid = np.memmap(os.path.join(folder, "valid"), BATCH, "r")
    wall, cpu, before = 0.0, 0.0, math.inf
    for step, raw in enumerate(train, 1):
        batch = Batch(raw, slice(0, B))
        starts = time.monotonic(), time.process_time()
        for group in share.optimizer.param_groups:
            group["lr"] = rate_at(step, (step - 1) / (n_epochs * parts * per_part))
        network(batch).backward()
        share.step()
        wall, cpu = wall + time.monotonic() - starts[0], cpu + time.process_time() - starts[1]
        if step % per_part == 0:
            nll = validate(network, valid)
            print("PyTorch: %5d batches, %.3f" % (step, nll), file=sys.stderr)
            if nll <= target:
                part = (before - target) / (before - nll) if before < math.inf else 1.0
                reached = step - per_part + part * per_part
                print("%.0f %.1f %.1f" % (reached, reached * wall / step, reached * cpu / step))
                return
            before = nll
    sys.exit("%.3f was not reached" % target)


def main():
    if sys.argv[2] == "until":
        run_until(sys.argv[1], float(sys.argv[3]))
        return
    path, how, n, kind = sys.argv[1], sys.argv[2], int(sys.argv[3]), (sys.argv[4:] + ["hand"])[0]
    n_processes = n if how == "processes" else 1
    torch.set_num_threads(n if how == "threads" else 1)
    size = sum(p.numel() for p in Network(kind).parameters())
    shared = {"n": n_processes, "parameters": torch.zeros(size).share_memory_(),
              "gradients": [torch.zeros(size).share_memory_() for _ in range(n_processes)],
              "norms": torch.zeros(n_processes, dtype=torch.float64).share_memory_(),
              "stop": torch.zeros(1).share_memory_()}
    result = torch.zeros(n_processes, 3, dtype=torch.float64).share_memory_()
    if n_processes > 1:
        shared["barrier"] = torch.multiprocessing.Barrier(n_processes)
        torch.multiprocessing.start_processes(run_worker, (shared, path, kind, 1, result), nprocs=n_processes,
                                              start_method="fork")
    else:
        run_worker(0, shared, path, kind, n, result)
    notes, seconds, cpu = result[0, 0], result[:, 1].max(), result[:, 2].sum()
    print("%.0f %.0f" % (notes / seconds, notes * n / cpu))


if __name__ == "__main__":
    main()
