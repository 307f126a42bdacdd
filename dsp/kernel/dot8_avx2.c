// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8_internal.h"

#include <stddef.h>
#include <string.h>

#if CN_DOT8_HAS_X86

#  include <immintrin.h>

#  if defined(__clang__)
#    define AVX2 __attribute__((target("avx2")))
#  else
#    define AVX2 __attribute__((target("avx2"), optimize("O3"))) // It unrolls loops of four
#  endif
#  define AVX2_INLINE AVX2 __attribute__((always_inline)) static inline

#  define OFFSET (CN_DOT8_MOST_INPUT + 1)

#  define LARGE ((size_t)1 << 16) // [bytes] that may well be in no cache
#  define AHEAD ((size_t)1 << 13) // [bytes] from where weights are read to where they are fetched

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
add_terms(const size_t n_columns, const size_t ahead, const size_t k, const int8_t* const w[4],
          const int8_t* const x, __m256i sum[4])
{
  const __m256i offset = _mm256_set1_epi8(OFFSET);
  const __m256i a      = n_columns < 32 ? load_half(x + k) : load(x + k);
  const __m256i b      = n_columns < 64 ? a : load(x + k + 32);
  for (size_t r = 0; r < 4; ++r) {
    const __m256i weights = n_columns < 32 ? load_half(w[r] + k) : load(w[r] + k);
    __m256i       pairs   = _mm256_maddubs_epi16(_mm256_add_epi8(a, offset), weights);
    if (n_columns == 64 && ahead) {
      _mm_prefetch((const char*)w[r] + k + ahead, _MM_HINT_T1);
    }
    if (n_columns == 64) {
      const __m256i more = _mm256_maddubs_epi16(_mm256_add_epi8(b, offset), load(w[r] + k + 32));
      pairs              = _mm256_add_epi16(pairs, more);
    }
    sum[r] = _mm256_add_epi32(sum[r], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
}

// Four rows times all columns that are not left over
AVX2_INLINE __m128i
multiply_rows(const size_t n_columns, const size_t ahead, const int8_t* const w[4], const int8_t* const x)
{
  const __m256i zero   = _mm256_setzero_si256();
  __m256i       sum[4] = {zero, zero, zero, zero};
  size_t        k      = 0;
  for (; k + 64 <= n_columns; k += 64) {
    add_terms(64, ahead, k, w, x, sum);
  }
  if (k + 32 <= n_columns) {
    add_terms(32, ahead, k, w, x, sum);
    k += 32;
  }
  if (k + 16 <= n_columns) {
    add_terms(16, ahead, k, w, x, sum);
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
AVX2_INLINE void
multiply_vector_avx2(const CnMatrix8* const matrix, const size_t ahead, const int8_t* const x,
                     int32_t* const y)
{
  const __m128i offset  = _mm_set1_epi32(OFFSET);
  const size_t  columns = matrix->columns;
  const size_t  whole   = columns / 16 * 16;
  for (size_t next = 0; next < matrix->rows; next += 4) {
    const size_t        i     = next + 4 <= matrix->rows ? next : matrix->rows - 4; // Some rows once more
    const int8_t* const first = matrix->weights + i * columns;
    const int8_t* const w[4]  = {first, first + columns, first + 2 * columns, first + 3 * columns};
    const __m128i       sums  = _mm_loadu_si128((const __m128i*)(const void*)(matrix->row_sums + i));
    _mm_storeu_si128((__m128i*)(void*)(y + i),
                     _mm_sub_epi32(multiply_rows(whole, ahead, w, x), _mm_mullo_epi32(sums, offset)));
    for (size_t r = 0; r < 4 && whole < columns; ++r) {
      y[i + r] += dot_rest(columns - whole, w[r] + whole, x + whole);
    }
  }
}

AVX2 void
cn_dot8_avx2(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  if (matrix->rows < 4) {
    cn_dot8_plain(matrix, n, x, y);
    return;
  }
  if (n == 1 && matrix->rows * matrix->columns >= LARGE) { // Processors follow fewer than four rows
    multiply_vector_avx2(matrix, AHEAD, x, y);
    return;
  }
  for (size_t i = 0; i < n; ++i) {
    multiply_vector_avx2(matrix, 0, x + i * matrix->columns, y + i * matrix->rows);
  }
}

#endif
