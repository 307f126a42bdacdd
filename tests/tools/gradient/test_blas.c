// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Products of matrices against three loops, in double precision.
*/

#include "dsp/base/random.h"
#include "tools/gradient/blas.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { M = 5, N = 37, K = 7 };

static const double tolerance = 2e-6;

static void
fill(CnRandom* const random, const size_t n, float* const x)
{
  for (size_t i = 0; i < n; ++i) {
    x[i] = 2.0F * cn_random_uniform(random) - 1.0F;
  }
}

static void
check(const CnConstMatrix a, const CnConstMatrix b, const float* const before, const float* const c)
{
  for (ptrdiff_t i = 0; i < M; ++i) {
    for (ptrdiff_t j = 0; j < N; ++j) {
      double sum = 0.5 * (double)before[i * N + j];
      for (ptrdiff_t k = 0; k < K; ++k) {
        sum += (double)a.data[i * a.row + k * a.column] * (double)b.data[k * b.row + j * b.column];
      }
      assert_true(fabs((double)c[i * N + j] - sum) <= tolerance + tolerance * fabs(sum));
    }
  }
}

// Of the three layouts that training uses: plain, a transposed, b transposed
static void
test_products_are_those_of_three_loops(void** const state)
{
  (void)state;
  CnRandom random = cn_random(5, 0, 0, 0, 0);
  float    a[M * K];
  float    b[K * N];
  float    before[M * N];
  float    c[M * N];
  fill(&random, M * K, a);
  fill(&random, K * N, b);
  fill(&random, M * N, before);
  for (unsigned layout = 0; layout < 3; ++layout) {
    const CnConstMatrix left  = {a, layout == 1 ? 1 : K, layout == 1 ? M : 1};
    const CnConstMatrix right = {b, layout == 2 ? 1 : N, layout == 2 ? K : 1};
    memcpy(c, before, sizeof(c));
    cn_gemm(M, N, K, left, right, 0.5F, (CnMatrix){c, N, 1});
    check(left, right, before, c);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_products_are_those_of_three_loops)};
  cn_blas_init();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
