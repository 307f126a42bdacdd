// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fuzz_models.c
   Load any bytes as a model of any architecture; whatever loads must play, if only nonsense.
*/

#include "dsp/model/any_model.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

/// Play on after a few notes; the planner must keep to its contract
static void
play(const CnPlanner* const planner)
{
  CnNote notes[3];
  for (int32_t i = 0; i < 3; ++i) {
    notes[i] = (CnNote){.onset = 7 * i, .duration = 5, .bar = {0, 96}, .pitch = 60, .velocity = 64};
  }
  CnPlanRequest request = {
      .segment   = 2,
      .bar       = {0, 96},
      .params    = {.temperature = 1.0F, .top_p = 0.9F, .motif = 1.0F, .chord = CN_CHORD_NONE, .take = 1},
      .history   = notes,
      .n_history = 3,
  };
  for (request.params.timing = 0; request.params.timing < 2; ++request.params.timing) {
    CnNote   out[CN_SEGMENT_NOTES];
    uint32_t n = 0;
    if (planner->plan(planner->handle, &request, out, &n)) {
      abort();
    }
    for (uint32_t i = 0; i < n; ++i) {
      if (out[i].onset < 24 || out[i].onset >= 36 || out[i].duration < 1 || out[i].velocity < 1 ||
          out[i].pitch < CN_PITCH_MIN || out[i].pitch > CN_PITCH_MAX) {
        abort();
      }
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  CnAnyModel    model;
  CnAnyComposer composer;
  char          fault[96];
  if (cn_any_model_load(data, size, &model, CN_FAULT(fault))) {
    return 0;
  }
  if (!cn_any_composer_init(&composer, &model)) {
    const CnPlanner planner = cn_any_composer_planner(&composer);
    play(&planner);
  }
  cn_any_composer_clear(&composer);
  cn_any_model_free(&model);
  return 0;
}
