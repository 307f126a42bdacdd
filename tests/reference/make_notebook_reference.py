#!/usr/bin/env python3
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
"""Makes the reference vectors that test_seed_reference compares the notebook's networks with.

usage: make_notebook_reference.py OUT_DIR     writes notebook.safetensors

Needs PyTorch (Debian: python3-torch); the tests do not.  The layers are PyTorch's own LSTM, packed where
windows are short, which is what masking comes to.  Weights and features come from a hash that the test
repeats.
"""

import json
import os
import struct
import sys

import torch

from make_reference import hashed

T = 7
LENGTHS = [7, 7, 4, 1]  # The longest first
B = len(LENGTHS)
STACKS = {"pitch": [6, 5, 4], "timing": [5, 4]}
OUTPUTS = {"pitch": 88, "timing": 2}
KEYS = [(13 * b + 5) % 88 for b in range(B)]


def make_weights(name, first):
    """All tensors of a network by name, numbered from `first`."""
    shapes, inputs, widths = [], 3, STACKS[name]
    for layer, hidden in enumerate(widths):
        rows = 4 * hidden * (2 if layer + 1 < len(widths) else 1)
        prefix = "%s.%d." % (name, layer)
        shapes += [(prefix + "input.weight", (rows, inputs)), (prefix + "recurrent.weight", (rows, hidden)),
                   (prefix + "bias", (rows,))]
        inputs = rows // 4
    shapes += [(name + ".out.weight", (OUTPUTS[name], inputs)), (name + ".out.bias", (OUTPUTS[name],))]
    return {key: (2 * hashed(first + i, torch.Size(shape).numel())).float().reshape(shape)
            for i, (key, shape) in enumerate(shapes)}


def make_layer(weights, prefix, hidden, is_last):
    """PyTorch's layer with our weights: its second bias is none of ours."""
    inputs = weights[prefix + "input.weight"].shape[1]
    lstm = torch.nn.LSTM(inputs, hidden, bidirectional=not is_last)
    with torch.no_grad():
        for d, suffix in enumerate(["_l0"] if is_last else ["_l0", "_l0_reverse"]):
            rows = slice(4 * hidden * d, 4 * hidden * (d + 1))
            getattr(lstm, "weight_ih" + suffix).copy_(weights[prefix + "input.weight"][rows])
            getattr(lstm, "weight_hh" + suffix).copy_(weights[prefix + "recurrent.weight"][rows])
            getattr(lstm, "bias_ih" + suffix).copy_(weights[prefix + "bias"][rows])
            getattr(lstm, "bias_hh" + suffix).zero_()
    return lstm


def layer_gradients(lstm, prefix, is_last):
    suffixes = ["_l0"] if is_last else ["_l0", "_l0_reverse"]
    ours = {"weight_ih": "input.weight", "weight_hh": "recurrent.weight", "bias_ih": "bias"}
    return {"gradient." + prefix + name: torch.cat([getattr(lstm, theirs + s).grad for s in suffixes])
            for theirs, name in ours.items()}


def run(name, first, windows):
    widths, weights = STACKS[name], make_weights(name, first)
    layers = [make_layer(weights, "%s.%d." % (name, i), hidden, i + 1 == len(widths))
              for i, hidden in enumerate(widths)]
    packed = torch.nn.utils.rnn.pack_sequence(windows)
    for layer in layers:
        packed, (state, _) = layer(packed)
    out = [weights[name + ".out.weight"].requires_grad_(), weights[name + ".out.bias"].requires_grad_()]
    sums = state[0] @ out[0].T + out[1]
    if name == "pitch":
        outputs = torch.softmax(sums, 1)
        loss = torch.nn.functional.cross_entropy(sums, torch.tensor(KEYS))
    else:
        outputs = torch.sigmoid(sums)
        targets = (hashed(91, 2 * B) + 0.5).float().reshape(B, 2)
        loss = ((outputs - targets) ** 2).sum() / B
    loss.backward()
    result = {"outputs." + name: outputs, "loss." + name: loss.reshape(1),
              "gradient." + name + ".out.weight": out[0].grad, "gradient." + name + ".out.bias": out[1].grad}
    for i, layer in enumerate(layers):
        result.update(layer_gradients(layer, "%s.%d." % (name, i), i + 1 == len(widths)))
    return result


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        values = tensor.detach().flatten().tolist()
        begin = len(data)
        data += struct.pack("<%df" % len(values), *values)
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    features = (hashed(90, B * T * 3) + 0.5).float().reshape(B, T, 3)
    all_windows = [features[b, :n] for b, n in enumerate(LENGTHS)]
    write(os.path.join(sys.argv[1], "notebook.safetensors"),
          {**run("pitch", 0, all_windows), **run("timing", 40, all_windows)})
