// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/notebook/features.h"

#include <math.h>

// A range's logarithm, which all its times are divided by
static double
log_of(const float range[2])
{
  return log1p((double)range[0]);
}

static float
normalise_by(const double log_range, const double time)
{
  const double number = log1p(time > 0.0 ? time : 0.0) / log_range;
  return number < 1.0 ? (float)number : 1.0F;
}

float
cn_notebook_normalise(const float range[2], const double time)
{
  return normalise_by(log_of(range), time);
}

float
cn_notebook_denormalise(const float range[2], const float number)
{
  return (float)expm1((double)number * log_of(range));
}

static float
normalise_pitch(const CnNotebookScale* const scale, const unsigned pitch)
{
  const float span = scale->pitch[1] - scale->pitch[0];
  return span > 0.0F ? ((float)pitch - scale->pitch[0]) / span : 0.0F;
}

uint32_t
cn_notebook_note_before(const CnNotebookScale* const scale, const CnNote* const notes, const uint32_t n)
{
  for (uint32_t i = n; i-- > 0;) {
    if (cn_notebook_scale_has(scale, notes[i].pitch)) {
      return i;
    }
  }
  return n;
}

uint32_t
cn_notebook_window(const CnNotebookScale* const scale, const CnNote* const notes, const uint32_t n_notes,
                   CnNotebookNote* const window)
{
  uint32_t index[CN_NOTEBOOK_MAX_WINDOW + 1] = {0}; // From the latest to the oldest, and the one before them
  uint32_t n                                 = 0;
  uint32_t to                                = n_notes;
  for (uint32_t at = cn_notebook_note_before(scale, notes, to); at < to && n <= scale->window;
       at          = cn_notebook_note_before(scale, notes, to)) {
    index[n++] = at;
    to         = at;
  }

  const uint32_t n_window = n < scale->window ? n : scale->window;
  for (uint32_t i = 0; i < n_window; ++i) {
    const uint32_t      back   = n_window - 1 - i;
    const CnNote* const note   = &notes[index[back]];
    const CnNote* const before = back + 1 < n ? &notes[index[back + 1]] : note;
    window[i]                  = (CnNotebookNote){
                         .step = (int64_t)note->onset - before->onset, .duration = note->duration, .pitch = note->pitch};
  }
  return n_window;
}

void
cn_notebook_window_features(const CnNotebookScale* const scale, const CnNotebookNote* const window,
                            const uint32_t n, const double ticks, float* const features)
{
  const double log_duration = log_of(scale->duration);
  const double log_step     = log_of(scale->step);
  for (uint32_t i = 0; i < n; ++i) {
    float* const row = features + (size_t)i * CN_NOTEBOOK_FEATURES;
    row[0]           = normalise_pitch(scale, window[i].pitch);
    row[1]           = normalise_by(log_duration, window[i].duration / ticks);
    row[2]           = normalise_by(log_step, (double)window[i].step / ticks);
  }
}

uint32_t
cn_notebook_features(const CnNotebookScale* const scale, const CnNote* const notes, const uint32_t n_notes,
                     const double ticks, float* const features)
{
  CnNotebookNote window[CN_NOTEBOOK_MAX_WINDOW];
  const uint32_t n = cn_notebook_window(scale, notes, n_notes, window);
  cn_notebook_window_features(scale, window, n, ticks, features);
  return n;
}
