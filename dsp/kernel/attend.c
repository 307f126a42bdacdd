// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/attend.h"

#include "dsp/kernel/kernels.h"

#include <math.h>

#define LANES 16U // Floats of a vector; where vectors are shorter, the compiler takes several
#define BLOCK ((size_t)4 * LANES)
#define RMS_FLOOR 1e-6F // Added to the mean square, so that silence stays silent

/// Vectors at any address of floats
typedef float Vector __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

// Lanes in halves, so that every build adds in the same order
static inline __attribute__((always_inline)) float
add_lanes(float* const lane)
{
  for (unsigned half = LANES / 2; half; half /= 2) {
    for (unsigned l = 0; l < half; ++l) {
      lane[l] += lane[l + half];
    }
  }
  return lane[0];
}

static inline __attribute__((always_inline)) float
dot(const size_t n, const float* const x, const float* const y)
{
  Vector sum = {0.0F};
  size_t i   = 0;
  for (; i + LANES <= n; i += LANES) {
    sum += *(const Vector*)(x + i) * *(const Vector*)(y + i);
  }
  float lane[LANES];
  for (unsigned l = 0; l < LANES; ++l) {
    lane[l] = sum[l];
  }
  for (; i < n; ++i) {
    lane[i % LANES] += x[i] * y[i];
  }
  return add_lanes(lane);
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
  for (; j + BLOCK <= width; j += BLOCK) { // The sums stay in registers
    Vector* const to = (Vector*)(sum + j);
    Vector        a  = to[0];
    Vector        b  = to[1];
    Vector        c  = to[2];
    Vector        d  = to[3];
    for (size_t i = 0; i < n; ++i) {
      const Vector* const x = (const Vector*)(values + i * stride + j);
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
