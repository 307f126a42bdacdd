// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file dot32.h
   Products of floats, of which each sum is made in one order: every build gives the same bits, and many
   vectors at once the same as one after the other.
*/

#ifndef CN_DOT32_H
#define CN_DOT32_H

#include <stddef.h>

/// Vectors that stand in memory at a distance of one another
typedef struct {
  size_t n;      ///< B, number of them
  size_t stride; ///< [floats] from one to the next
} CnVectors;

/**
   Multiply a matrix by vectors.

   @param weights (rows, columns), one row after another.
   @param x_at (B, columns) inputs; their number is that of the outputs.
   @param base (B, rows) what to add to, or null: nothing; may be `y`.
   @param base_stride [floats] from one of those to the next; 0: the same for all.
   @param[out] y (B, rows) outputs, where `y_at` says; what lies between them is left alone.

   Thread: ANY
*/
void
cn_dot32(size_t rows, size_t columns, const float* weights, CnVectors x_at, const float* x, const float* base,
         size_t base_stride, CnVectors y_at, float* y);

#endif // CN_DOT32_H
