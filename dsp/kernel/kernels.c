// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/kernels.h"

#include "dsp/kernel/kernel_math.h"

#include <assert.h>
#include <string.h>

#define LANES 16 // Floats of a vector; where vectors are shorter, the compiler takes several
#define BLOCK ((size_t)4 * LANES)

/// Vectors at any address of floats
typedef float Vector __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

CN_KERNEL void
cn_add_rows(const size_t n, float* const restrict y, const float* const restrict table,
            const uint16_t* const restrict row, const size_t n_rows)
{
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK) { // The sums stay in registers
    Vector* const to = (Vector*)(y + i);
    Vector        a  = to[0];
    Vector        b  = to[1];
    Vector        c  = to[2];
    Vector        d  = to[3];
    for (size_t r = 0; r < n_rows; ++r) {
      const Vector* const x = (const Vector*)(table + row[r] * n + i);
      a += x[0];
      b += x[1];
      c += x[2];
      d += x[3];
    }
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
  }
  for (; i < n; ++i) {
    for (size_t r = 0; r < n_rows; ++r) {
      y[i] += table[row[r] * n + i];
    }
  }
}

// One row after the other, some in one go; their number is known to the compiler
static inline __attribute__((always_inline)) void
add_some_rows8(const size_t n, float* const restrict y, const int8_t* const restrict table,
               const float* const restrict scales, const uint16_t* const restrict row, const size_t n_rows)
{
  for (size_t i = 0; i < n; ++i) {
    float sum = y[i];
#pragma GCC unroll 8
    for (size_t r = 0; r < n_rows; ++r) {
      sum += scales[row[r]] * (float)table[row[r] * n + i];
    }
    y[i] = sum;
  }
}

CN_KERNEL void
cn_add_rows8(const size_t n, float* const restrict y, const int8_t* const restrict table,
             const float* const restrict scales, const uint16_t* const restrict row, const size_t n_rows)
{
  size_t r = 0;
  for (; r + 8 <= n_rows; r += 8) {
    add_some_rows8(n, y, table, scales, row + r, 8);
  }
  for (; r + 4 <= n_rows; r += 4) {
    add_some_rows8(n, y, table, scales, row + r, 4);
  }
  for (; r < n_rows; ++r) {
    add_some_rows8(n, y, table, scales, row + r, 1);
  }
}

CN_KERNEL void
cn_scale_sums(const size_t n, const int32_t* const restrict sums, const float scale,
              const float* const restrict scales, const float* const base, float* const y)
{
  if (!base) {
    CN_APART
    for (size_t i = 0; i < n; ++i) {
      y[i] = (float)sums[i] * (scale * scales[i]);
    }
    return;
  }
  CN_APART
  for (size_t i = 0; i < n; ++i) {
    y[i] = base[i] + (float)sums[i] * (scale * scales[i]);
  }
}

CN_KERNEL void
cn_add_to_rows(const size_t n, float* const restrict table, const uint16_t* const restrict row,
               const size_t n_rows, const float* const restrict x)
{
  size_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK) {
    const Vector* const from = (const Vector*)(x + i);
    const Vector        a    = from[0];
    const Vector        b    = from[1];
    const Vector        c    = from[2];
    const Vector        d    = from[3];
    for (size_t r = 0; r < n_rows; ++r) {
      Vector* const y = (Vector*)(table + row[r] * n + i);
      y[0] += a;
      y[1] += b;
      y[2] += c;
      y[3] += d;
    }
  }
  for (; i < n; ++i) {
    for (size_t r = 0; r < n_rows; ++r) {
      table[row[r] * n + i] += x[i];
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

// Gates one by one and not a cell at a time: so short a loop has many rounds under way at once

static inline __attribute__((always_inline)) void
open_gates(const size_t n, float* const x)
{
  for (size_t j = 0; j < n; ++j) {
    x[j] = cn_sigmoidf(x[j]);
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
    open_gates(2 * hidden, i);
    open_gates(hidden, o);
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      g[j]  = cn_tanhf(g[j]);
      to[j] = f[j] * from[j] + i[j] * g[j];
    }
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
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
    for (size_t j = 0; j < 2 * hidden; ++j) {
      r[j] = cn_sigmoidf(r[j] + u[j]);
    }
    CN_APART
    for (size_t j = 0; j < hidden; ++j) {
      u[2 * hidden + j] += candidate_bias[j];
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

// Lane by lane, so that each kernel adds in the same order, and none adds one after the other

static inline __attribute__((always_inline)) float
find_greatest(const size_t n, const float* const x)
{
  float  lane[LANES];
  size_t i = 0;
  for (size_t l = 0; l < LANES; ++l) {
    lane[l] = x[0];
  }
  for (; i + LANES <= n; i += LANES) {
    for (size_t l = 0; l < LANES; ++l) {
      lane[l] = x[i + l] > lane[l] ? x[i + l] : lane[l];
    }
  }
  for (; i < n; ++i) {
    lane[0] = x[i] > lane[0] ? x[i] : lane[0];
  }
  for (size_t half = LANES / 2; half; half /= 2) {
    for (size_t l = 0; l < half; ++l) {
      lane[l] = lane[l + half] > lane[l] ? lane[l + half] : lane[l];
    }
  }
  return lane[0];
}

static inline __attribute__((always_inline)) float
add_up(const size_t n, const float* const x)
{
  float  lane[LANES] = {0.0F};
  size_t i           = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t l = 0; l < LANES; ++l) {
      lane[l] += x[i + l];
    }
  }
  for (; i < n; ++i) {
    lane[i % LANES] += x[i];
  }
  for (size_t half = LANES / 2; half; half /= 2) {
    for (size_t l = 0; l < half; ++l) {
      lane[l] += lane[l + half];
    }
  }
  return lane[0];
}

CN_KERNEL double
cn_add_squares(const size_t n, const float* const x)
{
  double lane[LANES] = {0.0};
  size_t i           = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t l = 0; l < LANES; ++l) {
      lane[l] += (double)x[i + l] * (double)x[i + l];
    }
  }
  for (; i < n; ++i) {
    lane[i % LANES] += (double)x[i] * (double)x[i];
  }
  for (size_t l = 1; l < LANES; ++l) {
    lane[0] += lane[l];
  }
  return lane[0];
}

CN_KERNEL float
cn_softmax(const size_t n, const size_t lowest, float* const logits)
{
  assert(lowest < n);

  const float top = find_greatest(n - lowest, logits + lowest);
  memset(logits, 0, lowest * sizeof(float));
  for (size_t i = lowest; i < n; ++i) {
    logits[i] = cn_expf(logits[i] - top);
  }

  const float sum   = add_up(n - lowest, logits + lowest);
  const float scale = 1.0F / sum;
  for (size_t i = lowest; i < n; ++i) {
    logits[i] *= scale;
  }
  return top + cn_logf(sum);
}

CN_KERNEL void
cn_make_noise(const CnRandom* const random, uint8_t* const noise)
{
  uint32_t c[4][CN_NOISE_BLOCKS];
  uint32_t bits[CN_NOISE_BLOCKS * 4];
  uint32_t key[2] = {random->key[0], random->key[1]};
  for (uint32_t i = 0; i < CN_NOISE_BLOCKS; ++i) {
    c[0][i] = random->count + i;
    c[1][i] = random->place[0];
    c[2][i] = random->place[1];
    c[3][i] = random->place[2];
  }
  for (int round = 0; round < 10; ++round) {
    for (uint32_t i = 0; i < CN_NOISE_BLOCKS; ++i) {
      const uint64_t p0 = (uint64_t)c[0][i] * 0xD2511F53U;
      const uint64_t p1 = (uint64_t)c[2][i] * 0xCD9E8D57U;

      c[0][i] = (uint32_t)(p1 >> 32) ^ c[1][i] ^ key[0];
      c[2][i] = (uint32_t)(p0 >> 32) ^ c[3][i] ^ key[1];
      c[1][i] = (uint32_t)p1;
      c[3][i] = (uint32_t)p0;
    }
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  for (uint32_t i = 0; i < CN_NOISE_BLOCKS; ++i) {
    for (uint32_t w = 0; w < 4; ++w) {
      bits[4 * i + w] = c[w][i];
    }
  }
  memcpy(noise, bits, sizeof(bits));
}
