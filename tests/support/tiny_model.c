// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/tiny_model.h"

#include "dsp/base/random.h"
#include "dsp/file/safetensors.h"
#include "dsp/music/vocabulary.h"
#include "dsp/network/model.h"
#include "tools/judge/weights.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define LIKING 6.0F ///< [logits] by which it prefers some classes

/// Prefer the classes from `first` to `last` of a factor
static void
prefer(const CnLayout* const layout, float* const parameters, const CnFactor factor, const size_t first,
       const size_t last)
{
  float* const bias = parameters + layout->place[cn_head_weight(factor, CN_HEAD_OUT_BIAS)].offset;
  for (size_t i = first; i <= last; ++i) {
    bias[i] += LIKING;
  }
}

static CnStatus
save(const char* const path, const CnShape* const shape, const uint32_t seed)
{
  CnLayout layout;
  CN_TRY(cn_layout_init(&layout, shape));
  float* const parameters = (float*)malloc(layout.n_parameters * sizeof(float));
  if (!parameters) {
    return CN_STATUS_NO_MEMORY;
  }

  CnRandom                   random   = cn_random(seed, 0, 0, 0, 0);
  const CnWeightPlace* const textures = &layout.place[CN_WEIGHT_TEXTURE];
  for (size_t i = 0; i < layout.n_parameters; ++i) {
    const bool is_texture =
        i >= textures->offset; // Deaf to all from there on, as when old sessions were saved
    parameters[i] = is_texture ? 0.0F : cn_random_uniform(&random) - 0.5F;
  }
  prefer(&layout, parameters, CN_FACTOR_DT, 10, 12);
  prefer(&layout, parameters, CN_FACTOR_PITCH, 40, 45);
  const CnStatus status = cn_weights_save(path, &layout, parameters, CN_DTYPE_F16, NULL, 0);
  free(parameters);
  return status;
}

CnStatus
cn_tiny_model(const char* const path, const uint32_t seed)
{
  const CnShape shape = {.cell = CN_CELL_LSTM, .hidden = 8, .head = 8};
  return save(path, &shape, seed);
}

CnStatus
cn_tiny_attention(const char* const path, const CnDistance distance, const uint32_t seed)
{
  const CnShape shape = {.cell     = CN_CELL_ATTENTION,
                         .hidden   = 8,
                         .head     = 8,
                         .layers   = 2,
                         .heads    = 2,
                         .window   = 16,
                         .distance = distance};
  return save(path, &shape, seed);
}
