// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/follow/spread.h"

typedef struct {
  const CnPlanner*        planner;
  const CnFollowSettings* settings;
  CnFollowedSpreads*      followed;
} Job;

/// Measure a piece as far as is played after its first bars
static CnStatus
measure_piece(const CnPiece* const piece, const int32_t n_bars, CnSpread* const spread)
{
  CnScore* whole = NULL;
  CN_TRY(cn_score_of_passage(piece->notes, piece->n_notes, &whole));
  const int32_t bar   = cn_score_bar(whole, 0).length;
  const int32_t n_all = whole->notes[whole->n_notes - 1].onset / bar;
  const int32_t end   = n_all < CN_FOLLOW_PHRASE_BARS + n_bars ? n_all : CN_FOLLOW_PHRASE_BARS + n_bars;
  cn_spread_add(whole, CN_PART_MUSICIAN, CN_FOLLOW_PHRASE_BARS * bar, end * bar, spread);
  cn_score_free(whole);
  return CN_STATUS_SUCCESS;
}

static CnStatus
play_freely(void* const handle, const CnPiece* const piece, const CnScore* const phrase)
{
  const Job* const             job      = (const Job*)handle;
  const CnContinuationSettings settings = cn_continuation_settings(job->settings->n_bars);
  CnScore*                     score    = NULL;
  CnContinuation               place;
  CN_TRY(measure_piece(piece, job->settings->n_bars, &job->followed->real));
  CN_TRY(cn_score_continue(phrase, job->planner, &settings, &score, &place));
  cn_spread_add(score, CN_PART_CONTINUO, place.start, place.end, &job->followed->free);
  cn_score_free(score);
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_follow_spreads_play(const CnPlanner* const planner, const CnCorpus* const corpus,
                       const CnFollowSettings* const settings, CnFollowedSpreads* const followed)
{
  Job job = {planner, settings, followed};
  return cn_follow_visit(corpus, settings, play_freely, &job);
}
