#!/usr/bin/env python3
# Copyright 2026 The Continuo authors
# SPDX-License-Identifier: ISC
"""Makes the table that test_features compares the features of music with.

usage: make_features_reference.py >features.tsv     a line a section: piece, first bar, then the features

Written from what the features mean and not from the C code, with nothing but Python's own library; music is
composed by a generator of random numbers that the test repeats.
"""

import itertools
import math
import statistics
import zlib

TICKS = 24
DURATIONS = [*range(1, 17), 18, 20, 21, 22, 23, 24, 27, 30, 33, 36, 40, 44, 48, 54, 60, 66, 72, 84, 96, 108, 120, 144,
             168, 192, 240, 288]
PROFILES = [[6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
            [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]]
PIECES = [(96, 1), (72, 2), (36, 3), (84, 4)]  # Length of a bar, and where the random numbers begin
BARS = 32


class Random:
    """Numerical Recipes' generator, of which the upper half is good enough here."""

    def __init__(self, start):
        self.state = start

    def below(self, n):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 16) % n


def compose(bar, start):
    """Notes as (onset, duration, pitch, velocity): chords in changing steps, rests, bars that come again."""
    random, notes, bars = Random(start), [], []
    for b in range(BARS):
        if b >= 4 and random.below(3) == 0:
            bars.append(bars[b - 1 - random.below(4)])
        else:
            bars.append([])
            place = 12 * random.below(2)
            step = [3, 6, 8, 12, 24][random.below(5)]
            while place < bar and random.below(25):
                pitches = {25 + 5 * random.below(16) + random.below(2) for _ in range(1 + random.below(3))}
                for pitch in sorted(pitches):
                    bars[b].append((place, 1 + random.below(60), pitch, 1 + random.below(127)))
                place += step if random.below(4) else 5 + random.below(9)
        notes += [(b * bar + place, *rest) for place, *rest in bars[b]]
    return notes


def on_grid(notes):
    return [(onset, min(DURATIONS, key=lambda d: (abs(d - duration), d)), pitch, velocity // 4 * 4 + 2)
            for onset, duration, pitch, velocity in notes]


def longest_run(values):
    return max(len(list(group)) for _, group in itertools.groupby(values))


def shares(values):
    return [values.count(v) / len(values) for v in sorted(set(values))]


def entropy(values):
    return -sum(p * math.log2(p) for p in shares(values))


def correlation(x, y):
    mx, my = sum(x) / 12, sum(y) / 12
    top = sum((a - mx) * (b - my) for a, b in zip(x, y))
    return top / math.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))


def best_key(notes):
    weights = [sum(d for _, d, p, _ in notes if p % 12 == c) for c in range(12)]
    if len(set(weights)) == 1:
        return -1, 0.0
    fits = [correlation([profile[(c - k) % 12] for c in range(12)], weights) for profile in PROFILES for k in range(12)]
    return fits.index(max(fits)), max(fits)


def share(condition, values):
    return sum(1 for v in values if condition(v)) / len(values)


def features(notes, bar, first, n=8):
    start, length = first * bar, n * bar
    part = [note for note in notes if start <= note[0] < start + length]
    chords = [list(group) for _, group in itertools.groupby(part, key=lambda note: note[0])]
    onsets = [chord[0][0] for chord in chords]
    sizes = [len(chord) for chord in chords]
    steps = [b - a for a, b in zip(onsets, onsets[1:])]
    pitches, durations = [note[2] for note in part], [note[1] for note in part]
    tops, bottoms = [chord[-1][2] for chord in chords], [chord[0][2] for chord in chords]
    moments = [{p for o, d, p, _ in part if o <= t < o + d} for t in range(start, start + length)]
    played = [keys for keys in moments if keys]
    again = sum(len({c[2] for c in a} & {c[2] for c in b}) for a, b in zip(chords, chords[1:]))
    prints = {b: [(o % bar, p) for o, _, p, _ in notes if o // bar == b] for b in range(first + n)}
    filled = [b for b in range(first, first + n) if prints[b]]
    keys = []
    for w in range(0, n, 2):
        window = [note for note in part if w * bar <= note[0] - start < (w + 2) * bar]
        if len(window) >= 4:
            keys.append(best_key(window)[0])
    told = bytes(itertools.chain(*[(min(b[0] - a[0], 96), b[2] - a[2] + 128) for a, b in zip(part, part[1:])]))

    def rubs(keys):
        classes = {k % 12 for k in keys}
        return any((c + 1) % 12 in classes for c in classes)

    return [
        len(part) / (length / TICKS),
        len(onsets) / (length / TICKS),
        entropy([o % bar for o in onsets]),
        share(lambda o: o % 6, onsets),
        sum(map(len, moments)) / len(played),
        statistics.fmean(sizes),
        share(lambda size: size >= 3, sizes),
        statistics.fmean(pitches),
        statistics.pstdev(pitches),
        max(pitches) - min(pitches),
        share(lambda p: p < 48, pitches),
        share(lambda p: p > 72, pitches),
        share(lambda keys: keys and min(keys) < 60 <= max(keys), moments),
        len(set(pitches)) / math.sqrt(len(part)),
        statistics.fmean(durations) / TICKS,
        statistics.pstdev(map(math.log, durations)),
        statistics.fmean(steps) / TICKS,
        statistics.pstdev(map(math.log, steps)),
        entropy(steps),
        max(shares(steps)),
        longest_run(steps) / len(steps),
        share(lambda step: step == 12, steps),
        statistics.fmean(min(max(note[1] for note in chord) / step, 4) for chord, step in zip(chords, steps)),
        entropy([p % 12 for p in pitches]),
        best_key(part)[1],
        statistics.fmean(a != b for a, b in zip(keys, keys[1:])) if len(keys) > 1 else 0.0,
        share(lambda b: any(prints[old] == prints[b] for old in range(max(0, first - n), b)), filled),
        len(zlib.compress(told, 9)) / len(told),
        again / len(part),
        longest_run(tops) / len(tops),
        statistics.fmean(abs(b - a) for a, b in zip(tops, tops[1:])),
        statistics.fmean(abs(b - a) for a, b in zip(bottoms, bottoms[1:])),
        share(lambda keys: not keys, moments),
        statistics.fmean(note[3] for note in part),
        statistics.pstdev(note[3] for note in part),
        share(rubs, played),
    ]


if __name__ == "__main__":
    for number, (bar, start) in enumerate(PIECES):
        notes = on_grid(compose(bar, start))
        for first in range(0, BARS, 8):
            print(number, first, *("%.9g" % v for v in features(notes, bar, first)), sep="\t")
