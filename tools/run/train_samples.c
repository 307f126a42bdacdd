// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_samples.h"

#include "tools/judge/continuation.h"
#include "tools/judge/copies.h"

#include "dsp/music/score.h"
#include "dsp/network/composer.h"

#define N_SAMPLES 6
#define PHRASE_NOTES 64U // Of a piece that are continued; half of a short one
#define SAMPLE_BARS 16

static uint32_t
phrase_size(const CnPiece* const piece)
{
  return piece->n_notes / 2 < PHRASE_NOTES ? piece->n_notes / 2 : PHRASE_NOTES;
}

// Keep the longer passage
static CnStatus
look_for_copies(const CnNote* const notes, const size_t n, const CnCorpus* const corpus,
                CnSampleCheck* const check)
{
  CnCopy copy;
  CN_TRY(cn_copies_find(notes, n, corpus, true, &copy));
  if (copy.n_notes > check->n_copied) {
    check->n_copied      = copy.n_notes;
    check->piece         = &corpus->pieces[copy.piece];
    check->bar           = copy.bar;
    check->transposition = copy.transposition;
  }
  return CN_STATUS_SUCCESS;
}

// The same for what the composer of a piece has gone on with
static CnStatus
look_for_quotations(const CnPiece* const piece, const size_t n, const CnCorpus* const corpus,
                    CnSampleCheck* const check)
{
  const uint32_t first = phrase_size(piece);
  const size_t   left  = piece->n_notes - first;
  CnCopy         copy;
  CN_TRY(cn_copies_find(piece->notes + first, n < left ? n : left, corpus, true, &copy));
  check->n_genuine = copy.n_notes > check->n_genuine ? copy.n_notes : check->n_genuine;
  return CN_STATUS_SUCCESS;
}

// Notes of a score that the model has played, at its start
static size_t
keep_played(CnScore* const score)
{
  size_t n = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    if (score->notes[i].part == CN_PART_CONTINUO) {
      score->notes[n++] = score->notes[i];
    }
  }
  return n;
}

static CnStatus
check_piece(const CnPlanner* const planner, const CnPiece* const piece, const CnCorpus* const corpus,
            CnSampleCheck* const check)
{
  const CnContinuationSettings settings = cn_continuation_settings(SAMPLE_BARS);
  CnScore*                     phrase   = NULL;
  CnScore*                     played   = NULL;
  CnStatus                     status   = cn_score_of_passage(piece->notes, phrase_size(piece), &phrase);
  if (!status) {
    status = cn_score_continue(phrase, planner, &settings, &played, NULL);
  }
  const size_t n = played ? keep_played(played) : 0;
  if (!status && n) {
    status = look_for_copies(played->notes, n, corpus, check);
    check->n_notes += n;
    ++check->n_samples;
  }
  if (!status && n) {
    status = look_for_quotations(piece, n, corpus, check);
  }
  cn_score_free(phrase);
  cn_score_free(played);
  return status;
}

CnStatus
cn_train_samples_check(const CnModel* const model, const CnCorpus* const corpus, CnSampleCheck* const check)
{
  *check                     = (CnSampleCheck){0};
  CnComposer* const composer = cn_composer_new(model);
  CnStatus          status   = composer ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  for (size_t i = 0; !status && i < corpus->n_pieces && check->n_samples < N_SAMPLES; ++i) {
    const CnPiece* const piece = &corpus->pieces[i];
    if (piece->split == CN_SPLIT_VALID && !piece->first && piece->n_notes >= 4) {
      const CnPlanner planner = cn_composer_planner(composer);
      status                  = check_piece(&planner, piece, corpus, check);
    }
  }
  cn_composer_free(composer);
  return status;
}
