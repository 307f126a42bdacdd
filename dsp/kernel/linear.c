// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/linear.h"

#include "dsp/kernel/dot8.h"
#include "dsp/kernel/kernels.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK ((size_t)64) // Rows at a time

CnLinear
cn_linear_float(const size_t rows, const size_t columns, const float* const weights, const float* const bias)
{
  return (CnLinear){
      .kind = CN_NUMBER_FLOAT, .rows = rows, .columns = columns, .weights = weights, .bias = bias};
}

CnLinear
cn_linear_int8(const CnLinear* const linear, int8_t* const weights, float* const scales,
               int32_t* const row_sums)
{
  assert(linear->kind == CN_NUMBER_FLOAT && linear->columns <= CN_LINEAR_MOST_COLUMNS);

  const size_t K = linear->columns;
  for (size_t i = 0; i < linear->rows; ++i) {
    scales[i]   = cn_round8(K, (const float*)linear->weights + i * K, weights + i * K);
    row_sums[i] = 0;
    for (size_t k = 0; k < K; ++k) {
      row_sums[i] += weights[i * K + k];
    }
  }
  return (CnLinear){.kind     = CN_NUMBER_INT8,
                    .rows     = linear->rows,
                    .columns  = K,
                    .weights  = weights,
                    .scales   = scales,
                    .bias     = linear->bias,
                    .row_sums = row_sums};
}

CnLinear
cn_linear_part(const CnLinear* const linear, const size_t first, const size_t n)
{
  assert(first + n <= linear->rows);

  const size_t number = linear->kind == CN_NUMBER_FLOAT ? sizeof(float) : 1U;
  CnLinear     part   = *linear;
  part.rows           = n;
  part.weights        = (const uint8_t*)linear->weights + first * linear->columns * number;
  part.scales         = linear->scales ? linear->scales + first : NULL;
  part.bias           = linear->bias ? linear->bias + first : NULL;
  part.row_sums       = linear->row_sums ? linear->row_sums + first : NULL;
  return part;
}

// y = W x, or y += W x, by some rows at a time; exact but for the scales, whose order is the same everywhere
static void
multiply_int8(const CnLinear* const linear, const CnDot8 kernel, const float* const x, const bool adds,
              float* const y)
{
  int8_t      q[CN_LINEAR_MOST_COLUMNS];
  int32_t     sums[BLOCK];
  const float scale = cn_round_input(linear->columns, x, q);
  for (size_t i = 0; i < linear->rows; i += BLOCK) {
    const size_t n = linear->rows - i < BLOCK ? linear->rows - i : BLOCK;
    cn_dot8(kernel, n, linear->columns, (const int8_t*)linear->weights + i * linear->columns,
            linear->row_sums + i, q, sums);
    for (size_t j = 0; j < n; ++j) {
      const float product = (float)sums[j] * (scale * linear->scales[i + j]);
      y[i + j]            = adds ? y[i + j] + product : product;
    }
  }
}

// y = W x, or y += W x, for each kind of numbers
static void
multiply(const CnLinear* const linear, const float* const x, const bool adds, float* const y)
{
  const CnVectors one = {1, 0};
  switch (linear->kind) {
  case CN_NUMBER_FLOAT:
    cn_dot32(linear->rows, linear->columns, (const float*)linear->weights, one, x, adds, one, y);
    break;
  case CN_NUMBER_INT8:
    multiply_int8(linear, cn_dot8_best(), x, adds, y);
    break;
  }
}

void
cn_linear_apply(const CnLinear* const linear, const float* const x, float* const y)
{
  if (linear->bias) {
    memcpy(y, linear->bias, linear->rows * sizeof(float));
  }
  multiply(linear, x, linear->bias != NULL, y);
}

void
cn_linear_add(const CnLinear* const linear, const float* const x, float* const y)
{
  multiply(linear, x, true, y);
}

void
cn_linear_add_rows(const CnLinear* const table, const uint16_t* const row, const size_t n, float* const y)
{
  switch (table->kind) {
  case CN_NUMBER_FLOAT:
    cn_add_rows(table->columns, y, (const float*)table->weights, row, n);
    break;
  case CN_NUMBER_INT8:
    cn_add_rows8(table->columns, y, (const int8_t*)table->weights, table->scales, row, n);
    break;
  }
}

void
cn_linear_add_row(const CnLinear* const table, const size_t row, const float a, float* const y)
{
  const size_t first = row * table->columns;
  switch (table->kind) {
  case CN_NUMBER_FLOAT:
    cn_axpy(table->columns, a, (const float*)table->weights + first, y);
    break;
  case CN_NUMBER_INT8: {
    const uint16_t zero  = 0;
    const float    scale = a * table->scales[row];
    cn_add_rows8(table->columns, y, (const int8_t*)table->weights + first, &scale, &zero, 1);
    break;
  }
  }
}

void
cn_linear_read_row(const CnLinear* const table, const size_t row, float* const out)
{
  memset(out, 0, table->columns * sizeof(float));
  cn_linear_add_row(table, row, 1.0F, out);
}

// Y = X W^T, or Y += X W^T, for each kind of numbers
static void
multiply_all(const CnLinear* const linear, const CnVectors x_at, const float* const x, const bool adds,
             const CnVectors y_at, float* const y)
{
  assert(x_at.n == y_at.n);

  switch (linear->kind) {
  case CN_NUMBER_FLOAT:
    cn_dot32(linear->rows, linear->columns, (const float*)linear->weights, x_at, x, adds, y_at, y);
    break;
  case CN_NUMBER_INT8:
    for (size_t i = 0; i < y_at.n; ++i) {
      multiply_int8(linear, cn_dot8_best(), x + i * x_at.stride, adds, y + i * y_at.stride);
    }
    break;
  }
}

void
cn_linear_apply_all(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                    const CnVectors y_at, float* const y)
{
  for (size_t i = 0; linear->bias && i < y_at.n; ++i) {
    memcpy(y + i * y_at.stride, linear->bias, linear->rows * sizeof(float));
  }
  multiply_all(linear, x_at, x, linear->bias != NULL, y_at, y);
}

void
cn_linear_add_all(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                  const CnVectors y_at, float* const y)
{
  multiply_all(linear, x_at, x, true, y_at, y);
}

// --- The twins

static void
add_floats(const CnLinear* const linear, const float* const x, float* const y)
{
  const float* const weights = (const float*)linear->weights;
  for (size_t i = 0; i < linear->rows; ++i) {
    float sum = 0.0F;
    for (size_t k = 0; k < linear->columns; ++k) {
      sum += weights[i * linear->columns + k] * x[k];
    }
    y[i] += sum;
  }
}

void
cn_linear_add_plain(const CnLinear* const linear, const float* const x, float* const y)
{
  switch (linear->kind) {
  case CN_NUMBER_FLOAT:
    add_floats(linear, x, y);
    break;
  case CN_NUMBER_INT8:
    multiply_int8(linear, CN_DOT8_PLAIN, x, true, y);
    break;
  }
}

void
cn_linear_apply_plain(const CnLinear* const linear, const float* const x, float* const y)
{
  for (size_t i = 0; i < linear->rows; ++i) {
    y[i] = linear->bias ? linear->bias[i] : 0.0F;
  }
  cn_linear_add_plain(linear, x, y);
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
