// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/evaluation.h"

#include "dsp/network/context.h"
#include "dsp/network/network.h"

#include <stdlib.h>

// The lines that a piece is told what follows of
typedef struct {
  const CnPiece* piece;
  uint32_t       n_bars;    // From one to the next; 0: there are none
  uint32_t       at;        // First note from the line on
  CnFollowing    following; // From there on
} Ahead;

struct CnEvaluator {
  CnNetwork* network;
  CnContext* context;
};

CnEvaluator*
cn_evaluator_new(const CnModel* const model, const uint32_t longest)
{
  CnEvaluator* const evaluator = calloc(1, sizeof(CnEvaluator));
  if (!evaluator) {
    return NULL;
  }
  evaluator->network = cn_network_new(model, 0);
  evaluator->context = cn_context_new(longest);
  if (!evaluator->network || !evaluator->context) {
    cn_evaluator_free(evaluator);
    return NULL;
  }
  return evaluator;
}

void
cn_evaluator_free(CnEvaluator* const evaluator)
{
  if (evaluator) {
    cn_network_free(evaluator->network);
    cn_context_free(evaluator->context);
    free(evaluator);
  }
}

static void
take(CnEvaluator* const evaluator, const CnNote* const note)
{
  CnNoteInput input;
  cn_context_push(evaluator->context, note);
  cn_context_input(evaluator->context, &input);
  cn_network_absorb(evaluator->network, &input);
}

// What follows the next line after note `i`, or null
static const CnFollowing*
look_ahead(Ahead* const ahead, const uint32_t i)
{
  const CnPiece* const piece = ahead->piece;
  while (ahead->n_bars && ahead->at <= i && ahead->at < piece->n_notes) {
    const CnNote* const first = &piece->notes[ahead->at];
    const int32_t       line  = first->onset - first->bar.offset + (int32_t)ahead->n_bars * first->bar.length;
    while (ahead->at < piece->n_notes && piece->notes[ahead->at].onset < line) {
      ++ahead->at;
    }
    const CnNote* const next = &piece->notes[ahead->at];
    if (ahead->at < piece->n_notes &&
        !cn_following_measure(next, piece->n_notes - ahead->at, next->onset - next->bar.offset,
                              next->bar.length, &ahead->following)) {
      return NULL;
    }
  }
  return ahead->n_bars && ahead->at < piece->n_notes ? &ahead->following : NULL;
}

// Loss of the note of a piece after the last one taken
static CnLoss
score_note(const CnEvaluator* const evaluator, const CnPiece* const piece, const uint32_t i, const bool motif,
           const bool chords, const CnFollowing* const following, double ticks[CN_N_TIMINGS])
{
  const CnNote* const  note  = &piece->notes[i];
  const CnToken        token = cn_note_token(note, piece->notes[i - 1].onset);
  const CnConditioning next  = {.onset     = note->onset,
                                .bar       = note->bar,
                                .pitch     = token.factor[CN_FACTOR_PITCH],
                                .duration  = token.factor[CN_FACTOR_DURATION],
                                .motif     = motif,
                                .chord     = chords ? piece->chords[i] : CN_CHORD_NONE,
                                .following = following};
  CnLoss               loss  = {.n_notes = 1.0, .n_velocities = !piece->is_notated};
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    float p[CN_MAX_CLASSES];
    loss.nll[f] =
        cn_network_learn(evaluator->network, evaluator->context, (CnFactor)f, &next, token.factor[f], p);
    if (f == CN_FACTOR_PITCH) {
      loss.n_right = cn_likeliest_pitch(p) == token.factor[f];
    }
    cn_timing_predict((CnFactor)f, p, ticks);
  }
  loss.nll[CN_FACTOR_VELOCITY] *= loss.n_velocities;
  return loss;
}

CnScoring
cn_evaluator_score(CnEvaluator* const evaluator, const CnPiece* const piece, const bool motif,
                   const bool chords, const uint32_t following)
{
  Ahead     ahead   = {.piece = piece, .n_bars = following};
  CnScoring scoring = {.all = {.n_notes = 0.0}};
  cn_context_truncate(evaluator->context, 0);
  cn_network_begin(evaluator->network);

  for (uint32_t i = 0; i + 1 < piece->n_notes; ++i) {
    take(evaluator, &piece->notes[i]);
    double       ticks[CN_N_TIMINGS];
    const CnLoss loss = score_note(evaluator, piece, i + 1, motif, chords, look_ahead(&ahead, i), ticks);
    cn_timing_error_add(&scoring.timing, ticks, &piece->notes[i + 1], piece->notes[i].onset);
    cn_loss_add(&scoring.all, &loss);
    if (cn_context_match_length(evaluator->context) < CN_REPEAT_LENGTH) {
      cn_loss_add(&scoring.non_repeat, &loss);
    }
  }
  return scoring;
}
