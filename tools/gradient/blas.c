// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/blas.h"

#if defined(__GNUC__)
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wundef"
#  pragma GCC diagnostic ignored "-Wstrict-prototypes"
#  pragma GCC diagnostic ignored "-Wunused-function"
#endif
#include <blis.h>
#if defined(__GNUC__)
#  pragma GCC diagnostic pop
#endif

// BLIS takes pointers to non-const, also for what it only reads
static float*
unconst(const float* const data)
{
  union {
    const float* in;
    float*       out;
  } pointer = {data};
  return pointer.out;
}

void
cn_blas_init(void)
{
  bli_init();
}

void
cn_gemm(const size_t m, const size_t n, const size_t k, const CnConstMatrix a, const CnConstMatrix b,
        const float beta, const CnMatrix c)
{
  // One thread whatever the environment says: we bring our own
  rntm_t runtime = BLIS_RNTM_INITIALIZER;
  bli_rntm_set_num_threads(1, &runtime);

  float one   = 1.0F;
  float scale = beta;
  bli_sgemm_ex(BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, (dim_t)m, (dim_t)n, (dim_t)k, &one, unconst(a.data),
               a.row, a.column, unconst(b.data), b.row, b.column, &scale, c.data, c.row, c.column, NULL,
               &runtime);
}
