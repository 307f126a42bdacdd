// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tiny_model.h"

#include "dsp/model.h"
#include "dsp/random.h"
#include "dsp/safetensors.h"
#include "dsp/vocabulary.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#define HIDDEN 8
#define HEAD 8
#define SHORT_DT 24        ///< [ticks]
#define SHORT_DT_BIAS 3.0F ///< [logits]

static void
add_weight(CnTensorsWriter* const writer, const CnLayout* const layout, const unsigned weight,
           const uint32_t seed)
{
  const CnWeightPlace* const place    = &layout->place[weight];
  const size_t               shape[2] = {place->rows, place->columns};
  const size_t               n        = shape[0] * shape[1];
  float* const               values   = (float*)malloc(n * sizeof(float));
  CnRandom                   random   = cn_random(seed, 0, weight, 0, 0);
  assert(values);
  for (size_t i = 0; i < n; ++i) {
    const bool is_short = weight == cn_head_weight(CN_FACTOR_DT, CN_HEAD_OUT_BIAS) && i <= SHORT_DT;
    values[i]           = cn_random_uniform(&random) - 0.5F + (is_short ? SHORT_DT_BIAS : 0.0F);
  }
  const CnStatus status = cn_tensors_writer_add(writer, cn_weight_name(weight), CN_DTYPE_F16, shape,
                                                place->vector ? 1 : 2, values);
  assert(!status);
  (void)status;
  free(values);
}

void
cn_tiny_model(const uint32_t seed, uint8_t** const data, size_t* const size)
{
  static const char* const metadata[][2] = {
      {"architecture", "continuo"}, {"vocabulary", "1"}, {"cell", "lstm"}, {"hidden", "8"}, {"head", "8"}};

  const CnShape          shape  = {CN_CELL_LSTM, HIDDEN, HEAD};
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  CnLayout               layout;
  assert(writer);
  cn_layout_init(&layout, &shape);
  for (size_t i = 0; i < sizeof(metadata) / sizeof(metadata[0]); ++i) {
    cn_tensors_writer_add_metadata(writer, metadata[i][0], metadata[i][1]);
  }
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    if (layout.place[w].rows) {
      add_weight(writer, &layout, w, seed);
    }
  }
  *data = NULL;
  cn_tensors_writer_finish(writer, data, size);
  cn_tensors_writer_free(writer);
}
