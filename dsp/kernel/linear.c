// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/linear.h"

#include "dsp/kernel/blas.h"

#include <assert.h>
#include <string.h>

CnLinear
cn_linear_float(const size_t rows, const size_t columns, const float* const weights, const float* const bias)
{
  return (CnLinear){
      .kind = CN_NUMBER_FLOAT, .rows = rows, .columns = columns, .weights = weights, .bias = bias};
}

// y = beta * y + W x, for each kind of numbers
static void
multiply(const CnLinear* const linear, const float* const x, const float beta, float* const y)
{
  switch (linear->kind) {
  case CN_NUMBER_FLOAT:
    cn_gemv(linear->rows, linear->columns, (const float*)linear->weights, x, beta, y);
    break;
  }
}

void
cn_linear_apply(const CnLinear* const linear, const float* const x, float* const y)
{
  if (linear->bias) {
    memcpy(y, linear->bias, linear->rows * sizeof(float));
  }
  multiply(linear, x, linear->bias ? 1.0F : 0.0F, y);
}

void
cn_linear_add(const CnLinear* const linear, const float* const x, float* const y)
{
  multiply(linear, x, 1.0F, y);
}

// Y = beta * Y + X W^T, for each kind of numbers
static void
multiply_all(const CnLinear* const linear, const CnVectors x_at, const float* const x, const float beta,
             const CnVectors y_at, float* const y)
{
  assert(x_at.n == y_at.n);

  switch (linear->kind) {
  case CN_NUMBER_FLOAT: {
    const CnConstMatrix turned =
        linear->turned ? (CnConstMatrix){(const float*)linear->turned, (ptrdiff_t)linear->rows, 1}
                       : (CnConstMatrix){(const float*)linear->weights, 1, (ptrdiff_t)linear->columns};
    cn_gemm(y_at.n, linear->rows, linear->columns, (CnConstMatrix){x, (ptrdiff_t)x_at.stride, 1}, turned,
            beta, (CnMatrix){y, (ptrdiff_t)y_at.stride, 1});
    break;
  }
  }
}

void
cn_linear_apply_all(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                    const CnVectors y_at, float* const y)
{
  for (size_t i = 0; linear->bias && i < y_at.n; ++i) {
    memcpy(y + i * y_at.stride, linear->bias, linear->rows * sizeof(float));
  }
  multiply_all(linear, x_at, x, linear->bias ? 1.0F : 0.0F, y_at, y);
}

void
cn_linear_add_all(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                  const CnVectors y_at, float* const y)
{
  multiply_all(linear, x_at, x, 1.0F, y_at, y);
}

// --- The twins

static float
plain_product(const CnLinear* const linear, const size_t row, const float* const x)
{
  const float* const weights = (const float*)linear->weights;
  float              sum     = 0.0F;
  for (size_t k = 0; k < linear->columns; ++k) {
    sum += weights[row * linear->columns + k] * x[k];
  }
  return sum;
}

void
cn_linear_apply_plain(const CnLinear* const linear, const float* const x, float* const y)
{
  for (size_t i = 0; i < linear->rows; ++i) {
    y[i] = (linear->bias ? linear->bias[i] : 0.0F) + plain_product(linear, i, x);
  }
}

void
cn_linear_add_plain(const CnLinear* const linear, const float* const x, float* const y)
{
  for (size_t i = 0; i < linear->rows; ++i) {
    y[i] += plain_product(linear, i, x);
  }
}

void
cn_linear_apply_all_plain(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                          const CnVectors y_at, float* const y)
{
  for (size_t i = 0; i < y_at.n; ++i) {
    cn_linear_apply_plain(linear, x + i * x_at.stride, y + i * y_at.stride);
  }
}

void
cn_linear_add_all_plain(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                        const CnVectors y_at, float* const y)
{
  for (size_t i = 0; i < y_at.n; ++i) {
    cn_linear_add_plain(linear, x + i * x_at.stride, y + i * y_at.stride);
  }
}
