// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8.h"

#include "dsp/kernel/dot8_internal.h"
#include "dsp/kernel/kernels.h"

#include <assert.h>
#include <string.h>

#ifndef CN_DOT8_HIGHEST // A build can do without the best, as tests do
#  define CN_DOT8_HIGHEST (CN_N_DOT8 - 1U)
#endif

static CnDot8Kernel
find(const CnDot8 kernel)
{
  if (kernel == CN_DOT8_PLAIN) {
    return cn_dot8_plain;
  }
  const CnDot8Kernel found = cn_dot8_find_x86(kernel);
  return found ? found : cn_dot8_find_arm(kernel);
}

bool
cn_dot8_has(const CnDot8 kernel)
{
  return find(kernel) != NULL;
}

CnDot8
cn_dot8_best(void)
{
  unsigned kernel = CN_DOT8_HIGHEST;
  while (!cn_dot8_has((CnDot8)kernel)) {
    --kernel;
  }
  return (CnDot8)kernel;
}

bool
cn_dot8_likes_tiles(const CnDot8 kernel, const size_t rows, const size_t columns)
{
  return kernel == CN_DOT8_VNNI && rows % CN_DOT8_TILE_ROWS == 0 && columns % CN_DOT8_TILE_COLUMNS == 0;
}

void
cn_dot8(const CnDot8 kernel, const CnMatrix8* const matrix, const size_t n, const int8_t* const x,
        int32_t* const y)
{
  assert(matrix->columns <= CN_DOT8_MOST_COLUMNS);
  const bool has = !matrix->is_tiled || cn_dot8_likes_tiles(kernel, matrix->rows, matrix->columns);
  find(has ? kernel : CN_DOT8_PLAIN)(matrix, n, x, y);
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
  const float shift   = 12582912.0F; // 1.5 * 2^23: adding it rounds to a whole number
  const float inverse = 1.0F / scale;
  for (size_t i = 0; i < n; ++i) {
    const float rounded = (x[i] * inverse + shift) - shift;
    const float least   = rounded > -most ? rounded : -most; // NaN becomes that
    q[i]                = (int8_t)(int32_t)(least < most ? least : most);
  }
  return scale;
}

CN_KERNEL float
cn_round8(const size_t n, const float* const x, int8_t* const q)
{
  return round_to(127.0F, n, x, q);
}

CN_KERNEL float
cn_round_input(const size_t n, const float* const x, int8_t* const q)
{
  return round_to((float)CN_DOT8_MOST_INPUT, n, x, q);
}
