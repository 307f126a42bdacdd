// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What all trunks begin with: memory, and the sums of their inputs.
*/

#include "tools/gradient/gradient_internal.h"

#include "dsp/kernel/kernels.h"

#include <stdlib.h>
#include <string.h>

float*
cn_gradient_floats(const size_t n)
{
  float* const floats = aligned_alloc(64, (n * sizeof(float) + 63) & ~(size_t)63);
  if (floats) {
    memset(floats, 0, n * sizeof(float));
  }
  return floats;
}

void
cn_inputs_forward(const CnGradient* const g, float* const to)
{
  const float* const bias  = cn_gradient_parameter(g, CN_WEIGHT_IN_BIAS);
  const float* const table = cn_gradient_parameter(g, CN_WEIGHT_IN_TABLE);
  for (size_t n = 0; n < g->N; ++n) {
    const CnNoteInput* const input = &g->batch->inputs[n];
    memcpy(to + n * g->W, bias, g->W * sizeof(float));
    cn_add_rows(g->W, to + n * g->W, table, input->row, input->n_rows);
  }
}

void
cn_inputs_backward(const CnGradient* const g, const float* const d)
{
  float* const bias  = cn_gradient_weight(g, g->out, CN_WEIGHT_IN_BIAS);
  float* const table = cn_gradient_weight(g, g->out, CN_WEIGHT_IN_TABLE);
  for (size_t n = 0; n < g->N; ++n) {
    const CnNoteInput* const input = &g->batch->inputs[n];
    cn_axpy(g->W, 1.0F, d + n * g->W, bias);
    cn_add_to_rows(g->W, table, input->row, input->n_rows, d + n * g->W);
  }
}
