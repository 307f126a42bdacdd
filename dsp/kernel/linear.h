// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file linear.h
   A matrix with its bias as one value, whatever kind of numbers its weights are, and the products of
   forward passes: y = W x + b.

   Each product has its plain twin, the same in loops that anybody can read; the tests compare the two.
   Training's own products, forward and backward, are of matrices that change at every step: they are
   tools/gradient's.
*/

#ifndef CN_LINEAR_H
#define CN_LINEAR_H

#include "dsp/kernel/dot32.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_LINEAR_MOST_COLUMNS 8192 ///< Of 8-bit weights
#define CN_LINEAR_MOST_WEIGHTED 32  ///< Rows of a table

/// Kind of numbers that the weights are.  By 8 bits, a vector is rounded to steps of a scale of its own,
/// CN_DOT8_MOST_INPUT at most; the sums of products are exact, the same whatever the processor.
typedef enum {
  CN_NUMBER_FLOAT, ///< IEEE 754 single precision; no scales
  CN_NUMBER_INT8,  ///< From -127 to 127, with a scale for each row; vectors are rounded as well
} CnNumber;

/// A matrix; all memory is borrowed
typedef struct {
  CnNumber     kind;
  size_t       rows;    ///< N, of outputs
  size_t       columns; ///< K, of inputs
  const void*  weights; ///< (N, K) numbers of the kind, one row after another
  const float* scales;  ///< (N) what each row's numbers are to be multiplied by; null for floats
  const float* bias;    ///< (N), or null: none

  const int32_t* row_sums; ///< (N) sums of each row's numbers; null for floats
  bool           is_tiled; ///< Whether 8-bit numbers stand in tiles and not in rows, as in dot8.h
  bool           from_end; ///< Whether the last rows are multiplied first, which are nearest after a product
                           ///< from the first on: to and fro, more of a matrix stays in a cache
} CnLinear;

/// A matrix of floats; `bias` may be null.  Thread: ANY
CnLinear
cn_linear_float(size_t rows, size_t columns, const float* weights, const float* bias);

/**
   A matrix of 8-bit numbers, made of one of floats.

   @param linear One of floats, of at most CN_LINEAR_MOST_COLUMNS; its bias is borrowed by the result.
   @param[out] weights (N, K).
   @param[out] scales (N).
   @param[out] row_sums (N).

   Thread: ANY
*/
CnLinear
cn_linear_int8(const CnLinear* linear, int8_t* weights, float* scales, int32_t* row_sums);

/// The same in the order that this processor multiplies by fastest: one for products alone, whose rows cannot
/// be read, and of whose rows a part begins and ends with a tile.  Thread: ANY
CnLinear
cn_linear_int8_tiled(const CnLinear* linear, int8_t* weights, float* scales, int32_t* row_sums);

/// `n` rows of a matrix, from row `first` on, and their part of the bias.  Thread: ANY
CnLinear
cn_linear_part(const CnLinear* linear, size_t first, size_t n);

/// y = W x + b, with (K) floats x and (N) floats y, which do not overlap.  Thread: ANY
void
cn_linear_apply(const CnLinear* linear, const float* x, float* y);

/// y += W x, without the bias.  Thread: ANY
void
cn_linear_add(const CnLinear* linear, const float* x, float* y);

/// y = base + W x, without the bias, with (N) floats `base`, which may be `y`.  Thread: ANY
void
cn_linear_add_to(const CnLinear* linear, const float* x, const float* base, float* y);

/// y += the sum of `n` rows of a table, (K) floats each, one after the other.  Thread: ANY
void
cn_linear_add_rows(const CnLinear* table, const uint16_t* row, size_t n, float* y);

/// y += the sum of `n` rows of a table, from row `first` on, each times its share of (n) `a`, one after the
/// other; CN_LINEAR_MOST_WEIGHTED at most.  Thread: ANY
void
cn_linear_add_weighted(const CnLinear* table, size_t first, size_t n, const float* a, float* y);

/// Row `row` as floats, (K) of them.  Thread: ANY
void
cn_linear_read_row(const CnLinear* table, size_t row, float* out);

/**
   y = W x + b for many vectors at once.

   @param x_at (B, K) inputs; their number is that of the outputs.
   @param[out] y (B, N) outputs, where `y_at` says; what lies between them is left alone.

   Thread: ANY
*/
void
cn_linear_apply_all(const CnLinear* linear, CnVectors x_at, const float* x, CnVectors y_at, float* y);

/// y += W x for many vectors at once, without the bias; as cn_linear_apply_all().  Thread: ANY
void
cn_linear_add_all(const CnLinear* linear, CnVectors x_at, const float* x, CnVectors y_at, float* y);

/// The twin of cn_linear_apply().  Thread: ANY
void
cn_linear_apply_plain(const CnLinear* linear, const float* x, float* y);

/// The twin of cn_linear_add().  Thread: ANY
void
cn_linear_add_plain(const CnLinear* linear, const float* x, float* y);

/// The twin of cn_linear_apply_all().  Thread: ANY
void
cn_linear_apply_all_plain(const CnLinear* linear, CnVectors x_at, const float* x, CnVectors y_at, float* y);

/// The twin of cn_linear_add_all().  Thread: ANY
void
cn_linear_add_all_plain(const CnLinear* linear, CnVectors x_at, const float* x, CnVectors y_at, float* y);

#endif // CN_LINEAR_H
