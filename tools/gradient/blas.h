// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file blas.h
   Matrix products for training, by BLIS and always on the calling thread.

   Strides are in elements, as in the BLIS typed API: element (i, j) of A is a[i * rsa + j * csa], so
   that a transposed matrix is one with its strides swapped.
*/

#ifndef CN_BLAS_H
#define CN_BLAS_H

#include <stddef.h>

/// A matrix in memory that belongs to somebody else
typedef struct {
  float*    data;
  ptrdiff_t row;    ///< Elements from one row to the next
  ptrdiff_t column; ///< Elements from one column to the next
} CnMatrix;

/// The same for reading only
typedef struct {
  const float* data;
  ptrdiff_t    row;
  ptrdiff_t    column;
} CnConstMatrix;

/// Let BLIS choose its kernels and allocate what it keeps; call before any thread computes.  Thread: INIT
void
cn_blas_init(void);

/// c = beta * c + a * b, with shapes (m, n), (m, k), (k, n).  Thread: ANY
void
cn_gemm(size_t m, size_t n, size_t k, CnConstMatrix a, CnConstMatrix b, float beta, CnMatrix c);

#endif // CN_BLAS_H
