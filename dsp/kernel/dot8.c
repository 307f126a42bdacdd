// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8.h"

#include "dsp/kernel/kernels.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(CN_NO_CLONES)
#  define HAS_X86 1
#  define HAS_NEON 0
#  include <immintrin.h>
#elif defined(__aarch64__) && defined(__linux__) && !defined(CN_NO_CLONES)
#  define HAS_X86 0
#  define HAS_NEON 1
#  include <arm_neon.h>
#  include <sys/auxv.h>
#else
#  define HAS_X86 0
#  define HAS_NEON 0
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

#  if defined(__clang__)
#    define AVX2 __attribute__((target("avx2")))
#  else
#    define AVX2 __attribute__((target("avx2"), optimize("O3"))) // It unrolls loops of four
#  endif
#  define AVX2_INLINE AVX2 __attribute__((always_inline)) static inline

#  define OFFSET (CN_DOT8_MOST_INPUT + 1)

AVX2_INLINE __m256i
load(const int8_t* const x)
{
  return _mm256_loadu_si256((const __m256i*)(const void*)x);
}

// Four sums, each of one vector's lanes
AVX2_INLINE __m128i
add_lanes(const __m256i a, const __m256i b, const __m256i c, const __m256i d)
{
  const __m256i ab  = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
  const __m256i cd  = _mm256_add_epi32(_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
  const __m256i all = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
  return _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
}

// 16 bytes, and zeros
AVX2_INLINE __m256i
load_half(const int8_t* const x)
{
  return _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i*)(const void*)x));
}

// Four rows times 64, 32 or 16 columns from `k` on.  The instruction multiplies unsigned bytes by signed ones
// and adds pairs, of which two fit into 16 bits
AVX2_INLINE void
add_terms(const size_t n_columns, const size_t k, const int8_t* const w[4], const int8_t* const x,
          __m256i sum[4])
{
  const __m256i offset = _mm256_set1_epi8(OFFSET);
  const __m256i a      = n_columns < 32 ? load_half(x + k) : load(x + k);
  const __m256i b      = n_columns < 64 ? a : load(x + k + 32);
  for (size_t r = 0; r < 4; ++r) {
    const __m256i weights = n_columns < 32 ? load_half(w[r] + k) : load(w[r] + k);
    __m256i       pairs   = _mm256_maddubs_epi16(_mm256_add_epi8(a, offset), weights);
    if (n_columns == 64) {
      const __m256i more = _mm256_maddubs_epi16(_mm256_add_epi8(b, offset), load(w[r] + k + 32));
      pairs              = _mm256_add_epi16(pairs, more);
    }
    sum[r] = _mm256_add_epi32(sum[r], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
}

// Four rows times all columns that are not left over
AVX2_INLINE __m128i
multiply_rows(const size_t n_columns, const int8_t* const w[4], const int8_t* const x)
{
  const __m256i zero   = _mm256_setzero_si256();
  __m256i       sum[4] = {zero, zero, zero, zero};
  size_t        k      = 0;
  for (; k + 64 <= n_columns; k += 64) {
    add_terms(64, k, w, x, sum);
  }
  if (k + 32 <= n_columns) {
    add_terms(32, k, w, x, sum);
    k += 32;
  }
  if (k + 16 <= n_columns) {
    add_terms(16, k, w, x, sum);
  }
  return add_lanes(sum[0], sum[1], sum[2], sum[3]);
}

// What is left over
AVX2_INLINE int32_t
dot_rest(const size_t n, const int8_t* const w, const int8_t* const x)
{
  int32_t sum = 0;
  for (size_t k = 0; k < n; ++k) {
    sum += (x[k] + OFFSET) * w[k];
  }
  return sum;
}

// Each of x has OFFSET added, so that it is none below 0, and the row's sum times as much is taken off again
AVX2 static void
multiply_avx2(const size_t rows, const size_t columns, const int8_t* const weights,
              const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  const __m128i offset = _mm_set1_epi32(OFFSET);
  const size_t  whole  = columns / 16 * 16;
  if (rows < 4) {
    multiply_plain(rows, columns, weights, row_sums, x, y);
    return;
  }
  for (size_t next = 0; next < rows; next += 4) {
    const size_t        i     = next + 4 <= rows ? next : rows - 4; // At the end some rows once more
    const int8_t* const first = weights + i * columns;
    const int8_t* const w[4]  = {first, first + columns, first + 2 * columns, first + 3 * columns};
    const __m128i       sums  = _mm_loadu_si128((const __m128i*)(const void*)(row_sums + i));
    _mm_storeu_si128((__m128i*)(void*)(y + i),
                     _mm_sub_epi32(multiply_rows(whole, w, x), _mm_mullo_epi32(sums, offset)));
    for (size_t r = 0; r < 4 && whole < columns; ++r) {
      y[i + r] += dot_rest(columns - whole, w[r] + whole, x + whole);
    }
  }
}

// As above, with 128 added to each of x, which is a bit flipped.  Its sums of four products wrap around and
// do not saturate.
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

static const Kernel kernels[CN_N_DOT8] = {multiply_plain, multiply_avx2, multiply_vnni, NULL, NULL};

bool
cn_dot8_has(const CnDot8 kernel)
{
  switch (kernel) {
  case CN_DOT8_AVX2:
    return __builtin_cpu_supports("avx2");
  case CN_DOT8_VNNI:
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw");
  case CN_DOT8_PLAIN:
    return true;
  default:
    return false;
  }
}

#elif HAS_NEON

static void
multiply_neon(const size_t rows, const size_t columns, const int8_t* const weights,
              const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  const size_t whole = columns / 16 * 16;
  (void)row_sums;
  for (size_t i = 0; i < rows; ++i) {
    const int8_t* const w   = weights + i * columns;
    int32x4_t           sum = vdupq_n_s32(0);
    for (size_t k = 0; k < whole; k += 16) {
      const int8x16_t a = vld1q_s8(w + k);
      const int8x16_t b = vld1q_s8(x + k);
      const int16x8_t p =
          vmlal_high_s8(vmull_s8(vget_low_s8(a), vget_low_s8(b)), a, b); // 2 * 127 * 127 at most
      sum = vpadalq_s16(sum, p);
    }
    y[i] = vaddvq_s32(sum) + dot_plain(columns - whole, w + whole, x + whole);
  }
}

__attribute__((target("arch=armv8.2-a+dotprod"))) static void
multiply_sdot(const size_t rows, const size_t columns, const int8_t* const weights,
              const int32_t* const row_sums, const int8_t* const x, int32_t* const y)
{
  const size_t whole = columns / 32 * 32;
  (void)row_sums;
  for (size_t i = 0; i < rows; ++i) {
    const int8_t* const w    = weights + i * columns;
    int32x4_t           even = vdupq_n_s32(0);
    int32x4_t           odd  = vdupq_n_s32(0);
    for (size_t k = 0; k < whole; k += 32) {
      even = vdotq_s32(even, vld1q_s8(w + k), vld1q_s8(x + k));
      odd  = vdotq_s32(odd, vld1q_s8(w + k + 16), vld1q_s8(x + k + 16));
    }
    y[i] = vaddvq_s32(vaddq_s32(even, odd)) + dot_plain(columns - whole, w + whole, x + whole);
  }
}

static const Kernel kernels[CN_N_DOT8] = {multiply_plain, NULL, NULL, multiply_neon, multiply_sdot};

bool
cn_dot8_has(const CnDot8 kernel)
{
  switch (kernel) {
  case CN_DOT8_PLAIN:
  case CN_DOT8_NEON:
    return true;
  case CN_DOT8_SDOT:
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
  default:
    return false;
  }
}

#else

static const Kernel kernels[CN_N_DOT8] = {multiply_plain};

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

#define LANES 16

// Lane by lane: the greatest is the same in any order, and this one can be done many at a time
static inline __attribute__((always_inline)) float
round_to(const float most, const size_t n, const float* const x, int8_t* const q)
{
  float  lane[LANES] = {0.0F};
  size_t i           = 0;
  for (; i + LANES <= n; i += LANES) {
    for (size_t l = 0; l < LANES; ++l) {
      const float size = fabsf(x[i + l]);
      lane[l]          = size > lane[l] ? size : lane[l];
    }
  }
  for (; i < n; ++i) {
    const float size = fabsf(x[i]);
    lane[0]          = size > lane[0] ? size : lane[0];
  }
  for (size_t l = 1; l < LANES; ++l) {
    lane[0] = lane[l] > lane[0] ? lane[l] : lane[0];
  }

  const float scale = lane[0] / most;
  if (!(scale >= 1e-30F)) { // Nothing, or so little that its inverse is none
    memset(q, 0, n);
    return 0.0F;
  }
  const float shift   = 12582912.0F; // 1.5 * 2^23: adding it rounds to a whole number
  const float inverse = 1.0F / scale;
  for (i = 0; i < n; ++i) {
    const float rounded = (x[i] * inverse + shift) - shift;
    const float least   = rounded > -most ? rounded : -most; // NaN becomes that
    q[i]                = (int8_t)(int32_t)(least < most ? least : most);
  }
  return scale;
}

CN_KERNEL float
cn_round8(const size_t n, const float* const x, int8_t* const q)
{
  return round_to(127.0F, n, x, q);
}

CN_KERNEL float
cn_round_input(const size_t n, const float* const x, int8_t* const q)
{
  return round_to((float)CN_DOT8_MOST_INPUT, n, x, q);
}
