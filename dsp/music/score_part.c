// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/score_part.h"

#include <stdlib.h>

/// What goes into the part, each with as much room as the whole takes
typedef struct {
  CnNote*        notes;
  size_t         n_notes;
  CnTempoChange* tempi;
  size_t         n_tempi;
  CnMeterChange* meters;
  size_t         n_meters;
} Draft;

static void
draft_notes(Draft* const draft, const CnScore* const score, const int32_t from, const int32_t to)
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

/// The last change before the range holds at its beginning
static void
draft_maps(Draft* const draft, const CnScore* const score, const int32_t from, const int32_t to)
{
  for (size_t i = 0; i < score->n_tempi && score->tempi[i].tick < to; ++i) {
    CnTempoChange change = score->tempi[i];
    draft->n_tempi       = change.tick <= from ? 0 : draft->n_tempi;
    change.tick          = change.tick <= from ? 0 : change.tick - from;

    draft->tempi[draft->n_tempi++] = change;
  }
  for (size_t i = 0; i < score->n_meters && score->meters[i].tick < to; ++i) {
    CnMeterChange change = score->meters[i];
    draft->n_meters      = change.tick <= from ? 0 : draft->n_meters;
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
  Draft    draft  = {.notes  = (CnNote*)calloc(score->n_notes + 1, sizeof(CnNote)),
                     .tempi  = (CnTempoChange*)calloc(score->n_tempi + 1, sizeof(CnTempoChange)),
                     .meters = (CnMeterChange*)calloc(score->n_meters + 1, sizeof(CnMeterChange))};
  CnStatus status = draft.notes && draft.tempi && draft.meters ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  if (!status) {
    draft_notes(&draft, score, from, to);
    draft_maps(&draft, score, from, to);
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
