// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot32.h"

#include "dsp/kernel/kernels.h"
#include "dsp/kernel/lanes.h"

#include <assert.h>

#define SUMS ((size_t)8)    // Made side by side: as many as registers hold
#define COMMON ((size_t)3)  // Columns, if they are few: a note of the notebook's
#define WIDE ((size_t)16)   // Floats of a vector where a lane has a sum of its own
#define NARROW ((size_t)64) // Rows at a time of few columns: outputs stand in whole cache lines
#define BLOCK ((size_t)16)  // Vectors that stay in the nearest cache while all rows come by

#define INLINE static inline __attribute__((always_inline))

/// Wide vectors at any address of floats
typedef float Wide __attribute__((vector_size(WIDE * sizeof(float)), aligned(sizeof(float)), may_alias));

/// What products are added to
typedef struct {
  const float* at; ///< Or null: nothing
  size_t       stride;
} Base;

// The base of vector `b` and row `i`
INLINE Base
move_base(const Base base, const size_t b, const size_t i)
{
  return (Base){base.at ? base.at + b * base.stride + i : NULL, base.stride};
}

// What stands beyond the last whole vector, and zeros
static __attribute__((noinline)) void
copy_rest(const size_t n, const float* const from, float to[CN_LANES])
{
  for (size_t k = 0; k < CN_LANES; ++k) {
    to[k] = k < n ? from[k] : 0.0F;
  }
}

// Some rows times some vectors, SUMS at most; both numbers are known to the compiler
INLINE void
multiply(const size_t n_rows, const size_t n_vectors, const size_t columns, const float* const w,
         const size_t x_stride, const float* const x, const Base base, const size_t y_stride, float* const y)
{
  const size_t whole     = columns / CN_LANES * CN_LANES;
  CnLanes      sum[SUMS] = {{0.0F}};
  for (size_t k = 0; k < whole; k += CN_LANES) {
#pragma GCC unroll 8
    for (size_t i = 0; i < n_rows * n_vectors; ++i) {
      sum[i] +=
          *(const CnLanes*)(w + i % n_rows * columns + k) * *(const CnLanes*)(x + i / n_rows * x_stride + k);
    }
  }
#pragma GCC unroll 8
  for (size_t i = 0; i < n_rows * n_vectors; ++i) {
    if (whole < columns) {
      float a[CN_LANES];
      float b[CN_LANES];
      copy_rest(columns - whole, w + i % n_rows * columns + whole, a);
      copy_rest(columns - whole, x + i / n_rows * x_stride + whole, b);
      sum[i] += *(const CnLanes*)a * *(const CnLanes*)b;
    }
    const float product                   = cn_add_lanes(&sum[i]);
    const Base  from                      = move_base(base, i / n_rows, i % n_rows);
    y[i / n_rows * y_stride + i % n_rows] = from.at ? *from.at + product : product;
  }
}

// All vectors times the rows from one on, as many as have sums side by side
INLINE void
multiply_rows(const size_t columns, const float* const w, const CnVectors x_at, const float* const x,
              const Base base, const CnVectors y_at, float* const y)
{
  size_t b = 0;
  for (; b + 2 <= x_at.n; b += 2) {
    for (size_t i = 0; i < SUMS; i += SUMS / 2) {
      multiply(SUMS / 2, 2, columns, w + i * columns, x_at.stride, x + b * x_at.stride, move_base(base, b, i),
               y_at.stride, y + b * y_at.stride + i);
    }
  }
  if (b < x_at.n) {
    multiply(SUMS, 1, columns, w, 0, x + b * x_at.stride, move_base(base, b, 0), 0, y + b * y_at.stride);
  }
}

// The same where columns are few, for `rows` that fill lanes: a lane for each; fastest if the compiler knows
// how many columns there are
INLINE void
multiply_narrow(const size_t rows, const size_t columns, const float* const w, const CnVectors x_at,
                const float* const x, const Base base, const CnVectors y_at, float* const y)
{
  float lane[CN_LANES][NARROW]; // As many columns as there are, transposed
  for (size_t k = 0; k < columns; ++k) {
    for (size_t i = 0; i < rows; ++i) {
      lane[k][i] = w[i * columns + k];
    }
  }
  for (size_t b = 0; b < x_at.n; ++b) {
    const float* const from = x + b * x_at.stride;
    size_t             i    = 0;
    for (; i + WIDE <= rows; i += WIDE) {
      const Base from_base = move_base(base, b, i);
      Wide       sum       = *(const Wide*)&lane[0][i] * from[0];
      for (size_t k = 1; k < columns; ++k) {
        sum += *(const Wide*)&lane[k][i] * from[k];
      }
      if (from_base.at) {
        sum += *(const Wide*)from_base.at;
      }
      *(Wide*)(y + b * y_at.stride + i) = sum;
    }
    for (; i < rows; ++i) {
      const Base from_base = move_base(base, b, i);
      float      sum       = lane[0][i] * from[0];
      for (size_t k = 1; k < columns; ++k) {
        sum += lane[k][i] * from[k];
      }
      y[b * y_at.stride + i] = from_base.at ? sum + *from_base.at : sum;
    }
  }
}

// All rows that fill lanes; how many they are
CN_KERNEL static size_t
multiply_few_columns(const size_t rows, const size_t columns, const float* const weights,
                     const CnVectors x_at, const float* const x, const Base base, const CnVectors y_at,
                     float* const y)
{
  size_t i = 0;
  while (i + CN_LANES <= rows) {
    const size_t n = rows - i < NARROW ? (rows - i) / CN_LANES * CN_LANES : NARROW;
    const Base   b = move_base(base, 0, i);
    if (columns == COMMON) {
      multiply_narrow(n, COMMON, weights + i * columns, x_at, x, b, y_at, y + i);
    } else {
      multiply_narrow(n, columns, weights + i * columns, x_at, x, b, y_at, y + i);
    }
    i += n;
  }
  return i;
}

CN_KERNEL static void
multiply_block(const size_t rows, const size_t columns, const float* const weights, const CnVectors x_at,
               const float* const x, const Base base, const CnVectors y_at, float* const y)
{
  size_t i = 0;
  for (; i + SUMS <= rows; i += SUMS) {
    multiply_rows(columns, weights + i * columns, x_at, x, move_base(base, 0, i), y_at, y + i);
  }
  for (; i < rows; ++i) {
    for (size_t b = 0; b < x_at.n; ++b) {
      multiply(1, 1, columns, weights + i * columns, 0, x + b * x_at.stride, move_base(base, b, i), 0,
               y + b * y_at.stride + i);
    }
  }
}

void
cn_dot32(const size_t rows, const size_t columns, const float* const weights, const CnVectors x_at,
         const float* const x, const float* const base, const size_t base_stride, const CnVectors y_at,
         float* const y)
{
  assert(columns && x_at.n == y_at.n);

  const Base   from = {base, base_stride};
  const size_t done =
      columns < CN_LANES ? multiply_few_columns(rows, columns, weights, x_at, x, from, y_at, y) : 0;
  for (size_t b = 0; b < x_at.n && done < rows; b += BLOCK) {
    const size_t n = x_at.n - b < BLOCK ? x_at.n - b : BLOCK;
    multiply_block(rows - done, columns, weights + done * columns, (CnVectors){n, x_at.stride},
                   x + b * x_at.stride, move_base(from, b, done), (CnVectors){n, y_at.stride},
                   y + b * y_at.stride + done);
  }
}
