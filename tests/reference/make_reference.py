#!/usr/bin/env python3
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
"""Makes the reference vectors that test_reference compares the network with.

usage: make_reference.py OUT_DIR     writes lstm, gru, attention, attention-rotary and attention-notes.safetensors

Needs PyTorch (Debian: python3-torch); the tests do not.  The recurrent layers are PyTorch's own LSTM
and GRU, the rest follows dsp/network/model.h and attention.h by the letter.  Weights come from a hash that the test repeats.
"""

import json
import os
import struct
import sys

import torch

T, B, H, D = 7, 3, 8, 8
CLASSES = [97, 88, 42, 32]
GATES = [7, 15, 9, 10]
ROWS = [56 + 3 * 97 + 4 * 97 + 6 + 4 * 49, 97 + 56 + 48 + 3 * 88 + 6 + 10 * 88 + 24,
        97 + 56 + 88 + 3 * 42 + 6 + 4 + 6 * 42, 97 + 56 + 88 + 42 + 3 * 32 + 32 + 6 + 4 + 6 * 32]
INPUT_ROWS = 88 + 12 + 97 + 1 + 42 + 32 + 56
CHROMA_ROW = ROWS[1] - 24
FACTORS = ["dt", "pitch", "duration", "velocity"]
RATE, DECAY = 0.01, 0.1
LAYERS, HEADS, WINDOW = 2, 2, 4
SPANS = {"time": 51, "rotary": 0, "notes": 48}
PERIODS = [6, 8 << 10]  # [ticks] Of the two pairs of a head: the shortest and the longest


def hashed(weight, n):
    """n numbers in [-0.5, 0.5): Knuth's multiplicative hash of their place."""
    i = torch.arange(n, dtype=torch.int64) + 100003 * (weight + 1)
    return ((i * 2654435761) % 2**32).double() / 2**32 - 0.5


def attention_shapes(distance):
    n_spans = HEADS * SPANS[distance]
    return [("attention.spans.bias", (n_spans,) if n_spans else None), ("attention.norm.gain", (LAYERS * H,)),
            ("attention.qkv.weight", (LAYERS * 3 * H, H)), ("attention.heard.weight", (LAYERS * H, H)),
            ("attention.forward.norm.gain", (LAYERS * H,)), ("attention.up.weight", (LAYERS * 2 * H, H)),
            ("attention.down.weight", (LAYERS * H, 2 * H)), ("attention.last.norm.gain", (H,))]


def make_weights(cell, distance):
    width = {"lstm": 4, "gru": 3, "attention": 1}[cell] * H
    shapes = [("recurrent.input.table", (INPUT_ROWS, width)), ("recurrent.input.bias", (width,)),
              ("recurrent.weight", (width, H) if cell != "attention" else None),
              ("recurrent.candidate.bias", (H,) if cell == "gru" else None),
              ("heads.hidden.weight", (4 * D, H)), ("heads.hidden.bias", (4 * D,))]
    for f, name in enumerate(FACTORS):
        n = CLASSES[f] + GATES[f]
        shapes += [(name + ".table", (ROWS[f], D)), (name + ".out.weight", (n, D)), (name + ".out.bias", (n,))]
    if cell == "attention":
        shapes += attention_shapes(distance)
    weights = {}
    for number, (name, shape) in enumerate(shapes):
        if shape:
            n = torch.Size(shape).numel()
            weights[name] = hashed(number, n).float().reshape(shape).requires_grad_()
    return weights


def make_batch(cell):
    def pick(high, *shape):
        return torch.randint(high, shape)

    batch = {"begins": torch.zeros(T, B, dtype=torch.int64), "input": pick(INPUT_ROWS, T, B, 8)}
    batch["begins"][3, 1] = batch["begins"][5, 0] = 1
    batch["has_target"] = torch.ones(T, B, dtype=torch.int64)
    batch["has_target"][2, 1] = batch["has_target"][4, 0] = 0  # The last notes of their pieces
    batch["chroma"] = torch.rand(T, B, 24)
    for f, name in enumerate(FACTORS):
        n_rows = CHROMA_ROW if f == 1 else ROWS[f]
        batch[name + ".rows"] = pick(n_rows, T, B, 9)
        batch[name + ".copies"] = torch.stack([pick(CLASSES[f], T, B, 5), pick(3, T, B, 5)], -1)
        batch[name + ".lowest"] = pick(20, T, B)
        batch[name + ".target"] = 20 + pick(CLASSES[f] - 20, T, B)
    if cell == "attention":
        steps = torch.tensor([0, 3, 12, 24, 48, 96, 250])[pick(7, T, B)]
        batch["onset"], batch["bar"] = steps.cumsum(0), 48 + 48 * pick(2, T, B)
    return batch


def span(ticks, bar):
    if ticks == 0:
        return 1
    if ticks % bar == 0 and ticks // bar <= 16:
        return 26 + ticks // bar - 1
    if ticks <= 144:
        return 2 + (ticks - 1) // 6
    return 42 + sum(ticks > bound for bound in (192, 288, 384, 576, 768, 1152, 1536, 3072))


def spans_of(batch, b, distance):
    """(T, T) span from each step back to each one; -1 where it is not heard."""
    spans = torch.full((T, T), -1)
    for t in range(T):
        for j in range(t, max(t - WINDOW, -1), -1):
            ticks = int(batch["onset"][t, b] - batch["onset"][j, b])
            by_time = 0 if j == t else span(ticks, int(batch["bar"][t, b]))
            spans[t, j] = {"time": by_time, "rotary": 0, "notes": t - j}[distance]  # No note is 16 away here
            if batch["begins"][j, b]:
                break
    return spans


def norm(x, gain):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-6) * gain


def rotate(x, onsets):
    """(HEADS, T, K) queries or keys, each pair turned by its part of a period."""
    angles = 2 * torch.pi * (onsets[:, None] / torch.tensor(PERIODS, dtype=torch.float64))
    cos, sin = angles.cos().float(), angles.sin().float()
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


def attend(weights, x, layer, spans, onsets):
    a = norm(x, weights["attention.norm.gain"].reshape(LAYERS, H)[layer])
    qkv = a @ weights["attention.qkv.weight"].reshape(LAYERS, 3 * H, H)[layer].T
    q, k, v = (m.reshape(T, HEADS, H // HEADS).transpose(0, 1) for m in qkv.split(H, -1))
    biases = torch.zeros(HEADS, T, T)
    if "attention.spans.bias" in weights:
        biases = weights["attention.spans.bias"].reshape(HEADS, -1)[:, spans.clamp(min=0)]
    else:
        q, k = rotate(q, onsets), rotate(k, onsets)
    scores = q @ k.transpose(1, 2) / (H // HEADS) ** 0.5 + biases
    shares = scores.masked_fill(spans < 0, float("-inf")).softmax(-1)
    return (shares @ v).transpose(0, 1).reshape(T, H)


def run_attention(weights, batch, distance):
    outputs = []
    for b in range(B):
        x = weights["recurrent.input.table"][batch["input"][:, b]].sum(1) + weights["recurrent.input.bias"]
        spans = spans_of(batch, b, distance)
        for layer in range(LAYERS):
            heard = attend(weights, x, layer, spans, batch["onset"][:, b])
            x = x + heard @ weights["attention.heard.weight"].reshape(LAYERS, H, H)[layer].T
            f = norm(x, weights["attention.forward.norm.gain"].reshape(LAYERS, H)[layer])
            u = torch.relu(f @ weights["attention.up.weight"].reshape(LAYERS, 2 * H, H)[layer].T) ** 2
            x = x + u @ weights["attention.down.weight"].reshape(LAYERS, H, 2 * H)[layer].T
        outputs.append(norm(x, weights["attention.last.norm.gain"]))
    return torch.stack(outputs, 1)


def run_recurrent(weights, batch, is_gru):
    width = weights["recurrent.weight"].shape[0]
    layer = (torch.nn.GRU if is_gru else torch.nn.LSTM)(width, H)
    own = dict(layer.named_parameters())
    state_h, state_c = torch.zeros(1, B, H), torch.zeros(1, B, H)
    candidate = torch.zeros(width)
    if is_gru:
        candidate = torch.cat([torch.zeros(2 * H), weights["recurrent.candidate.bias"]])
    flat = [torch.eye(width), weights["recurrent.weight"], weights["recurrent.input.bias"], candidate]
    outputs = []
    for t in range(T):
        keep = (1 - batch["begins"][t]).float().reshape(1, B, 1)
        state_h, state_c = state_h * keep, state_c * keep
        x = weights["recurrent.input.table"][batch["input"][t]].sum(1).unsqueeze(0)
        if is_gru:
            y, state_h = torch._VF.gru(x, state_h, flat, True, 1, 0.0, False, False, False)
        else:
            y, state_h, state_c = torch._VF.lstm(x, (state_h, state_c), flat, True, 1, 0.0, False, False, False)
        outputs.append(y)
    assert len(own) == 4
    return torch.cat(outputs)


def run_head(weights, batch, f, hidden):
    name, n = FACTORS[f], CLASSES[f]
    table = weights[name + ".table"]
    u = hidden[..., f * D:(f + 1) * D] + table[batch[name + ".rows"]].sum(2)
    if f == 1:
        u = u + batch["chroma"] @ table[CHROMA_ROW:]
    y = torch.relu(u) @ weights[name + ".out.weight"].T + weights[name + ".out.bias"]
    logits, gates = y[..., :n], y[..., n:]
    copies = batch[name + ".copies"]
    for k in range(copies.shape[2]):
        symbol, gate = copies[:, :, k, 0:1], copies[:, :, k, 1:2]
        logits = logits.scatter_add(2, symbol, gates.gather(2, gate))
    if f == 1:
        classes = (torch.arange(n) + 21) % 12
        logits = logits + gates[..., 13:14] * batch["chroma"][..., classes]
        logits = logits + gates[..., 14:15] * batch["chroma"][..., 12 + classes]
    impossible = torch.arange(n) < batch[name + ".lowest"].unsqueeze(-1)
    logits = logits.masked_fill(impossible, float("-inf"))
    nll = -torch.log_softmax(logits, -1).gather(2, batch[name + ".target"].unsqueeze(-1)).squeeze(-1)
    return (nll * batch["has_target"]).sum()


def make(path, cell, distance="time"):
    torch.manual_seed({"lstm": 20, "gru": 21, "attention": 22}[cell])
    weights, batch = make_weights(cell, distance), make_batch(cell)
    if cell == "attention":
        h = run_attention(weights, batch, distance)
    else:
        h = run_recurrent(weights, batch, cell == "gru")
    hidden = h @ weights["heads.hidden.weight"].T + weights["heads.hidden.bias"]
    losses = torch.stack([run_head(weights, batch, f, hidden) for f in range(4)])
    (losses.sum() / (T * B)).backward()

    out = {"batch." + k: v for k, v in batch.items()}
    out["h"], out["losses"] = h, losses
    vectors = [w for w in weights.values() if w.dim() == 1]
    matrices = [w for w in weights.values() if w.dim() == 2]
    torch.optim.AdamW([{"params": vectors, "weight_decay": 0.0}, {"params": matrices, "weight_decay": DECAY}],
                      lr=RATE, betas=(0.9, 0.99)).step()
    for name, w in weights.items():  # Of the tables, the rows that were used
        rows = w.grad.reshape(w.shape[0], -1).abs().sum(1).nonzero().squeeze(1)
        out["rows." + name], out["gradient." + name], out["after." + name] = rows, w.grad[rows], w.detach()[rows]
    save(path, out)


def save(path, tensors):
    header, data = {"__metadata__": {"made_by": "make_reference.py, PyTorch " + torch.__version__}}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().float().flatten().tolist()
        begin = len(data)
        data += struct.pack("<%df" % len(values), *values)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    for cell in ("lstm", "gru", "attention"):
        make(os.path.join(sys.argv[1], cell + ".safetensors"), cell)
    for distance in ("rotary", "notes"):
        make(os.path.join(sys.argv[1], "attention-" + distance + ".safetensors"), "attention", distance)
