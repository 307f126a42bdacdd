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

/// Tell of a score that begins with a phrase, as far as it is looked at
static CnStatus
tell(const CnPlaySettings* const settings, const CnScore* const phrase, CnNote* const notes,
     const size_t n_notes, const bool is_own)
{
  const int32_t line = notes[0].onset - notes[0].bar.offset;
  const int64_t bars = (int64_t)CN_SECTION_BARS * (settings->n_sections + 1);
  uint32_t      n    = 0;
  while (n < n_notes && notes[n].onset < line + bars * notes[0].bar.length) {
    ++n;
  }
  const uint32_t n_phrase = (uint32_t)phrase->n_notes < n ? (uint32_t)phrase->n_notes : n;
  return settings->listener ? settings->listener->hear(settings->listener->handle, notes, n_phrase, n, is_own)
                            : CN_STATUS_SUCCESS;
}

static CnStatus
add_take(const CnPlanner* const planner, const CnScore* const phrase, const char* const name,
         const CnContinuationSettings* const continuation, const CnPlaySettings* const settings,
         CnExcerpts* const own)
{
  CnScore* score = NULL;
  CN_TRY(cn_score_continue(phrase, planner, continuation, &score, NULL));
  CnStatus status = cn_excerpts_add(own, name, score, settings->n_sections);
  if (!status && continuation->params.take == 1) { // One is enough, and each takes a while
    status = tell(settings, phrase, score->notes, score->n_notes, true);
  }
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
  if (!status && phrase) {
    status = tell(settings, phrase, piece->notes, piece->n_notes, false);
  }
  for (uint32_t take = 1; !status && phrase && take <= settings->n_takes; ++take) {
    continuation.params.take = take;
    status                   = add_take(planner, phrase, piece->name, &continuation, settings, own);
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
