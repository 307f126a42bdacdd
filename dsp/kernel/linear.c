// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/linear.h"

#include "dsp/kernel/dot8.h"
#include "dsp/kernel/kernels.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define LINE ((size_t)64)                            // [bytes] of a cache
#define ROUNDED ((size_t)CN_LINEAR_MOST_COLUMNS * 4) // Numbers at a time of vectors

CnLinear
cn_linear_float(const size_t rows, const size_t columns, const float* const weights, const float* const bias)
{
  return (CnLinear){
      .kind = CN_NUMBER_FLOAT, .rows = rows, .columns = columns, .weights = weights, .bias = bias};
}

// Round a row, and put it where it belongs
static void
round_row(const CnLinear* const to, const size_t i, const float* const x, int8_t* const weights,
          float* const scales, int32_t* const row_sums)
{
  const size_t  K = to->columns;
  int8_t        tiled[CN_LINEAR_MOST_COLUMNS];
  int8_t* const row = to->is_tiled ? tiled : weights + i * K;
  scales[i]         = cn_round8(K, x, row);
  row_sums[i]       = 0;
  for (size_t k = 0; k < K; ++k) {
    row_sums[i] += row[k];
  }
  for (size_t k = 0; k < K && to->is_tiled; ++k) {
    weights[cn_dot8_tiled_place(K, i, k)] = row[k];
  }
}

static CnLinear
round_all(const CnLinear* const linear, const bool is_tiled, int8_t* const weights, float* const scales,
          int32_t* const row_sums)
{
  assert(linear->kind == CN_NUMBER_FLOAT && linear->columns <= CN_LINEAR_MOST_COLUMNS);

  const CnLinear made = {.kind     = CN_NUMBER_INT8,
                         .rows     = linear->rows,
                         .columns  = linear->columns,
                         .weights  = weights,
                         .scales   = scales,
                         .bias     = linear->bias,
                         .row_sums = row_sums,
                         .is_tiled = is_tiled};
  for (size_t i = 0; i < linear->rows; ++i) {
    round_row(&made, i, (const float*)linear->weights + i * linear->columns, weights, scales, row_sums);
  }
  return made;
}

CnLinear
cn_linear_int8(const CnLinear* const linear, int8_t* const weights, float* const scales,
               int32_t* const row_sums)
{
  return round_all(linear, false, weights, scales, row_sums);
}

CnLinear
cn_linear_int8_tiled(const CnLinear* const linear, int8_t* const weights, float* const scales,
                     int32_t* const row_sums)
{
  const bool likes = cn_dot8_likes_tiles(cn_dot8_best(), linear->rows, linear->columns);
  return round_all(linear, likes, weights, scales, row_sums);
}

CnLinear
cn_linear_part(const CnLinear* const linear, const size_t first, const size_t n)
{
  assert(first + n <= linear->rows);
  assert(!linear->is_tiled || (first % CN_DOT8_TILE_ROWS == 0 && n % CN_DOT8_TILE_ROWS == 0));

  const size_t number = linear->kind == CN_NUMBER_FLOAT ? sizeof(float) : 1U;
  CnLinear     part   = *linear;
  part.rows           = n;
  part.weights        = (const uint8_t*)linear->weights + first * linear->columns * number;
  part.scales         = linear->scales ? linear->scales + first : NULL;
  part.bias           = linear->bias ? linear->bias + first : NULL;
  part.row_sums       = linear->row_sums ? linear->row_sums + first : NULL;
  return part;
}

// What products are added to: (B, N) floats, or null for nothing, from one vector's to the next
typedef struct {
  const float* at;
  size_t       stride;
} Base;

// Y = X W^T and more, some vectors at a time
static void
multiply_int8(const CnLinear* const linear, const CnDot8 kernel, const CnVectors x_at, const float* const x,
              const Base base, const size_t y_stride, float* const y)
{
  const CnMatrix8 matrix = {.rows     = linear->rows,
                            .columns  = linear->columns,
                            .weights  = (const int8_t*)linear->weights,
                            .row_sums = linear->row_sums,
                            .is_tiled = linear->is_tiled,
                            .from_end = linear->from_end};
  const size_t    room   = ROUNDED / linear->columns;
  const size_t    most   = room < CN_DOT8_MOST_VECTORS ? room : CN_DOT8_MOST_VECTORS;
  int8_t          q[ROUNDED];
  float           scale[CN_DOT8_MOST_VECTORS];
  for (size_t b = 0; b < x_at.n; b += most) {
    const size_t n = x_at.n - b < most ? x_at.n - b : most;
    for (size_t v = 0; v < n; ++v) {
      scale[v] = cn_round_input(linear->columns, x + (b + v) * x_at.stride, q + v * linear->columns);
    }
    const CnScaled8 to = {.scales      = linear->scales,
                          .scale       = scale,
                          .base        = base.at ? base.at + b * base.stride : NULL,
                          .base_stride = base.stride,
                          .y           = y + b * y_stride,
                          .y_stride    = y_stride};
    cn_dot8_scaled(kernel, &matrix, n, q, &to);
  }
}

// Y = X W^T and more, for each kind of numbers
static void
multiply(const CnLinear* const linear, const CnVectors x_at, const float* const x, const Base base,
         const CnVectors y_at, float* const y)
{
  assert(x_at.n == y_at.n);

  switch (linear->kind) {
  case CN_NUMBER_FLOAT:
    cn_dot32(linear->rows, linear->columns, (const float*)linear->weights, x_at, x, base.at, base.stride,
             y_at, y);
    break;
  case CN_NUMBER_INT8:
    multiply_int8(linear, cn_dot8_best(), x_at, x, base, y_at.stride, y);
    break;
  }
}

void
cn_linear_apply(const CnLinear* const linear, const float* const x, float* const y)
{
  cn_linear_apply_all(linear, (CnVectors){1, 0}, x, (CnVectors){1, 0}, y);
}

void
cn_linear_add(const CnLinear* const linear, const float* const x, float* const y)
{
  cn_linear_add_all(linear, (CnVectors){1, 0}, x, (CnVectors){1, 0}, y);
}

void
cn_linear_apply_all(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                    const CnVectors y_at, float* const y)
{
  multiply(linear, x_at, x, (Base){linear->bias, 0}, y_at, y);
}

void
cn_linear_add_all(const CnLinear* const linear, const CnVectors x_at, const float* const x,
                  const CnVectors y_at, float* const y)
{
  multiply(linear, x_at, x, (Base){y, y_at.stride}, y_at, y);
}

void
cn_linear_add_to(const CnLinear* const linear, const float* const x, const float* const base, float* const y)
{
  multiply(linear, (CnVectors){1, 0}, x, (Base){base, 0}, (CnVectors){1, 0}, y);
}

// Ask for rows at once: they are far apart, and mostly in no cache
static void
fetch_rows(const CnLinear* const table, const uint16_t* const row, const size_t n)
{
  for (size_t i = 0; i < n; ++i) {
    const int8_t* const first = (const int8_t*)table->weights + row[i] * table->columns;
    for (size_t k = 0; k < table->columns; k += LINE) {
      __builtin_prefetch(first + k);
    }
  }
}

void
cn_linear_add_rows(const CnLinear* const table, const uint16_t* const row, const size_t n, float* const y)
{
  switch (table->kind) {
  case CN_NUMBER_FLOAT:
    cn_add_rows(table->columns, y, (const float*)table->weights, row, n);
    break;
  case CN_NUMBER_INT8:
    fetch_rows(table, row, n);
    cn_add_rows8(table->columns, y, (const int8_t*)table->weights, table->scales, row, n);
    break;
  }
}

void
cn_linear_add_weighted(const CnLinear* const table, const size_t first, const size_t n, const float* const a,
                       float* const y)
{
  float    scales[CN_LINEAR_MOST_WEIGHTED];
  uint16_t row[CN_LINEAR_MOST_WEIGHTED];
  assert(n <= CN_LINEAR_MOST_WEIGHTED);

  switch (table->kind) {
  case CN_NUMBER_FLOAT:
    for (size_t i = 0; i < n; ++i) {
      cn_axpy(table->columns, a[i], (const float*)table->weights + (first + i) * table->columns, y);
    }
    break;
  case CN_NUMBER_INT8:
    for (size_t i = 0; i < n; ++i) {
      row[i]    = (uint16_t)i;
      scales[i] = a[i] * table->scales[first + i];
    }
    cn_add_rows8(table->columns, y, (const int8_t*)table->weights + first * table->columns, scales, row, n);
    break;
  }
}

void
cn_linear_read_row(const CnLinear* const table, const size_t row, float* const out)
{
  memset(out, 0, table->columns * sizeof(float));
  cn_linear_add_weighted(table, row, 1, &(float){1.0F}, out);
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
    multiply_int8(linear, CN_DOT8_PLAIN, (CnVectors){1, 0}, x, (Base){y, 0}, 0, y);
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
