// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8_internal.h"

#if CN_DOT8_HAS_ARM

#  include <arm_neon.h>
#  include <sys/auxv.h>

static int32_t
dot_neon(const size_t n, const int8_t* const w, const int8_t* const x)
{
  const size_t whole = n / 16 * 16;
  int32x4_t    sum   = vdupq_n_s32(0);
  for (size_t k = 0; k < whole; k += 16) {
    const int8x16_t a = vld1q_s8(w + k);
    const int8x16_t b = vld1q_s8(x + k);
    const int16x8_t p =
        vmlal_high_s8(vmull_s8(vget_low_s8(a), vget_low_s8(b)), a, b); // 2 * 127 * 127 at most
    sum = vpadalq_s16(sum, p);
  }
  return vaddvq_s32(sum) + cn_dot8_sum_plain(n - whole, w + whole, x + whole);
}

static void
multiply_neon(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  const size_t columns = matrix->columns;
  for (size_t i = 0; i < n * matrix->rows; ++i) {
    y[i] = dot_neon(columns, matrix->weights + i % matrix->rows * columns, x + i / matrix->rows * columns);
  }
}

#  define SDOT __attribute__((target("arch=armv8.2-a+dotprod")))

SDOT static int32_t
dot_sdot(const size_t n, const int8_t* const w, const int8_t* const x)
{
  const size_t whole = n / 32 * 32;
  int32x4_t    even  = vdupq_n_s32(0);
  int32x4_t    odd   = vdupq_n_s32(0);
  for (size_t k = 0; k < whole; k += 32) {
    even = vdotq_s32(even, vld1q_s8(w + k), vld1q_s8(x + k));
    odd  = vdotq_s32(odd, vld1q_s8(w + k + 16), vld1q_s8(x + k + 16));
  }
  return vaddvq_s32(vaddq_s32(even, odd)) + cn_dot8_sum_plain(n - whole, w + whole, x + whole);
}

SDOT static void
multiply_sdot(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  const size_t columns = matrix->columns;
  for (size_t i = 0; i < n * matrix->rows; ++i) {
    y[i] = dot_sdot(columns, matrix->weights + i % matrix->rows * columns, x + i / matrix->rows * columns);
  }
}

CnDot8Kernel
cn_dot8_find_arm(const CnDot8 kernel)
{
  if (kernel == CN_DOT8_NEON) {
    return multiply_neon;
  }
  if (kernel == CN_DOT8_SDOT && getauxval(AT_HWCAP) & HWCAP_ASIMDDP) {
    return multiply_sdot;
  }
  return NULL;
}

#else

CnDot8Kernel
cn_dot8_find_arm(const CnDot8 kernel)
{
  (void)kernel;
  return NULL;
}

#endif
