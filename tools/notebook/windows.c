// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/windows.h"

#include "dsp/notebook/features.h"

#include <stdlib.h>
#include <string.h>

// Sums while a scale is learnt
typedef struct {
  double duration, step;
  double n;
} Sums;

static void
count_pitches(const CnNotebookPiece* const pieces, const size_t n_pieces, CnNotebookScale* const scale)
{
  for (size_t p = 0; p < n_pieces; ++p) {
    for (uint32_t i = 0; i < pieces[p].n_notes; ++i) {
      scale->counts[pieces[p].notes[i].pitch - CN_PITCH_MIN] += 1.0F;
    }
  }
  scale->pitch[0] = CN_PITCH_MAX;
  scale->pitch[1] = CN_PITCH_MIN;
  for (unsigned p = CN_PITCH_MIN; p <= CN_PITCH_MAX; ++p) {
    if (cn_notebook_scale_has(scale, p)) {
      scale->pitch[0] = (float)p < scale->pitch[0] ? (float)p : scale->pitch[0];
      scale->pitch[1] = (float)p;
    }
  }
}

static void
measure_piece(const CnNotebookPiece* const piece, CnNotebookScale* const scale, Sums* const sums)
{
  uint32_t before = piece->n_notes;
  for (uint32_t i = 0; i < piece->n_notes; ++i) {
    const CnNote* const note = &piece->notes[i];
    if (!cn_notebook_scale_has(scale, note->pitch)) {
      continue;
    }
    const CnNote* const from     = before < piece->n_notes ? &piece->notes[before] : note;
    const double        duration = note->duration / piece->ticks;
    const double        step     = ((double)note->onset - from->onset) / piece->ticks;
    scale->duration[0] = (float)duration > scale->duration[0] ? (float)duration : scale->duration[0];
    scale->step[0]     = (float)step > scale->step[0] ? (float)step : scale->step[0];
    if (before < piece->n_notes) { // The first note is nobody's target
      sums->duration += duration;
      sums->step += step;
      sums->n += 1.0;
    }
    before = i;
  }
}

CnStatus
cn_notebook_scale_learn(const CnNotebookPiece* const pieces, const size_t n_pieces, const CnNotebookUnit unit,
                        const uint32_t window, const uint32_t min_count, CnNotebookScale* const scale)
{
  Sums sums = {0.0, 0.0, 0.0};
  *scale    = (CnNotebookScale){.unit = unit, .window = window, .min_count = min_count};
  count_pitches(pieces, n_pieces, scale);
  for (size_t p = 0; p < n_pieces; ++p) {
    measure_piece(&pieces[p], scale, &sums);
  }
  if (sums.n > 0.0) {
    scale->duration[1] = (float)(sums.duration / sums.n);
    scale->step[1]     = (float)(sums.step / sums.n);
  }
  return cn_notebook_scale_is_sound(scale) ? CN_STATUS_SUCCESS : CN_STATUS_NOT_FOUND;
}

// Something to learn from: a pitch that is not left out, after another one
static bool
is_lesson(const CnNotebookPiece* const piece, const CnNotebookScale* const scale, const uint32_t note)
{
  return cn_notebook_scale_has(scale, piece->notes[note].pitch) &&
         cn_notebook_note_before(scale, piece->notes, note) < note;
}

CnNotebookTarget*
cn_notebook_targets(const CnNotebookPiece* const pieces, const size_t n_pieces,
                    const CnNotebookScale* const scale, const bool all, size_t* const n_targets)
{
  size_t n = 0;
  for (size_t p = 0; p < n_pieces; ++p) {
    n += pieces[p].n_notes;
  }
  CnNotebookTarget* const targets = calloc(n ? n : 1, sizeof(CnNotebookTarget));

  *n_targets = 0;
  for (size_t p = 0; p < n_pieces && targets; ++p) {
    for (uint32_t i = 1; i < pieces[p].n_notes; ++i) {
      if (all || is_lesson(&pieces[p], scale, i)) {
        targets[(*n_targets)++] = (CnNotebookTarget){(uint32_t)p, i};
      }
    }
  }
  return targets;
}

CnStatus
cn_notebook_batch_init(CnNotebookBatch* const batch, const uint32_t window, const size_t capacity)
{
  const size_t n_features = capacity * window * CN_NOTEBOOK_FEATURES;
  *batch                  = (CnNotebookBatch){.n_steps  = window,
                                              .capacity = capacity,
                                              .n_active = calloc(window, sizeof(uint32_t)),
                                              .x        = calloc(n_features, sizeof(float)),
                                              .target   = calloc(capacity, sizeof(CnNotebookTarget)),
                                              .pitch    = calloc(capacity, sizeof(uint8_t)),
                                              .timing   = calloc(2 * capacity, sizeof(float)),
                                              .before   = calloc(capacity, sizeof(double)),
                                              .scratch  = calloc(n_features, sizeof(float)),
                                              .length   = calloc(capacity, sizeof(uint32_t))};
  if (batch->n_active && batch->x && batch->target && batch->pitch && batch->timing && batch->before &&
      batch->scratch && batch->length) {
    return CN_STATUS_SUCCESS;
  }
  cn_notebook_batch_clear(batch);
  return CN_STATUS_NO_MEMORY;
}

void
cn_notebook_batch_clear(CnNotebookBatch* const batch)
{
  free(batch->n_active);
  free(batch->x);
  free(batch->target);
  free(batch->pitch);
  free(batch->timing);
  free(batch->before);
  free(batch->scratch);
  free(batch->length);
  *batch = (CnNotebookBatch){0};
}

// Put a window in its column, so that it ends at the last step
static void
place_window(CnNotebookBatch* const batch, const size_t from, const size_t to)
{
  const uint32_t length = batch->length[from];
  for (size_t i = 0; i < length; ++i) {
    const size_t t = batch->n_steps - length + i;
    memcpy(batch->x + (t * batch->n_batch + to) * CN_NOTEBOOK_FEATURES,
           batch->scratch + (from * batch->n_steps + i) * CN_NOTEBOOK_FEATURES,
           CN_NOTEBOOK_FEATURES * sizeof(float));
    ++batch->n_active[t];
  }
}

static void
set_target(CnNotebookBatch* const batch, const CnNotebookScale* const scale,
           const CnNotebookPiece* const piece, const CnNotebookTarget target, const size_t b)
{
  const CnNote* const note  = &piece->notes[target.note];
  const uint32_t      heard = cn_notebook_note_before(scale, piece->notes, target.note);
  const uint32_t      from  = heard < target.note ? heard : target.note - 1;
  const double        onset = piece->notes[from].onset;

  batch->target[b]         = target;
  batch->pitch[b]          = (uint8_t)(note->pitch - CN_PITCH_MIN);
  batch->before[b]         = onset / piece->ticks;
  batch->timing[2 * b]     = cn_notebook_normalise(scale->duration, note->duration / piece->ticks);
  batch->timing[2 * b + 1] = cn_notebook_normalise(scale->step, (note->onset - onset) / piece->ticks);
}

void
cn_notebook_batch_fill(CnNotebookBatch* const batch, const CnNotebookScale* const scale,
                       const CnNotebookPiece* const pieces, const CnNotebookTarget* const targets,
                       const size_t n)
{
  batch->n_batch = n;
  memset(batch->n_active, 0, batch->n_steps * sizeof(uint32_t));
  memset(batch->x, 0, batch->n_steps * n * CN_NOTEBOOK_FEATURES * sizeof(float));
  for (size_t i = 0; i < n; ++i) {
    const CnNotebookPiece* const piece = &pieces[targets[i].piece];
    batch->length[i] = cn_notebook_features(scale, piece->notes, targets[i].note, piece->ticks,
                                            batch->scratch + i * batch->n_steps * CN_NOTEBOOK_FEATURES);
  }

  size_t b = 0;
  for (size_t length = batch->n_steps + 1; length-- > 0;) {
    for (size_t i = 0; i < n; ++i) {
      if (batch->length[i] == length) {
        place_window(batch, i, b);
        set_target(batch, scale, &pieces[targets[i].piece], targets[i], b++);
      }
    }
  }
}
