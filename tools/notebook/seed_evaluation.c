// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/seed_evaluation.h"

#include "tools/notebook/seed_gradient.h"
#include "tools/notebook/seed_pieces.h"

#include "dsp/kernel/blas.h"
#include "dsp/network/context.h"
#include "dsp/notebook/seed_features.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define N_BATCH 64

struct CnSeedEvaluator {
  const CnSeedModel* model;
  CnSeedGradient*    gradient[CN_N_SEED_TASKS];
  CnSeedBatch        batch;
  CnContext*         context;   // That tells what repeats
  bool*              is_repeat; // (longest) notes before which a long motif comes again
};

CnSeedEvaluator*
cn_seed_evaluator_new(const CnSeedModel* const model, const uint32_t longest)
{
  const uint32_t         window    = cn_seed_model_scale(model)->window;
  CnSeedEvaluator* const evaluator = calloc(1, sizeof(CnSeedEvaluator));
  if (!evaluator) {
    return NULL;
  }

  cn_blas_init();
  evaluator->model     = model;
  evaluator->context   = cn_context_new(longest);
  evaluator->is_repeat = calloc(longest, sizeof(bool));
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    evaluator->gradient[i] =
        cn_seed_gradient_new(cn_seed_model_net(model, (CnSeedTask)i), (CnSeedTask)i, window, N_BATCH);
  }
  if (!evaluator->context || !evaluator->is_repeat || !evaluator->gradient[0] || !evaluator->gradient[1] ||
      cn_seed_batch_init(&evaluator->batch, window, N_BATCH)) {
    cn_seed_evaluator_free(evaluator);
    return NULL;
  }
  return evaluator;
}

void
cn_seed_evaluator_free(CnSeedEvaluator* const evaluator)
{
  if (evaluator) {
    cn_seed_gradient_free(evaluator->gradient[0]);
    cn_seed_gradient_free(evaluator->gradient[1]);
    cn_seed_batch_clear(&evaluator->batch);
    cn_context_free(evaluator->context);
    free(evaluator->is_repeat);
    free(evaluator);
  }
}

static void
find_repeats(CnSeedEvaluator* const evaluator, const CnPiece* const piece)
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
pace(const CnPiece* const piece, const CnSeedPiece* const read, const uint32_t note)
{
  return read->ticks * piece->notes[note - 1].duration / read->notes[note - 1].duration;
}

// Count the timing of a note for which `duration` and `step` were told, in the scale's unit
static void
add_timing(CnTimingError* const sum, const CnPiece* const piece, const CnSeedPiece* const read,
           const CnSeedScale* const scale, const uint32_t note, const double duration, const double step)
{
  const uint32_t heard               = cn_seed_note_before(scale, piece->notes, note);
  const int32_t  before              = piece->notes[note - 1].onset;
  const double   lag                 = heard < note ? (double)piece->notes[heard].onset - before : 0.0;
  const double   ticks[CN_N_TIMINGS] = {[CN_TIMING_STEP]     = step * pace(piece, read, note) + lag,
                                        [CN_TIMING_DURATION] = duration * pace(piece, read, note)};
  cn_timing_error_add(sum, ticks, &piece->notes[note], before);
}

// Score the notes from `first` on, as many as a batch holds
static void
score_batch(CnSeedEvaluator* const evaluator, const CnPiece* const piece, const CnSeedPiece* const read,
            const uint32_t first, CnScoring* const scoring)
{
  const CnSeedScale* const scale  = cn_seed_model_scale(evaluator->model);
  CnSeedLoss               unused = {0.0, 0.0, 0.0};
  CnSeedTarget             targets[N_BATCH];
  const float*             outputs[CN_N_SEED_TASKS];
  size_t                   n = 0;
  for (uint32_t i = first; i < piece->n_notes && n < N_BATCH; ++i) {
    targets[n++] = (CnSeedTarget){0, i};
  }
  cn_seed_batch_fill(&evaluator->batch, scale, read, targets, n);
  for (unsigned i = 0; i < CN_N_SEED_TASKS; ++i) {
    outputs[i] = cn_seed_gradient_evaluate(evaluator->gradient[i],
                                           cn_seed_model_parameters(evaluator->model, (CnSeedTask)i),
                                           &evaluator->batch, &unused);
  }
  for (size_t b = 0; b < n; ++b) {
    const uint32_t     note   = evaluator->batch.target[b].note;
    const float* const timing = outputs[CN_SEED_TIMING] + 2 * b;
    const CnLoss loss = pitch_loss(outputs[CN_SEED_PITCH] + b * CN_N_PITCHES, evaluator->batch.pitch[b]);
    cn_loss_add(&scoring->all, &loss);
    if (!evaluator->is_repeat[note]) {
      cn_loss_add(&scoring->non_repeat, &loss);
    }
    add_timing(&scoring->timing, piece, read, scale, note,
               (double)cn_seed_denormalise(scale->duration, timing[0]),
               (double)cn_seed_denormalise(scale->step, timing[1]));
  }
}

static CnScoring
score_mean(const CnSeedScale* const scale, const CnPiece* const piece, const CnSeedPiece* const read)
{
  CnScoring mean = {.all = {.nll = {NAN, NAN, NAN, NAN}, .n_right = NAN}};
  for (uint32_t i = 1; i < piece->n_notes; ++i) {
    add_timing(&mean.timing, piece, read, scale, i, (double)scale->duration[1], (double)scale->step[1]);
    mean.all.n_notes += 1.0;
  }
  return mean;
}

CnStatus
cn_seed_evaluator_score(CnSeedEvaluator* const evaluator, const CnPiece* const piece, const char* const path,
                        CnScoring* const scoring, CnScoring* const mean, char* const fault,
                        const size_t fault_size)
{
  const CnSeedScale* const scale = cn_seed_model_scale(evaluator->model);
  CnSeedPiece              read;
  CnNote*                  copy = NULL;
  CN_TRY(cn_seed_piece_init(piece, scale->unit, path, &read, &copy, fault, fault_size));
  *scoring = (CnScoring){.all = {.n_notes = 0.0}};
  find_repeats(evaluator, piece);
  for (uint32_t first = 1; first < piece->n_notes; first += N_BATCH) {
    score_batch(evaluator, piece, &read, first, scoring);
  }
  *mean = score_mean(scale, piece, &read);
  free(copy);
  return CN_STATUS_SUCCESS;
}
