// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/features.h"

#include "tools/compare/features_internal.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_NOTES 8
#define LEAST_ONSETS 4
#define LEGATO_MAX 4.0 ///< Longer than this many steps is long
#define SIXTEENTH (CN_TICKS_PER_QUARTER / 4)
#define EIGHTH (CN_TICKS_PER_QUARTER / 2)
#define BASS_TOP 48      ///< Notes below C3 are bass
#define TREBLE_BOTTOM 72 ///< And those above C5 treble

static const char* const names[CN_N_FEATURES] = {
    "notes a beat",      "onsets a beat",    "onset place entropy",
    "off the 16th grid", "notes sounding",   "notes an onset",
    "chords of 3+",      "pitch mean",       "pitch sd",
    "pitch range",       "bass below C3",    "above C5",
    "both hands",        "different keys",   "duration mean",
    "duration log sd",   "step mean",        "step log sd",
    "step entropy",      "usual step share", "equal steps run",
    "eighth steps",      "legato",           "class entropy",
    "key clarity",       "key changes",      "bars repeated",
    "compressed",        "pitch again",      "same pitch run",
    "top leap",          "bottom leap",      "silence",
    "velocity mean",     "velocity sd",      "semitone rub"};

const char*
cn_feature_name(const unsigned feature)
{
  return names[feature];
}

// --- Numbers

static double
mean(const int32_t* const x, const size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += x[i];
  }
  return sum / (double)n;
}

/// Standard deviation, of the logarithms if `is_log`
static double
deviation(const int32_t* const x, const size_t n, const bool is_log)
{
  double sum     = 0.0;
  double squares = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += is_log ? log(x[i]) : x[i];
  }
  for (size_t i = 0; i < n; ++i) {
    const double d = (is_log ? log(x[i]) : x[i]) - sum / (double)n;
    squares += d * d;
  }
  return sqrt(squares / (double)n);
}

static int
compare(const void* const a, const void* const b)
{
  const int32_t x = *(const int32_t*)a;
  const int32_t y = *(const int32_t*)b;
  return (x > y) - (x < y);
}

/// Entropy of the values [bits], and the share of the most frequent one; sorts them
static double
entropy(int32_t* const x, const size_t n, double* const usual)
{
  double sum  = 0.0;
  double most = 0.0;
  qsort(x, n, sizeof(int32_t), compare);
  for (size_t i = 0, end = 0; i < n; i = end) {
    for (end = i; end < n && x[end] == x[i]; ++end) {
    }
    const double share = (double)(end - i) / (double)n;
    sum -= share * log2(share);
    most = fmax(most, share);
  }
  if (usual) {
    *usual = most;
  }
  return sum;
}

/// Longest row of equal values, as a share of all
static double
longest_run(const int32_t* const x, const size_t n)
{
  size_t longest = 0;
  size_t run     = 0;
  for (size_t i = 0; i < n; ++i) {
    run     = i && x[i] == x[i - 1] ? run + 1 : 1;
    longest = run > longest ? run : longest;
  }
  return (double)longest / (double)n;
}

static double
mean_leap(const int32_t* const x, const size_t n)
{
  double sum = 0.0;
  for (size_t i = 1; i < n; ++i) {
    sum += abs(x[i] - x[i - 1]);
  }
  return sum / (double)(n - 1);
}

static double
share(const size_t n, const size_t of)
{
  return (double)n / (double)of;
}

// --- What is struck when

static void
find_places(const CnBars* const bars, double* const value)
{
  const size_t n     = bars->n_onsets;
  const double beats = (double)bars->length / CN_TICKS_PER_QUARTER;
  size_t       n_off = 0;
  size_t       n_big = 0;
  for (size_t i = 0; i < n; ++i) {
    n_off += bars->onsets[i] % SIXTEENTH != 0;
    n_big += bars->sizes[i] >= 3;
  }
  memcpy(bars->scratch, bars->places, n * sizeof(int32_t));
  value[CN_FEATURE_NOTES]         = (double)bars->n / beats;
  value[CN_FEATURE_ONSETS]        = (double)n / beats;
  value[CN_FEATURE_PLACE_ENTROPY] = entropy(bars->scratch, n, NULL);
  value[CN_FEATURE_OFF_GRID]      = share(n_off, n);
  value[CN_FEATURE_CHORD_SIZE]    = mean(bars->sizes, n);
  value[CN_FEATURE_CHORDS]        = share(n_big, n);
}

static double
find_legato(const CnBars* const bars)
{
  double sum = 0.0;
  for (size_t i = 0; i + 1 < bars->n_onsets; ++i) {
    sum += fmin((double)bars->longest[i] / bars->steps[i], LEGATO_MAX);
  }
  return sum / (double)(bars->n_onsets - 1);
}

static void
find_steps(const CnBars* const bars, double* const value)
{
  const size_t n         = bars->n_onsets - 1;
  size_t       n_eighths = 0;
  for (size_t i = 0; i < n; ++i) {
    n_eighths += bars->steps[i] == EIGHTH;
  }
  memcpy(bars->scratch, bars->steps, n * sizeof(int32_t));
  value[CN_FEATURE_STEP_MEAN]    = mean(bars->steps, n) / CN_TICKS_PER_QUARTER;
  value[CN_FEATURE_STEP_SD]      = deviation(bars->steps, n, true);
  value[CN_FEATURE_STEP_ENTROPY] = entropy(bars->scratch, n, &value[CN_FEATURE_USUAL_STEP]);
  value[CN_FEATURE_EQUAL_STEPS]  = longest_run(bars->steps, n);
  value[CN_FEATURE_EIGHTHS]      = share(n_eighths, n);
  value[CN_FEATURE_LEGATO]       = find_legato(bars);
}

// --- What is struck

/// Notes of which the pitch was struck in the chord before, too
static size_t
count_again(const CnBars* const bars)
{
  size_t n      = 0;
  size_t before = 0; // First note of the chord before
  size_t begin  = (size_t)bars->sizes[0];
  for (size_t c = 1; c < bars->n_onsets; ++c) {
    const size_t end = begin + (size_t)bars->sizes[c];
    for (size_t i = begin; i < end; ++i) {
      for (size_t j = before; j < begin; ++j) {
        n += bars->notes[i].pitch == bars->notes[j].pitch;
      }
    }
    before = begin;
    begin  = end;
  }
  return n;
}

static void
find_register(const CnBars* const bars, double* const value)
{
  size_t  n_bass         = 0;
  size_t  n_treble       = 0;
  size_t  n_keys         = 0;
  int32_t low            = 127;
  int32_t high           = 0;
  bool    is_struck[128] = {false};
  for (size_t i = 0; i < bars->n; ++i) {
    const int32_t pitch = bars->notes[i].pitch;
    n_bass += pitch < BASS_TOP;
    n_treble += pitch > TREBLE_BOTTOM;
    n_keys += !is_struck[pitch];
    is_struck[pitch] = true;
    low              = pitch < low ? pitch : low;
    high             = pitch > high ? pitch : high;
  }
  value[CN_FEATURE_PITCH_RANGE] = high - low;
  value[CN_FEATURE_BASS]        = share(n_bass, bars->n);
  value[CN_FEATURE_TREBLE]      = share(n_treble, bars->n);
  value[CN_FEATURE_KEYS]        = (double)n_keys / sqrt((double)bars->n);
}

static void
find_pitches(const CnBars* const bars, double* const value)
{
  for (size_t i = 0; i < bars->n; ++i) {
    bars->scratch[i] = bars->notes[i].pitch;
  }
  value[CN_FEATURE_PITCH_MEAN] = mean(bars->scratch, bars->n);
  value[CN_FEATURE_PITCH_SD]   = deviation(bars->scratch, bars->n, false);
  for (size_t i = 0; i < bars->n; ++i) {
    bars->scratch[i] %= 12;
  }
  value[CN_FEATURE_CLASS_ENTROPY] = entropy(bars->scratch, bars->n, NULL);
  value[CN_FEATURE_PITCH_AGAIN]   = share(count_again(bars), bars->n);
  value[CN_FEATURE_SAME_PITCH]    = longest_run(bars->tops, bars->n_onsets);
  value[CN_FEATURE_TOP_LEAP]      = mean_leap(bars->tops, bars->n_onsets);
  value[CN_FEATURE_BOTTOM_LEAP]   = mean_leap(bars->bottoms, bars->n_onsets);
}

static void
find_touch(const CnBars* const bars, double* const value)
{
  for (size_t i = 0; i < bars->n; ++i) {
    bars->scratch[i] = bars->notes[i].duration;
  }
  value[CN_FEATURE_DURATION_MEAN] = mean(bars->scratch, bars->n) / CN_TICKS_PER_QUARTER;
  value[CN_FEATURE_DURATION_SD]   = deviation(bars->scratch, bars->n, true);
  for (size_t i = 0; i < bars->n; ++i) {
    bars->scratch[i] = bars->notes[i].velocity;
  }
  value[CN_FEATURE_VELOCITY_MEAN] = mean(bars->scratch, bars->n);
  value[CN_FEATURE_VELOCITY_SD]   = deviation(bars->scratch, bars->n, false);
}

// --- The bars

/// Gather notes into what is struck together
static void
gather(CnBars* const bars)
{
  for (size_t i = 0; i < bars->n; ++i) {
    const CnNote* const note = &bars->notes[i];
    if (!i || note->onset != note[-1].onset) {
      const size_t c   = bars->n_onsets++;
      bars->onsets[c]  = note->onset;
      bars->places[c]  = note->onset % bars->bar;
      bars->bottoms[c] = note->pitch;
      bars->sizes[c]   = 0;
      bars->longest[c] = 0;
      if (c) {
        bars->steps[c - 1] = note->onset - bars->onsets[c - 1];
      }
    }
    const size_t c   = bars->n_onsets - 1;
    bars->tops[c]    = note->pitch;
    bars->longest[c] = note->duration > bars->longest[c] ? note->duration : bars->longest[c];
    ++bars->sizes[c];
  }
}

/// Point the arrays into a block of memory, which is to be freed; null if it could not be had
static int32_t*
lay_out(CnBars* const bars)
{
  int32_t** const arrays[] = {&bars->scratch, &bars->onsets,  &bars->places,  &bars->sizes,
                              &bars->tops,    &bars->bottoms, &bars->longest, &bars->steps};
  const size_t    n_arrays = sizeof(arrays) / sizeof(arrays[0]);
  int32_t* const  block    = malloc(n_arrays * bars->n * sizeof(int32_t));
  for (size_t i = 0; block && i < n_arrays; ++i) {
    *arrays[i] = block + i * bars->n;
  }
  return block;
}

CnStatus
cn_features_find(const CnGrid* const grid, const int32_t first, const int32_t n_bars,
                 CnFeatures* const features)
{
  double* const value = features->value;
  CnBars        bars  = {.bar = grid->bar, .start = first * grid->bar, .length = n_bars * grid->bar};
  const size_t  begin = cn_grid_find(grid, bars.start);
  bars.notes          = grid->notes + begin;
  bars.n              = cn_grid_find(grid, bars.start + bars.length) - begin;
  if (bars.n < LEAST_NOTES) {
    return CN_STATUS_NOT_FOUND;
  }
  int32_t* const block = lay_out(&bars);
  if (!block) {
    return CN_STATUS_NO_MEMORY;
  }
  gather(&bars);
  CnStatus status = bars.n_onsets < LEAST_ONSETS ? CN_STATUS_NOT_FOUND : cn_features_sound(&bars, value);
  if (!status) {
    status = cn_features_compressed(&bars, &value[CN_FEATURE_COMPRESSED]);
  }
  if (!status) {
    find_places(&bars, value);
    find_steps(&bars, value);
    find_register(&bars, value);
    find_pitches(&bars, value);
    find_touch(&bars, value);
    cn_features_key(&bars, value);
    value[CN_FEATURE_REPEATED] = cn_features_repeated(grid, first, n_bars);
  }
  free(block);
  return status;
}
