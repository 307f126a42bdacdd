// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#  define HAS_X86 1
#  include <immintrin.h>
#else
#  define HAS_X86 0
#endif

typedef void (*Kernel)(size_t rows, size_t columns, const int8_t* weights, const int32_t* row_sums,
                       const int8_t* x, int32_t* y);

static int32_t
dot_plain(const size_t n, const int8_t* const a, const int8_t* const b)
{
  int32_t sum = 0;
  for (size_t k = 0; k < n; ++k) {
    sum += a[k] * b[k];
  }
  return sum;
}

static void
multiply_plain(const size_t rows, const size_t columns, const int8_t* const weights,
               const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  (void)row_sums;
  for (size_t i = 0; i < rows; ++i) {
    y[i] = dot_plain(columns, weights + i * columns, x);
  }
}

#if HAS_X86

__attribute__((target("avx2"))) static void
multiply_avx2(const size_t rows, const size_t columns, const int8_t* const weights,
              const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  (void)row_sums;
  for (size_t i = 0; i < rows; ++i) {
    const int8_t* const w   = weights + i * columns;
    __m256i             sum = _mm256_setzero_si256();
    size_t              k   = 0;
    for (; k + 16 <= columns; k += 16) {
      const __m256i a = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)(const void*)(w + k)));
      const __m256i b = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)(const void*)(x + k)));
      sum             = _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
    }
    int32_t lane[8] = {0};
    _mm256_storeu_si256((__m256i*)(void*)lane, sum);
    y[i] = dot_plain(columns - k, w + k, x + k);
    for (unsigned l = 0; l < 8; ++l) {
      y[i] += lane[l];
    }
  }
}

// The instruction multiplies unsigned bytes by signed ones: each of x has 128 added, and the row's sum times
// 128 is taken off again.  Its sums of four products wrap around and do not saturate.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static void
multiply_vnni(const size_t rows, const size_t columns, const int8_t* const weights,
              const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  const __m512i   offset = _mm512_set1_epi8((char)-128);
  const size_t    whole  = columns / 64 * 64;
  const __mmask64 rest   = columns > whole ? ~UINT64_C(0) >> (64 - (columns - whole)) : 0;
  for (size_t i = 0; i < rows; ++i) {
    const int8_t* const w   = weights + i * columns;
    __m512i             sum = _mm512_setzero_si512();
    for (size_t k = 0; k < whole; k += 64) {
      sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(_mm512_loadu_si512(x + k), offset),
                                _mm512_loadu_si512(w + k));
    }
    if (rest) {
      sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, x + whole), offset),
                                _mm512_maskz_loadu_epi8(rest, w + whole));
    }
    y[i] = _mm512_reduce_add_epi32(sum) - 128 * row_sums[i];
  }
}

static const Kernel kernels[CN_N_DOT8] = {multiply_plain, multiply_avx2, multiply_vnni};

bool
cn_dot8_has(const CnDot8 kernel)
{
  switch (kernel) {
  case CN_DOT8_AVX2:
    return __builtin_cpu_supports("avx2");
  case CN_DOT8_VNNI:
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw");
  case CN_DOT8_PLAIN:
    break;
  }
  return true;
}

#else

static const Kernel kernels[CN_N_DOT8] = {multiply_plain, NULL, NULL};

bool
cn_dot8_has(const CnDot8 kernel)
{
  return kernel == CN_DOT8_PLAIN;
}

#endif

CnDot8
cn_dot8_best(void)
{
  unsigned kernel = CN_N_DOT8 - 1U;
  while (!cn_dot8_has((CnDot8)kernel)) {
    --kernel;
  }
  return (CnDot8)kernel;
}

void
cn_dot8(const CnDot8 kernel, const size_t rows, const size_t columns, const int8_t* const weights,
        const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  assert(columns <= CN_DOT8_MOST_COLUMNS);
  kernels[kernel](rows, columns, weights, row_sums, x, y);
}

float
cn_round8(const size_t n, const float* const x, int8_t* const q)
{
  float greatest = 0.0F;
  for (size_t i = 0; i < n; ++i) {
    const float size = fabsf(x[i]);
    greatest         = size > greatest ? size : greatest;
  }
  const float scale = greatest / 127.0F;
  if (!(scale >= 1e-30F)) { // Nothing, or so little that its inverse is none
    memset(q, 0, n);
    return 0.0F;
  }
  const float shift   = 12582912.0F; // 1.5 * 2^23: adding it rounds to a whole number
  const float inverse = 1.0F / scale;
  for (size_t i = 0; i < n; ++i) {
    const float rounded = (x[i] * inverse + shift) - shift;
    q[i]                = (int8_t)(rounded > 127.0F ? 127.0F : rounded < -127.0F ? -127.0F : rounded);
  }
  return scale;
}
