// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/parameters.h"

#include "dsp/base/random.h"

#include <math.h>
#include <string.h>

#define INPUT_DEVIATION 0.3F
#define TABLE_DEVIATION 0.1F

static void
fill_uniform(CnRandom* const random, const size_t n, const float bound, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    x[i] = bound * (2.0F * cn_random_uniform(random) - 1.0F);
  }
}

// Uniform with a standard deviation: the shape makes no difference to a sum of many
static void
fill_table(CnRandom* const random, const size_t n, const float deviation, float* const x)
{
  fill_uniform(random, n, deviation * sqrtf(3.0F), x);
}

static void
fill_value(const CnLayout* const layout, const unsigned weight, const float value, float* const parameters)
{
  const CnWeightPlace* const place = &layout->place[weight];
  for (size_t i = 0; i < place->rows; ++i) {
    parameters[place->offset + i] = value;
  }
}

// Gains of 1, and what each half of a layer adds the smaller the more there are: Radford et al. (2019)
static void
settle_attention(const CnLayout* const layout, float* const parameters)
{
  static const unsigned gains[]  = {CN_WEIGHT_ATTENTION_NORM, CN_WEIGHT_FORWARD_NORM, CN_WEIGHT_LAST_NORM};
  static const unsigned adders[] = {CN_WEIGHT_HEARD, CN_WEIGHT_DOWN};
  for (unsigned i = 0; i < 3; ++i) {
    fill_value(layout, gains[i], 1.0F, parameters);
  }
  for (unsigned i = 0; i < 2; ++i) {
    const CnWeightPlace* const place = &layout->place[adders[i]];
    const size_t               n     = (size_t)place->rows * place->columns;
    for (size_t k = 0; k < n; ++k) {
      parameters[place->offset + k] /= sqrtf(2.0F * (float)layout->shape.layers);
    }
  }
}

void
cn_parameters_init(const CnLayout* const layout, const uint32_t seed, float* const parameters)
{
  const CnShape* const shape = &layout->shape;
  memset(parameters, 0, layout->n_parameters * sizeof(float));

  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place    = &layout->place[w];
    CnRandom                   random   = cn_random(seed, 0x494E4954, w, 0, 0);
    const size_t               n        = (size_t)place->rows * place->columns;
    float* const               x        = parameters + place->offset;
    const bool                 is_table = w >= CN_WEIGHT_HEADS && w < CN_WEIGHT_SPANS &&
                          (w - CN_WEIGHT_HEADS) % CN_N_HEAD_WEIGHTS == CN_HEAD_TABLE;
    if (place->vector || w >= CN_WEIGHT_TEXTURE) { // These say nothing at first
      continue;
    }
    if (w == CN_WEIGHT_IN_TABLE) {
      fill_table(&random, n, INPUT_DEVIATION, x);
    } else if (is_table) {
      fill_table(&random, n, TABLE_DEVIATION, x);
    } else {
      fill_uniform(&random, n, 1.0F / sqrtf((float)place->columns), x);
    }
  }

  // A forget gate that starts open: Gers, Schmidhuber and Cummins (2000)
  float* const bias = parameters + layout->place[CN_WEIGHT_IN_BIAS].offset;
  float* const deep = parameters + layout->place[CN_WEIGHT_DEEP_BIAS].offset;
  for (uint32_t i = 0; shape->cell == CN_CELL_LSTM && i < shape->hidden; ++i) {
    bias[shape->hidden + i] = 1.0F;
    for (uint32_t layer = 1; layer < cn_shape_layers(shape); ++layer) {
      deep[(4 * layer - 3) * shape->hidden + i] = 1.0F;
    }
  }
  if (shape->cell == CN_CELL_ATTENTION) {
    settle_attention(layout, parameters);
  }
}
