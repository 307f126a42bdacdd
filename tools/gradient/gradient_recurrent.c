// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/gradient_internal.h"

#include "dsp/kernel/kernel_math.h"
#include "dsp/kernel/kernels.h"

#include <string.h>

// Where a piece begins, the state before it is zero
static void
clear_at_begins(const CnGradient* const g, const size_t t, float* const a, float* const b)
{
  for (size_t s = 0; s < g->B; ++s) {
    if (g->batch->begins[t * g->B + s]) {
      memset(a + s * g->H, 0, g->H * sizeof(float));
      memset(b + s * g->H, 0, g->H * sizeof(float));
    }
  }
}

void
cn_recurrent_forward(CnGradient* const g)
{
  const CnConstMatrix weight = {cn_gradient_parameter(g, CN_WEIGHT_RECURRENT), 1, (ptrdiff_t)g->H}; // (H, W)
  const float* const  bias   = cn_gradient_parameter(g, CN_WEIGHT_CANDIDATE);
  const bool          is_gru = g->layout.shape.cell == CN_CELL_GRU;
  cn_packed_pack(&g->packed, g->H, g->W, weight);
  cn_inputs_forward(g, g->gates);

  for (size_t t = 0; t < g->T; ++t) {
    float* const h     = g->h + t * g->B * g->H;
    float* const c     = g->c + t * g->B * g->H;
    float* const gates = g->gates + t * g->B * g->W;
    clear_at_begins(g, t, h, c);

    const CnConstMatrix before = {h, (ptrdiff_t)g->H, 1};
    if (is_gru) {
      float* const recurrent = g->recurrent + t * g->B * g->W;
      cn_packed_multiply(&g->packed, g->B, before, false, (CnMatrix){recurrent, (ptrdiff_t)g->W, 1});
      cn_gru_cell(g->B, g->H, gates, recurrent, bias, h, h + g->B * g->H);
    } else {
      cn_packed_multiply(&g->packed, g->B, before, true, (CnMatrix){gates, (ptrdiff_t)g->W, 1});
      cn_lstm_cell(g->B, g->H, gates, c, c + g->B * g->H, h + g->B * g->H);
    }
  }
}

// From dh and dc to the gradient of the gates' sums, in place, and to dc one step before
CN_KERNEL static void
lstm_cell_backward(const size_t n_batch, const size_t hidden, float* const gates, const float* const c_before,
                   const float* const c_after, const float* const d_h, float* const d_c)
{
  for (size_t b = 0; b < n_batch; ++b) {
    float* const       i      = gates + b * 4 * hidden;
    float* const       f      = i + hidden;
    float* const       g      = f + hidden;
    float* const       o      = g + hidden;
    const float* const before = c_before + b * hidden;
    const float* const after  = c_after + b * hidden;
    const float* const dh     = d_h + b * hidden;
    float* const       dc     = d_c + b * hidden;
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      const float tanh_c = cn_tanhf(after[j]);
      const float dcj    = dc[j] + dh[j] * o[j] * (1.0F - tanh_c * tanh_c);
      const float dij    = dcj * g[j] * i[j] * (1.0F - i[j]);
      const float dfj    = dcj * before[j] * f[j] * (1.0F - f[j]);
      const float dgj    = dcj * i[j] * (1.0F - g[j] * g[j]);
      dc[j]              = dcj * f[j];
      o[j]               = dh[j] * tanh_c * o[j] * (1.0F - o[j]);
      i[j]               = dij;
      f[j]               = dfj;
      g[j]               = dgj;
    }
  }
}

// From dh to the gradients of the gates' sums and of the products with h, in place, and to the part of
// dh that goes past the gates
CN_KERNEL static void
gru_cell_backward(const size_t n_batch, const size_t hidden, float* const gates, float* const recurrent,
                  const float* const h_before, float* const d_h)
{
  for (size_t b = 0; b < n_batch; ++b) {
    float* const       r      = gates + b * 3 * hidden;
    float* const       z      = r + hidden;
    float* const       n      = z + hidden;
    float* const       ur     = recurrent + b * 3 * hidden;
    float* const       uz     = ur + hidden;
    float* const       un     = uz + hidden;
    const float* const before = h_before + b * hidden;
    float* const       dh     = d_h + b * hidden;
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      const float dn = dh[j] * (1.0F - z[j]) * (1.0F - n[j] * n[j]);
      const float dz = dh[j] * (before[j] - n[j]) * z[j] * (1.0F - z[j]);
      const float dr = dn * un[j] * r[j] * (1.0F - r[j]);
      un[j]          = dn * r[j];
      ur[j]          = dr;
      uz[j]          = dz;
      dh[j] *= z[j];
      r[j] = dr;
      z[j] = dz;
      n[j] = dn;
    }
  }
}

static void
backward_step(CnGradient* const g, const size_t t)
{
  const size_t size   = g->B * g->H;
  const bool   is_gru = g->layout.shape.cell == CN_CELL_GRU;
  float* const gates  = g->gates + t * g->B * g->W;
  float*       into   = gates;

  cn_axpy(size, 1.0F, g->dropped + t * size, g->dh);
  if (is_gru) {
    into = g->recurrent + t * g->B * g->W;
    gru_cell_backward(g->B, g->H, gates, into, g->h + t * size, g->dh);
  } else {
    lstm_cell_backward(g->B, g->H, gates, g->c + t * size, g->c + (t + 1) * size, g->dh, g->dc);
  }
  cn_packed_multiply(&g->packed, g->B, (CnConstMatrix){into, (ptrdiff_t)g->W, 1}, is_gru,
                     (CnMatrix){g->dh, (ptrdiff_t)g->H, 1});
  clear_at_begins(g, t, g->dh, g->dc);
}

static void
add_weight_gradients(CnGradient* const g)
{
  const bool   is_gru = g->layout.shape.cell == CN_CELL_GRU;
  float* const d_into = is_gru ? g->recurrent : g->gates;

  cn_packed_correlate(g->packed.data, g->W, g->H, g->N, (CnConstMatrix){d_into, (ptrdiff_t)g->W, 1},
                      (CnConstMatrix){g->h, (ptrdiff_t)g->H, 1},
                      (CnMatrix){cn_gradient_weight(g, g->out, CN_WEIGHT_RECURRENT), (ptrdiff_t)g->H, 1});
  cn_inputs_backward(g, g->gates);
  for (size_t n = 0; is_gru && n < g->N; ++n) {
    cn_axpy(g->H, 1.0F, g->recurrent + n * g->W + 2 * g->H,
            cn_gradient_weight(g, g->out, CN_WEIGHT_CANDIDATE));
  }
}

void
cn_recurrent_backward(CnGradient* const g)
{
  const CnConstMatrix weight = {cn_gradient_parameter(g, CN_WEIGHT_RECURRENT), (ptrdiff_t)g->H, 1}; // (W, H)
  memset(g->dh, 0, g->B * g->H * sizeof(float));
  memset(g->dc, 0, g->B * g->H * sizeof(float));
  cn_packed_pack(&g->packed, g->W, g->H, weight);
  for (size_t t = g->T; t-- > 0;) {
    backward_step(g, t);
  }
  add_weight_gradients(g);
}
