// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/features_internal.h"

#include "dsp/music/scale.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#define WINDOW_BARS 2      ///< In which a key is looked for
#define LEAST_IN_WINDOW 4U ///< Notes that tell a key
#define DT_MAX 96          ///< [ticks] Longer times count as this
#define LEVEL 9            ///< Of zlib

// --- Keys

int
cn_features_key_of(const CnNote* const notes, const size_t n, double* const clarity)
{
  double chroma[12] = {0.0};
  for (size_t i = 0; i < n; ++i) {
    chroma[notes[i].pitch % 12] += notes[i].duration;
  }
  return cn_key_estimate(chroma, clarity);
}

void
cn_features_key(const CnBars* const bars, double* const value)
{
  const int32_t window    = WINDOW_BARS * bars->bar;
  int           n_keys    = 0;
  int           n_changes = 0;
  int           before    = 0;
  double        clarity   = 0.0;
  for (size_t i = 0, end = 0; i < bars->n; i = end) {
    const int32_t number = (bars->notes[i].onset - bars->start) / window;
    for (end = i; end < bars->n && (bars->notes[end].onset - bars->start) / window == number; ++end) {
    }
    if (end - i >= LEAST_IN_WINDOW) {
      const int key = cn_features_key_of(bars->notes + i, end - i, &clarity);
      n_changes += n_keys && key != before;
      before = key;
      ++n_keys;
    }
  }
  value[CN_FEATURE_KEY_CHANGES] = n_keys > 1 ? (double)n_changes / (n_keys - 1) : 0.0;
  cn_features_key_of(bars->notes, bars->n, &value[CN_FEATURE_KEY_CLARITY]);
}

// --- Bars that come again

/// The notes of a bar
typedef struct {
  size_t begin;
  size_t end;
} Range;

static Range
find_bar(const CnGrid* const grid, const int32_t bar)
{
  return (Range){cn_grid_find(grid, bar * grid->bar), cn_grid_find(grid, (bar + 1) * grid->bar)};
}

/// Number of notes from `i` on that are struck together
static size_t
count_chord(const CnGrid* const grid, const size_t i, const size_t end)
{
  size_t n = 1;
  while (i + n < end && grid->notes[i + n].onset == grid->notes[i].onset) {
    ++n;
  }
  return n;
}

bool
cn_grid_is_same_bar(const CnGrid* const grid, const int32_t a, const int32_t b, const bool by_pitch)
{
  const Range x        = find_bar(grid, a);
  const Range y        = find_bar(grid, b);
  size_t      i        = x.begin;
  size_t      j        = y.begin;
  bool        is_equal = true;
  while (is_equal && i < x.end && j < y.end) {
    const CnNote* const p = &grid->notes[i];
    const CnNote* const q = &grid->notes[j];
    is_equal = p->onset % grid->bar == q->onset % grid->bar && (!by_pitch || p->pitch == q->pitch);
    i += by_pitch ? 1 : count_chord(grid, i, x.end);
    j += by_pitch ? 1 : count_chord(grid, j, y.end);
  }
  return is_equal && i == x.end && j == y.end;
}

double
cn_features_repeated(const CnGrid* const grid, const int32_t first, const int32_t n)
{
  int n_filled   = 0;
  int n_repeated = 0;
  for (int32_t bar = first; bar < first + n; ++bar) {
    const Range range       = find_bar(grid, bar);
    const bool  is_filled   = range.begin < range.end;
    bool        is_repeated = false;
    for (int32_t old = first > n ? first - n : 0; is_filled && !is_repeated && old < bar; ++old) {
      is_repeated = cn_grid_is_same_bar(grid, old, bar, true);
    }
    n_filled += is_filled;
    n_repeated += is_repeated;
  }
  return n_filled ? (double)n_repeated / n_filled : 0.0;
}

// --- How much there is to tell

CnStatus
cn_features_compressed(const CnBars* const bars, double* const value)
{
  const size_t   size     = 2 * (bars->n - 1);
  uLongf         n_packed = compressBound(size);
  uint8_t* const tokens   = malloc(size + n_packed);
  if (!tokens) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 1; i < bars->n; ++i) {
    const CnNote* const note = &bars->notes[i];
    const int32_t       dt   = note->onset - note[-1].onset;
    tokens[2 * i - 2]        = (uint8_t)(dt < DT_MAX ? dt : DT_MAX);
    tokens[2 * i - 1]        = (uint8_t)(note->pitch - note[-1].pitch + 128);
  }
  const int result = compress2(tokens + size, &n_packed, tokens, size, LEVEL);
  free(tokens);
  *value = (double)n_packed / (double)size;
  return result == Z_OK ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}
