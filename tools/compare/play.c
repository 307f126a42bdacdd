// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/play.h"

#include "tools/judge/continuation.h"

#include "dsp/music/score.h"

#include <stdlib.h>

/// Take the last excerpt back
static void
drop_last(CnExcerpts* const excerpts)
{
  free(excerpts->items[--excerpts->n].piece);
}

/// Add a piece to the real ones, and leave its phrase; none if it is not fit to go on with
static CnStatus
add_real(const CnPiece* const piece, const CnPlaySettings* const settings, CnExcerpts* const real,
         CnScore** const phrase)
{
  CnScore* whole = NULL;
  CN_TRY(cn_score_of_passage(piece->notes, piece->n_notes, &whole));
  CnStatus status = cn_excerpts_add(real, piece->name, whole, settings->n_sections);
  if (!status && !(real->items[real->n - 1].has_phrase && real->items[real->n - 1].has[0])) {
    drop_last(real);
  } else if (!status) {
    cn_score_keep_bars(whole, CN_SECTION_BARS);
    *phrase = whole;
    return CN_STATUS_SUCCESS;
  }
  cn_score_free(whole);
  return status;
}

static CnStatus
add_take(const CnPlanner* const planner, const CnScore* const phrase, const char* const name,
         const CnContinuationSettings* const settings, CnExcerpts* const own)
{
  CnScore* score = NULL;
  CN_TRY(cn_score_continue(phrase, planner, settings, &score, NULL));
  const CnStatus status = cn_excerpts_add(own, name, score, (unsigned)settings->n_bars / CN_SECTION_BARS);
  cn_score_free(score);
  return status;
}

static CnStatus
play_piece(const CnPlanner* const planner, const CnPiece* const piece, const CnPlaySettings* const settings,
           CnExcerpts* const real, CnExcerpts* const own)
{
  CnContinuationSettings continuation =
      cn_continuation_settings((int32_t)(settings->n_sections * CN_SECTION_BARS));
  CnScore* phrase = NULL;
  CnStatus status = add_real(piece, settings, real, &phrase);
  for (uint32_t take = 1; !status && phrase && take <= settings->n_takes; ++take) {
    continuation.params.take = take;
    status                   = add_take(planner, phrase, piece->name, &continuation, own);
  }
  cn_score_free(phrase);
  return status;
}

CnStatus
cn_play(const CnPlanner* const planner, const CnCorpus* const corpus, const CnPlaySettings* const settings,
        CnExcerpts* const real, CnExcerpts* const own)
{
  CnStatus status = CN_STATUS_SUCCESS;
  *real           = (CnExcerpts){0};
  *own            = (CnExcerpts){0};
  for (size_t i = 0; !status && i < corpus->n_pieces && real->n < settings->n_pieces; ++i) {
    const CnPiece* const piece = &corpus->pieces[i];
    if (!piece->first && (!settings->has_sides || piece->split == settings->side)) {
      status = play_piece(planner, piece, settings, real, own);
    }
  }
  return status;
}
