// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/evaluation.h"

#include "tools/notebook/gradient.h"
#include "tools/notebook/pieces.h"

#include "dsp/network/context.h"
#include "dsp/notebook/features.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define N_BATCH 64

struct CnNotebookEvaluator {
  const CnNotebookModel* model;
  CnNotebookGradient*    gradient[CN_N_NOTEBOOK_TASKS];
  CnNotebookBatch        batch;
  CnContext*             context;   // That tells what repeats
  bool*                  is_repeat; // (longest) notes before which a long motif comes again
};

CnNotebookEvaluator*
cn_notebook_evaluator_new(const CnNotebookModel* const model, const uint32_t longest)
{
  const uint32_t             window    = cn_notebook_model_scale(model)->window;
  CnNotebookEvaluator* const evaluator = calloc(1, sizeof(CnNotebookEvaluator));
  if (!evaluator) {
    return NULL;
  }

  evaluator->model     = model;
  evaluator->context   = cn_context_new(longest);
  evaluator->is_repeat = calloc(longest, sizeof(bool));
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    evaluator->gradient[i] = cn_notebook_gradient_new(cn_notebook_model_net(model, (CnNotebookTask)i),
                                                      (CnNotebookTask)i, window, N_BATCH);
  }
  if (!evaluator->context || !evaluator->is_repeat || !evaluator->gradient[0] || !evaluator->gradient[1] ||
      cn_notebook_batch_init(&evaluator->batch, window, N_BATCH)) {
    cn_notebook_evaluator_free(evaluator);
    return NULL;
  }
  return evaluator;
}

void
cn_notebook_evaluator_free(CnNotebookEvaluator* const evaluator)
{
  if (evaluator) {
    cn_notebook_gradient_free(evaluator->gradient[0]);
    cn_notebook_gradient_free(evaluator->gradient[1]);
    cn_notebook_batch_clear(&evaluator->batch);
    cn_context_free(evaluator->context);
    free(evaluator->is_repeat);
    free(evaluator);
  }
}

static void
find_repeats(CnNotebookEvaluator* const evaluator, const CnPiece* const piece)
{
  cn_context_truncate(evaluator->context, 0);
  for (uint32_t i = 1; i < piece->n_notes; ++i) {
    const bool has_room     = !cn_context_push(evaluator->context, &piece->notes[i - 1]);
    evaluator->is_repeat[i] = has_room && cn_context_match_length(evaluator->context) >= CN_REPEAT_LENGTH;
  }
}

static CnLoss
pitch_loss(const float* const p, const uint8_t target)
{
  unsigned top = 0;
  for (unsigned i = 1; i < CN_N_PITCHES; ++i) {
    top = p[i] > p[top] ? i : top;
  }
  CnLoss loss               = {.nll = {NAN, NAN, NAN, NAN}, .n_notes = 1.0, .n_right = top == target};
  loss.nll[CN_FACTOR_PITCH] = -log((double)p[target]);
  return loss;
}

// Ticks of a piece for one of the scale's unit, at some note: for seconds, at the pace of the one before
static double
pace(const CnPiece* const piece, const CnNotebookPiece* const read, const uint32_t note)
{
  return read->ticks * piece->notes[note - 1].duration / read->notes[note - 1].duration;
}

// Count the timing of a note for which `duration` and `step` were told, in the scale's unit
static void
add_timing(CnTimingError* const sum, const CnPiece* const piece, const CnNotebookPiece* const read,
           const CnNotebookScale* const scale, const uint32_t note, const double duration, const double step)
{
  const uint32_t heard               = cn_notebook_note_before(scale, piece->notes, note);
  const int32_t  before              = piece->notes[note - 1].onset;
  const double   lag                 = heard < note ? (double)piece->notes[heard].onset - before : 0.0;
  const double   ticks[CN_N_TIMINGS] = {[CN_TIMING_STEP]     = step * pace(piece, read, note) + lag,
                                        [CN_TIMING_DURATION] = duration * pace(piece, read, note)};
  cn_timing_error_add(sum, ticks, &piece->notes[note], before);
}

// Score the notes from `first` on, as many as a batch holds
static void
score_batch(CnNotebookEvaluator* const evaluator, const CnPiece* const piece,
            const CnNotebookPiece* const read, const uint32_t first, CnScoring* const scoring)
{
  const CnNotebookScale* const scale  = cn_notebook_model_scale(evaluator->model);
  CnNotebookLoss               unused = {0.0, 0.0, 0.0};
  CnNotebookTarget             targets[N_BATCH];
  const float*                 outputs[CN_N_NOTEBOOK_TASKS];
  size_t                       n = 0;
  for (uint32_t i = first; i < piece->n_notes && n < N_BATCH; ++i) {
    targets[n++] = (CnNotebookTarget){0, i};
  }
  cn_notebook_batch_fill(&evaluator->batch, scale, read, targets, n);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    outputs[i] = cn_notebook_gradient_evaluate(
        evaluator->gradient[i], cn_notebook_model_parameters(evaluator->model, (CnNotebookTask)i),
        &evaluator->batch, &unused);
  }
  for (size_t b = 0; b < n; ++b) {
    const uint32_t     note   = evaluator->batch.target[b].note;
    const float* const timing = outputs[CN_NOTEBOOK_TIMING] + 2 * b;
    const CnLoss loss = pitch_loss(outputs[CN_NOTEBOOK_PITCH] + b * CN_N_PITCHES, evaluator->batch.pitch[b]);
    cn_loss_add(&scoring->all, &loss);
    if (!evaluator->is_repeat[note]) {
      cn_loss_add(&scoring->non_repeat, &loss);
    }
    add_timing(&scoring->timing, piece, read, scale, note,
               (double)cn_notebook_denormalise(scale->duration, timing[0]),
               (double)cn_notebook_denormalise(scale->step, timing[1]));
  }
}

static CnScoring
score_mean(const CnNotebookScale* const scale, const CnPiece* const piece, const CnNotebookPiece* const read)
{
  CnScoring mean = {.all = {.nll = {NAN, NAN, NAN, NAN}, .n_right = NAN}};
  for (uint32_t i = 1; i < piece->n_notes; ++i) {
    add_timing(&mean.timing, piece, read, scale, i, (double)scale->duration[1], (double)scale->step[1]);
    mean.all.n_notes += 1.0;
  }
  return mean;
}

CnStatus
cn_notebook_evaluator_score(CnNotebookEvaluator* const evaluator, const CnPiece* const piece,
                            const char* const path, CnScoring* const scoring, CnScoring* const mean,
                            const CnFault fault)
{
  const CnNotebookScale* const scale = cn_notebook_model_scale(evaluator->model);
  CnNotebookPiece              read;
  CnNote*                      copy = NULL;
  CN_TRY(cn_notebook_piece_init(piece, scale->unit, path, &read, &copy, fault));
  *scoring = (CnScoring){.all = {.n_notes = 0.0}};
  find_repeats(evaluator, piece);
  for (uint32_t first = 1; first < piece->n_notes; first += N_BATCH) {
    score_batch(evaluator, piece, &read, first, scoring);
  }
  *mean = score_mean(scale, piece, &read);
  free(copy);
  return CN_STATUS_SUCCESS;
}
