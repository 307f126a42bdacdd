// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tiny_model.h"

#include "dsp/model.h"
#include "dsp/random.h"
#include "dsp/safetensors.h"
#include "dsp/vocabulary.h"
#include "tools/weights.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define SHORT_DT 24        ///< [ticks]
#define SHORT_DT_BIAS 3.0F ///< [logits]

CnStatus
cn_tiny_model(const char* const path, const uint32_t seed)
{
  const CnShape shape = {CN_CELL_LSTM, 8, 8};
  CnLayout      layout;
  CN_TRY(cn_layout_init(&layout, &shape));
  float* const parameters = (float*)malloc(layout.n_parameters * sizeof(float));
  if (!parameters) {
    return CN_STATUS_NO_MEMORY;
  }

  CnRandom     random = cn_random(seed, 0, 0, 0, 0);
  const size_t bias   = layout.place[cn_head_weight(CN_FACTOR_DT, CN_HEAD_OUT_BIAS)].offset;
  for (size_t i = 0; i < layout.n_parameters; ++i) {
    const bool is_short = i >= bias && i <= bias + SHORT_DT;
    parameters[i]       = cn_random_uniform(&random) - 0.5F + (is_short ? SHORT_DT_BIAS : 0.0F);
  }
  const CnStatus status = cn_weights_save(path, &layout, parameters, CN_DTYPE_F16, NULL, 0);
  free(parameters);
  return status;
}
