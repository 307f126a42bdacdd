// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file packed.h
   The products of training: with AVX-512 our own ones, 8 rows by 32 columns in registers, elsewhere
   those of BLIS.

   BLIS lays out both factors anew in each product, which costs about as much as the product itself
   when one has a few dozen rows, as each step of a recurrent layer has.  Here a weight is laid out once
   a batch for all of its steps.

   The order of all sums is fixed by the shapes and by the instruction set.
*/

#ifndef CN_PACKED_H
#define CN_PACKED_H

#include "tools/gradient/blas.h"

#include <stdbool.h>
#include <stddef.h>

/// A weight (k, n) that was laid out
typedef struct {
  float* data; ///< (cn_packed_size(k, n)), aligned to 64 bytes; the caller's
  size_t k;
  size_t n;
} CnPacked;

/// Room that a weight takes when it is laid out [floats].  Thread: ANY
size_t
cn_packed_size(size_t k, size_t n);

/**
   Lay a weight out.

   @param[in,out] packed Its `data` is filled, its `k` and `n` are set.
   @param weight (k, n) with any strides.

   Thread: ANY
*/
void
cn_packed_pack(CnPacked* packed, size_t k, size_t n, CnConstMatrix weight);

/**
   c = a * weight, or c += a * weight.

   @param m Rows of `a` and `c`.
   @param a (m, k), columns one after another.
   @param adds Whether to add to what `c` holds.
   @param c (m, n), columns one after another.

   Thread: ANY
*/
void
cn_packed_multiply(const CnPacked* packed, size_t m, CnConstMatrix a, bool adds, CnMatrix c);

/// Scratch of cn_packed_correlate() [floats].  Thread: ANY
size_t
cn_packed_correlate_size(size_t m, size_t n);

/**
   c = a^T b, a sum over many rows: the gradient of a weight.

   @param scratch (cn_packed_correlate_size(m, n)) floats, aligned to 64 bytes.
   @param a (k, m), columns one after another.
   @param b (k, n), columns one after another.
   @param c (m, n), columns one after another.

   Thread: ANY
*/
void
cn_packed_correlate(float* scratch, size_t m, size_t n, size_t k, CnConstMatrix a, CnConstMatrix b,
                    CnMatrix c);

#endif // CN_PACKED_H
