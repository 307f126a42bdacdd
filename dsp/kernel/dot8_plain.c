// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8_internal.h"

int32_t
cn_dot8_sum_plain(const size_t n, const int8_t* const a, const int8_t* const b)
{
  int32_t sum = 0;
  for (size_t k = 0; k < n; ++k) {
    sum += a[k] * b[k];
  }
  return sum;
}

static int32_t
dot_tiled(const CnMatrix8* const matrix, const size_t row, const int8_t* const x)
{
  int32_t sum = 0;
  for (size_t k = 0; k < matrix->columns; ++k) {
    sum += matrix->weights[cn_dot8_tiled_place(matrix->columns, row, k)] * x[k];
  }
  return sum;
}

void
cn_dot8_plain(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  for (size_t i = 0; i < n * matrix->rows; ++i) {
    const size_t        row    = i % matrix->rows;
    const int8_t* const vector = x + i / matrix->rows * matrix->columns;
    y[i]                       = matrix->is_tiled
                                     ? dot_tiled(matrix, row, vector)
                                     : cn_dot8_sum_plain(matrix->columns, matrix->weights + row * matrix->columns, vector);
  }
}
