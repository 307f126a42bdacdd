// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/score_part.h"

#include <stdlib.h>

/// Notes that begin in the range, and end with it at the latest
static void
take_notes(const CnScore* const score, const int32_t from, const int32_t to, CnScore* const draft)
{
  for (size_t i = 0; i < score->n_notes; ++i) {
    CnNote note = score->notes[i];
    if (note.onset >= from && note.onset < to) {
      note.duration = note.duration < to - note.onset ? note.duration : to - note.onset;
      note.onset -= from;
      draft->notes[draft->n_notes++] = note;
    }
  }
}

/// All changes before the range stand at its beginning, where the last one counts
static void
take_maps(const CnScore* const score, const int32_t from, const int32_t to, CnScore* const draft)
{
  for (size_t i = 0; i < score->n_tempi && score->tempi[i].tick < to; ++i) {
    CnTempoChange change = score->tempi[i];
    change.tick          = change.tick <= from ? 0 : change.tick - from;

    draft->tempi[draft->n_tempi++] = change;
  }
  for (size_t i = 0; i < score->n_meters && score->meters[i].tick < to; ++i) {
    CnMeterChange change = score->meters[i];
    change.tick          = change.tick <= from ? 0 : change.tick - from;

    draft->meters[draft->n_meters++] = change;
  }
}

CnStatus
cn_score_part(const CnScore* const score, const int32_t from, const int32_t to, CnScore** const part)
{
  *part = NULL;
  if (from < 0 || to <= from || to > CN_SCORE_TICKS_MAX) {
    return CN_STATUS_BAD_ARG;
  }
  CnScore  draft  = {.notes  = (CnNote*)calloc(score->n_notes + 1, sizeof(CnNote)),
                     .tempi  = (CnTempoChange*)calloc(score->n_tempi + 1, sizeof(CnTempoChange)),
                     .meters = (CnMeterChange*)calloc(score->n_meters + 1, sizeof(CnMeterChange))};
  CnStatus status = draft.notes && draft.tempi && draft.meters ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  if (!status) {
    take_notes(score, from, to, &draft);
    take_maps(score, from, to, &draft);
    status = draft.n_notes == 0 ? CN_STATUS_NOT_FOUND
                                : cn_score_new(draft.notes, draft.n_notes, draft.tempi, draft.n_tempi,
                                               draft.meters, draft.n_meters, part);
  }
  if (!status) {
    (*part)->end = to - from;
  }
  free(draft.notes);
  free(draft.tempi);
  free(draft.meters);
  return status;
}
