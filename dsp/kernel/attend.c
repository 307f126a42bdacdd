// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/attend.h"

#include "dsp/kernel/dot8.h"
#include "dsp/kernel/kernels.h"
#include "dsp/kernel/lanes.h"

#include <math.h>

#define BLOCK ((size_t)64) // Keys at a time
#define RMS_FLOOR 1e-6F    // Added to the mean square, so that silence stays silent

// Two sums side by side, so that an addition need not wait for the one before
static inline __attribute__((always_inline)) float
dot(const size_t n, const float* const x, const float* const y)
{
  CnLanes even = {0.0F};
  CnLanes odd  = {0.0F};
  size_t  i    = 0;
  for (; i + 2 * CN_LANES <= n; i += 2 * CN_LANES) {
    even += *(const CnLanes*)(x + i) * *(const CnLanes*)(y + i);
    odd += *(const CnLanes*)(x + i + CN_LANES) * *(const CnLanes*)(y + i + CN_LANES);
  }
  even += odd;
  for (; i < n; ++i) {
    even[i % CN_LANES] += x[i] * y[i];
  }
  return cn_add_lanes(&even);
}

CN_KERNEL void
cn_attend_score(const size_t n, const size_t width, const size_t stride, const float scale,
                const float* const query, const float* const keys, float* const scores)
{
  for (size_t i = 0; i < n; ++i) {
    scores[i] += scale * dot(width, query, keys + i * stride);
  }
}

CN_KERNEL void
cn_attend_mix(const size_t n, const size_t width, const size_t stride, const float* const restrict shares,
              const float* const restrict values, float* const restrict sum)
{
  size_t j = 0;
  for (; j + 4 * CN_LANES <= width; j += 4 * CN_LANES) { // The sums stay in registers
    CnLanes* const to = (CnLanes*)(sum + j);
    CnLanes        a  = to[0];
    CnLanes        b  = to[1];
    CnLanes        c  = to[2];
    CnLanes        d  = to[3];
    for (size_t i = 0; i < n; ++i) {
      const CnLanes* const x = (const CnLanes*)(values + i * stride + j);
      a += x[0] * shares[i];
      b += x[1] * shares[i];
      c += x[2] * shares[i];
      d += x[3] * shares[i];
    }
    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
  }
  for (size_t i = 0; j < width && i < n; ++i) {
    for (size_t k = j; k < width; ++k) {
      sum[k] += shares[i] * values[i * stride + k];
    }
  }
}

void
cn_attend_score8(const size_t n, const size_t width, const float scale, const int8_t* const query,
                 const int8_t* const keys, const float* const scales, const int32_t* const sums,
                 float* const scores)
{
  const CnDot8 kernel = cn_dot8_best();
  int32_t      products[BLOCK];
  for (size_t i = 0; i < n; i += BLOCK) {
    const size_t n_block = n - i < BLOCK ? n - i : BLOCK;
    cn_dot8(kernel, &(CnMatrix8){n_block, width, keys + i * width, sums + i, false, false}, 1, query,
            products);
    for (size_t j = 0; j < n_block; ++j) {
      scores[i + j] += (float)products[j] * (scale * scales[i + j]);
    }
  }
}

CN_KERNEL void
cn_attend_mix8(const size_t n, const size_t width, const float* const restrict shares,
               const int8_t* const restrict values, const float* const restrict scales,
               float* const restrict sum)
{
  size_t i = 0;
  for (; i + 4 <= n; i += 4) { // Four at a time, but one after the other
    const int8_t* const x = values + i * width;
    const float         a = shares[i] * scales[i];
    const float         b = shares[i + 1] * scales[i + 1];
    const float         c = shares[i + 2] * scales[i + 2];
    const float         d = shares[i + 3] * scales[i + 3];
    for (size_t k = 0; k < width; ++k) {
      sum[k] = (((sum[k] + (float)x[k] * a) + (float)x[width + k] * b) + (float)x[2 * width + k] * c) +
               (float)x[3 * width + k] * d;
    }
  }
  for (; i < n; ++i) {
    const float share = shares[i] * scales[i];
    for (size_t k = 0; k < width; ++k) {
      sum[k] += (float)values[i * width + k] * share;
    }
  }
}

CN_KERNEL float
cn_rms_norm(const size_t n, const float* const restrict x, const float* const restrict gain,
            float* const restrict y)
{
  const float scale = 1.0F / sqrtf(dot(n, x, x) / (float)n + RMS_FLOOR);
  for (size_t i = 0; i < n; ++i) {
    y[i] = x[i] * scale * gain[i];
  }
  return scale;
}

CN_KERNEL void
cn_relu_squared(const size_t n, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    const float y = x[i] > 0.0F ? x[i] : 0.0F;
    x[i]          = y * y;
  }
}

CN_KERNEL void
cn_attend_rotate(const size_t n, const size_t width, const float direction,
                 const float* const restrict rotation, float* const restrict x)
{
  const size_t half = width / 2;
  for (size_t i = 0; i < n; ++i) {
    float* const first  = x + i * width;
    float* const second = first + half;
    CN_APART
    for (size_t k = 0; k < half; ++k) {
      const float sine = direction * rotation[half + k];
      const float a    = first[k];
      const float b    = second[k];
      first[k]         = a * rotation[k] - b * sine;
      second[k]        = a * sine + b * rotation[k];
    }
  }
}

void
cn_attend_score_plain(const size_t n, const size_t width, const size_t stride, const float scale,
                      const float* const query, const float* const keys, float* const scores)
{
  for (size_t i = 0; i < n; ++i) {
    float sum = 0.0F;
    for (size_t k = 0; k < width; ++k) {
      sum += query[k] * keys[i * stride + k];
    }
    scores[i] += scale * sum;
  }
}

void
cn_attend_mix_plain(const size_t n, const size_t width, const size_t stride, const float* const shares,
                    const float* const values, float* const sum)
{
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < width; ++k) {
      sum[k] += shares[i] * values[i * stride + k];
    }
  }
}

void
cn_attend_score8_plain(const size_t n, const size_t width, const float scale, const int8_t* const query,
                       const int8_t* const keys, const float* const scales, const int32_t* const sums,
                       float* const scores)
{
  (void)sums;
  for (size_t i = 0; i < n; ++i) {
    int32_t product = 0;
    for (size_t k = 0; k < width; ++k) {
      product += query[k] * keys[i * width + k];
    }
    scores[i] += (float)product * (scale * scales[i]);
  }
}

void
cn_attend_mix8_plain(const size_t n, const size_t width, const float* const shares,
                     const int8_t* const values, const float* const scales, float* const sum)
{
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < width; ++k) {
      sum[k] += (float)values[i * width + k] * (shares[i] * scales[i]);
    }
  }
}
