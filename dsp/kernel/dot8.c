// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8.h"

#include "dsp/kernel/dot8_internal.h"
#include "dsp/kernel/kernel_math.h"
#include "dsp/kernel/kernels.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#ifndef CN_DOT8_HIGHEST // A build can do without the best, as tests do
#  define CN_DOT8_HIGHEST (CN_N_DOT8 - 1U)
#endif

#define SUMS (64 * CN_DOT8_MOST_VECTORS) // At a time, so that they stay in the nearest cache

// The kernel, or null if this processor, or this build, has it not
static CnDot8Kernel
find(const CnDot8 kernel)
{
  if (kernel == CN_DOT8_PLAIN) {
    return cn_dot8_plain;
  }
#if CN_DOT8_HAS_X86
  if (kernel == CN_DOT8_AVX2 && __builtin_cpu_supports("avx2")) {
    return cn_dot8_avx2;
  }
  if (kernel == CN_DOT8_VNNI && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")) {
    return cn_dot8_vnni;
  }
#endif
  return cn_dot8_find_arm(kernel);
}

bool
cn_dot8_has(const CnDot8 kernel)
{
  return find(kernel) != NULL;
}

CnDot8
cn_dot8_best(void)
{
  static atomic_uint found; // And 1 more; 0: not looked for
  unsigned           kernel = atomic_load_explicit(&found, memory_order_relaxed);
  if (kernel) {
    return (CnDot8)(kernel - 1U);
  }
  kernel = CN_DOT8_HIGHEST;
  while (!cn_dot8_has((CnDot8)kernel)) {
    --kernel;
  }
  atomic_store_explicit(&found, kernel + 1U, memory_order_relaxed);
  return (CnDot8)kernel;
}

bool
cn_dot8_likes_tiles(const CnDot8 kernel, const size_t rows, const size_t columns)
{
  return kernel == CN_DOT8_VNNI && rows % CN_DOT8_TILE_ROWS == 0 && columns % CN_DOT8_TILE_COLUMNS == 0;
}

// One that can multiply by a matrix as it stands
static CnDot8Kernel
find_for(const CnDot8 kernel, const CnMatrix8* const matrix)
{
  const bool has = !matrix->is_tiled || cn_dot8_likes_tiles(kernel, matrix->rows, matrix->columns);
  return find(has ? kernel : CN_DOT8_PLAIN);
}

void
cn_dot8(const CnDot8 kernel, const CnMatrix8* const matrix, const size_t n, const int8_t* const x,
        int32_t* const y)
{
  assert(matrix->columns <= CN_DOT8_MOST_COLUMNS);
  find_for(kernel, matrix)(matrix, n, x, y);
}

// Some rows at a time
static void
scale_rows(const CnDot8Kernel multiply, const CnMatrix8* const matrix, const size_t first, const size_t n,
           const int8_t* const x, const CnScaled8* const to)
{
  int32_t sums[SUMS];
  multiply(matrix, n, x, sums);
  for (size_t v = 0; v < n; ++v) {
    const float* const base = cn_scaled8_base(to, v);
    cn_scale_sums(matrix->rows, sums + v * matrix->rows, to->scale[v], to->scales + first,
                  base ? base + first : NULL, to->y + v * to->y_stride + first);
  }
}

void
cn_dot8_scaled(const CnDot8 kernel, const CnMatrix8* const matrix, const size_t n, const int8_t* const x,
               const CnScaled8* const to)
{
  assert(n > 0 && n <= CN_DOT8_MOST_VECTORS && matrix->columns <= CN_DOT8_MOST_COLUMNS);

#if CN_DOT8_HAS_X86
  if (kernel == CN_DOT8_VNNI && (matrix->is_tiled || (n == 1 && matrix->rows >= CN_DOT8_TILE_ROWS))) {
    cn_dot8_scaled_vnni(matrix, n, x, to);
    return;
  }
#endif
  const CnDot8Kernel multiply = find_for(kernel, matrix);
  const size_t       most     = SUMS / n / CN_DOT8_TILE_ROWS * CN_DOT8_TILE_ROWS;
  for (size_t i = 0; i < matrix->rows; i += most) {
    CnMatrix8 part = *matrix;
    part.rows      = matrix->rows - i < most ? matrix->rows - i : most;
    part.weights += i * matrix->columns;
    part.row_sums += i;
    scale_rows(multiply, &part, i, n, x, to);
  }
}

// The greatest size of `n` floats, NaN aside: bits are in order as sizes are, and as whole numbers the
// compiler takes many at a time
static inline __attribute__((always_inline)) float
find_greatest(const size_t n, const float* const x)
{
  const int32_t infinity = 0x7F800000;
  int32_t       greatest = 0;
  for (size_t i = 0; i < n; ++i) {
    int32_t bits;
    memcpy(&bits, &x[i], sizeof(bits));
    const int32_t size = bits & INT32_MAX;
    const int32_t sane = size <= infinity ? size : 0;
    greatest           = sane > greatest ? sane : greatest;
  }
  float found;
  memcpy(&found, &greatest, sizeof(found));
  return found;
}

static inline __attribute__((always_inline)) float
round_to(const float most, const size_t n, const float* const restrict x, int8_t* const restrict q)
{
  const float scale = find_greatest(n, x) / most;
  if (!(scale >= 1e-30F)) { // Nothing, or so little that its inverse is none
    memset(q, 0, n);
    return 0.0F;
  }
  const float shift   = 12582912.0F; // 1.5 * 2^23: adding it rounds to a whole number, in the lowest bits
  const float inverse = 1.0F / scale;
  for (size_t i = 0; i < n; ++i) {
    const float       rounded = x[i] * inverse + shift; // None is beyond the greatest
    const CnFloatBits sane    = {rounded > shift - most ? rounded : shift - most}; // NaN becomes that
    q[i]                      = (int8_t)(sane.bits & 0xFFU);
  }
  return scale;
}

CN_KERNEL float
cn_round8(const size_t n, const float* const x, int8_t* const q)
{
  return round_to((float)CN_DOT8_MOST_WEIGHT, n, x, q);
}

CN_KERNEL float
cn_round8_within(const unsigned most, const size_t n, const float* const x, int8_t* const q)
{
  return round_to((float)most, n, x, q);
}

CN_KERNEL float
cn_round_input(const size_t n, const float* const x, int8_t* const q)
{
  return round_to((float)CN_DOT8_MOST_INPUT, n, x, q);
}
