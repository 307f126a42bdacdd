// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "kernels.h"

#include "kernel_math.h"

#include <assert.h>
#include <math.h>

CN_KERNEL void
cn_add_rows(const size_t n, float* const restrict y, const float* const restrict table,
            const uint16_t* const restrict row, const size_t n_rows)
{
  for (size_t r = 0; r < n_rows; ++r) {
    const float* const restrict x = table + row[r] * n;
    for (size_t i = 0; i < n; ++i) {
      y[i] += x[i];
    }
  }
}

CN_KERNEL void
cn_axpy(const size_t n, const float a, const float* const restrict x, float* const restrict y)
{
  for (size_t i = 0; i < n; ++i) {
    y[i] += a * x[i];
  }
}

CN_KERNEL void
cn_lstm_cell(const size_t n_batch, const size_t hidden, float* const gates, const float* const c_before,
             float* const c, float* const h)
{
  for (size_t b = 0; b < n_batch; ++b) {
    float* const       i    = gates + b * 4 * hidden;
    float* const       f    = i + hidden;
    float* const       g    = f + hidden;
    float* const       o    = g + hidden;
    const float* const from = c_before + b * hidden;
    float* const       to   = c + b * hidden;
    float* const       out  = h + b * hidden;
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      i[j]   = cn_sigmoidf(i[j]);
      f[j]   = cn_sigmoidf(f[j]);
      g[j]   = cn_tanhf(g[j]);
      o[j]   = cn_sigmoidf(o[j]);
      to[j]  = f[j] * from[j] + i[j] * g[j];
      out[j] = o[j] * cn_tanhf(to[j]);
    }
  }
}

CN_KERNEL void
cn_gru_cell(const size_t n_batch, const size_t hidden, float* const gates, float* const recurrent,
            const float* const candidate_bias, const float* const h_before, float* const h)
{
  for (size_t b = 0; b < n_batch; ++b) {
    float* const       r    = gates + b * 3 * hidden;
    float* const       z    = r + hidden;
    float* const       n    = z + hidden;
    float* const       u    = recurrent + b * 3 * hidden;
    const float* const from = h_before + b * hidden;
    float* const       to   = h + b * hidden;
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      u[2 * hidden + j] += candidate_bias[j];
      r[j]  = cn_sigmoidf(r[j] + u[j]);
      z[j]  = cn_sigmoidf(z[j] + u[hidden + j]);
      n[j]  = cn_tanhf(n[j] + r[j] * u[2 * hidden + j]);
      to[j] = n[j] + z[j] * (from[j] - n[j]);
    }
  }
}

CN_KERNEL void
cn_relu(const size_t n, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    x[i] = x[i] > 0.0F ? x[i] : 0.0F;
  }
}

CN_KERNEL float
cn_softmax(const size_t n, const size_t lowest, float* const logits)
{
  assert(lowest < n);

  float top = logits[lowest];
  for (size_t i = lowest + 1; i < n; ++i) {
    top = logits[i] > top ? logits[i] : top;
  }
  for (size_t i = 0; i < lowest; ++i) {
    logits[i] = 0.0F;
  }
  for (size_t i = lowest; i < n; ++i) {
    logits[i] = cn_expf(logits[i] - top);
  }

  float sum = 0.0F;
  for (size_t i = lowest; i < n; ++i) {
    sum += logits[i];
  }
  const float scale = 1.0F / sum;
  for (size_t i = lowest; i < n; ++i) {
    logits[i] *= scale;
  }
  return top + logf(sum);
}
