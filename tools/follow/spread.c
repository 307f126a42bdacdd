// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/follow/spread.h"

#include <math.h>

#define MOST_BARS 512

typedef struct {
  const CnPlanner*        planner;
  const CnFollowSettings* settings;
  CnFollowedSpreads*      followed;
} Job;

const CnFollowControl*
cn_follow_density(void)
{
  const CnFollowControl* control = cn_follow_controls;
  while (control->measure != CN_MEASURE_DENSITY) {
    ++control;
  }
  return control;
}

/// Count the notes of whole bars, and say how much their numbers vary
static void
add(const CnScore* const score, const unsigned part, const int32_t start, const int32_t n_bars,
    CnFollowedSpread* const spread)
{
  const int32_t bar           = cn_score_bar(score, 0).length;
  const int32_t n             = n_bars < MOST_BARS ? n_bars : MOST_BARS;
  double        in[MOST_BARS] = {0.0};
  double        sum           = 0.0;
  double        squares       = 0.0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    if (note->part == part && note->onset >= start && (note->onset - start) / bar < n) {
      ++in[(note->onset - start) / bar];
    }
  }
  for (int32_t b = 0; b < n; ++b) {
    sum += in[b];
    squares += in[b] * in[b];
  }
  if (sum > 0.0) {
    ++spread->n;
    spread->sum += sqrt(fmax(0.0, squares * n / (sum * sum) - 1.0));
  }
}

/// Play at a density; 0: as it likes
static CnStatus
play(const Job* const job, const CnScore* const phrase, const double density, CnFollowedSpread* const spread)
{
  CnContinuationSettings settings = cn_continuation_settings(job->settings->n_bars);
  CnScore*               score    = NULL;
  CnContinuation         place;
  cn_follow_density()->ask(&settings.params.rules, density);
  CN_TRY(cn_score_continue(phrase, job->planner, &settings, &score, &place));
  const int32_t bar  = cn_score_bar(phrase, 0).length;
  const int32_t line = (place.start + bar - 1) / bar * bar;
  add(score, CN_PART_CONTINUO, line, (place.end - line) / bar, spread);
  cn_score_free(score);
  return CN_STATUS_SUCCESS;
}

static CnStatus
play_densities(void* const handle, const CnPiece* const piece, const CnScore* const phrase)
{
  const Job* const       job     = (const Job*)handle;
  const CnFollowControl* control = cn_follow_density();
  CnScore*               whole   = NULL;
  CN_TRY(cn_score_of_passage(piece->notes, piece->n_notes, &whole));
  const int32_t bar  = cn_score_bar(whole, 0).length;
  const int32_t left = whole->notes[whole->n_notes - 1].onset / bar - CN_FOLLOW_PHRASE_BARS;
  add(whole, CN_PART_MUSICIAN, CN_FOLLOW_PHRASE_BARS * bar,
      left < job->settings->n_bars ? left : job->settings->n_bars, &job->followed->real);
  cn_score_free(whole);
  CN_TRY(play(job, phrase, 0.0, &job->followed->free));
  for (unsigned s = 0; s < control->n_settings; ++s) {
    CN_TRY(play(job, phrase, control->settings[s], &job->followed->settings[s]));
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_follow_spreads_play(const CnPlanner* const planner, const CnCorpus* const corpus,
                       const CnFollowSettings* const settings, CnFollowedSpreads* const followed)
{
  Job job = {planner, settings, followed};
  return cn_follow_visit(corpus, settings, play_densities, &job);
}
