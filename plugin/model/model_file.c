// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/model/model_file.h"

#include "plugin/model/model_cache.h"

#include <stdint.h>

/// Plan a segment after a single note: touches all weights, and lets the kernels choose their code
static void
prewarm(const CnPlanner* const planner)
{
  const CnBar  bar  = {0, 4 * CN_TICKS_PER_QUARTER};
  const CnNote note = {.duration = CN_TICKS_PER_QUARTER, .bar = {0, bar.length}, .pitch = 60, .velocity = 64};
  const CnPlanRequest request = {
      .segment   = 4,
      .bar       = bar,
      .params    = {.temperature = 1.0F, .top_p = 1.0F, .motif = 0.5F, .chord = CN_CHORD_NONE, .take = 1},
      .history   = &note,
      .n_history = 1,
  };
  CnNote   notes[CN_SEGMENT_NOTES];
  uint32_t n_notes = 0;
  (void)planner->plan(planner->handle, &request, notes, &n_notes);
}

CnStatus
cn_model_file_load(const char* const path, CnModelFile* const file, const CnFault fault)
{
  *file = (CnModelFile){0};
  CN_TRY(cn_model_cache_get(path, &file->model, fault));
  const CnStatus status = cn_any_composer_init(&file->composer, &file->model);
  if (status) {
    cn_model_file_clear(file);
    return CN_FAIL(fault, status, "%s", cn_strerror(status));
  }
  file->planner = cn_any_composer_planner(&file->composer);
  prewarm(&file->planner);
  return CN_STATUS_SUCCESS;
}

void
cn_model_file_clear(CnModelFile* const file)
{
  cn_any_composer_clear(&file->composer);
  cn_model_cache_put(&file->model);
  *file = (CnModelFile){0};
}
