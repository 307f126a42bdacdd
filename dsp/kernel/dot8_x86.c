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

AVX2 static void
multiply_avx2(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
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

#  if defined(__clang__)
#    define VNNI __attribute__((target("avx512f,avx512bw,avx512vnni")))
#  else
#    define VNNI                                            \
      __attribute__((target("avx512f,avx512bw,avx512vnni"), \
                     optimize("O2", "no-tree-pre"))) // It moves sums about
#  endif
#  define VNNI_INLINE VNNI __attribute__((always_inline)) static inline

#  define TILE 16 // Sums that are brought together at once: of 16 rows, or of 4 rows by 4 vectors
#  define VNNI_OFFSET_BITS 7

// The sum of each one's lanes; by halves, which are put side by side
VNNI_INLINE __m512i
add_tile_lanes(const __m512i sum[TILE])
{
  __m512i     a[TILE];
#  pragma GCC unroll 16
  for (size_t i = 0; i < TILE; ++i) {
    a[i] = sum[i];
  }
#  pragma GCC unroll 8
  for (size_t i = 0; i < 8; ++i) {
    a[i] = _mm512_add_epi32(_mm512_unpacklo_epi32(a[2 * i], a[2 * i + 1]),
                            _mm512_unpackhi_epi32(a[2 * i], a[2 * i + 1]));
  }
#  pragma GCC unroll 4
  for (size_t i = 0; i < 4; ++i) {
    a[i] = _mm512_add_epi32(_mm512_unpacklo_epi64(a[2 * i], a[2 * i + 1]),
                            _mm512_unpackhi_epi64(a[2 * i], a[2 * i + 1]));
  }
#  pragma GCC unroll 2
  for (size_t i = 0; i < 2; ++i) {
    a[i] = _mm512_add_epi32(_mm512_shuffle_i32x4(a[2 * i], a[2 * i + 1], 0x88),
                            _mm512_shuffle_i32x4(a[2 * i], a[2 * i + 1], 0xDD));
  }
  return _mm512_add_epi32(_mm512_shuffle_i32x4(a[0], a[1], 0x88), _mm512_shuffle_i32x4(a[0], a[1], 0xDD));
}

// Go on by an address that the compiler knows nothing of: of its own accord it keeps one for
// each row, more than there are registers
VNNI_INLINE const int8_t*
go_on(const int8_t* const rows, const size_t n)
{
  const int8_t* at = rows + n;
  __asm__("" : "+r"(at));
  return at;
}

// Up to 64 columns of some rows times some vectors, each of whose numbers has 128 added, which is a bit
// flipped.  The instruction's sums of four products wrap around and do not saturate.
VNNI_INLINE void
add_columns(const size_t n_rows, const size_t n_vectors, const __mmask64 has, const size_t columns,
            const int8_t* const w, const int8_t* const x, __m512i sum[TILE])
{
  __m512i     a[4];
#  pragma GCC unroll 4
  for (size_t v = 0; v < n_vectors; ++v) {
    a[v] = _mm512_xor_si512(_mm512_maskz_loadu_epi8(has, x + v * columns), _mm512_set1_epi8((char)-128));
  }
#  pragma GCC unroll 4
  for (size_t r = 0; r < n_rows; ++r) {
    const __m512i b = _mm512_maskz_loadu_epi8(has, w + r * columns);
#  pragma GCC unroll 4
    for (size_t v = 0; v < n_vectors; ++v) {
      sum[v * n_rows + r] = _mm512_dpbusd_epi32(sum[v * n_rows + r], a[v], b);
    }
  }
}

// Some rows times some vectors; both numbers are known to the compiler
VNNI_INLINE void
multiply_some(const size_t n_rows, const size_t n_vectors, const size_t columns, const int8_t* w,
              const int8_t* x, __m512i sum[TILE])
{
  size_t      left = columns;
#  pragma GCC unroll 16
  for (size_t i = 0; i < n_rows * n_vectors; ++i) {
    sum[i] = _mm512_setzero_si512();
  }
  for (; left >= 64; left -= 64) {
    add_columns(n_rows, n_vectors, ~UINT64_C(0), columns, w, x, sum);
    w = go_on(w, 64);
    x = go_on(x, 64);
  }
  if (left) {
    add_columns(n_rows, n_vectors, ~UINT64_C(0) >> (64 - left), columns, w, x, sum);
  }
}

// One vector, by 16 rows, each read from its beginning to its end: so processors fetch what comes next, if it
// is in no cache
VNNI_INLINE void
multiply_vector_vnni(const CnMatrix8* const matrix, const int8_t* const x, int32_t* const y)
{
  for (size_t next = 0; next < matrix->rows; next += TILE) {
    const size_t i = next + TILE <= matrix->rows ? next : matrix->rows - TILE; // Some rows once more
    __m512i      lanes[TILE];
#  pragma GCC unroll 16
    for (size_t r = 0; r < TILE; ++r) {
      multiply_some(1, 1, matrix->columns, matrix->weights + (i + r) * matrix->columns, x, lanes + r);
    }
    const __m512i sums   = add_tile_lanes(lanes);
    const __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(matrix->row_sums + i), VNNI_OFFSET_BITS);
    _mm512_storeu_si512(y + i, _mm512_sub_epi32(sums, offset));
  }
}

VNNI_INLINE void
store_four(const __m128i numbers, int32_t* const y)
{
  _mm_storeu_si128((__m128i*)(void*)y, numbers);
}

// Four rows, from row `i` on, by four vectors
VNNI_INLINE void
multiply_four_vnni(const CnMatrix8* const matrix, const size_t i, const int8_t* const x, int32_t* const y)
{
  __m512i lanes[TILE];
  multiply_some(4, 4, matrix->columns, matrix->weights + i * matrix->columns, x, lanes);
  const __m512i sums     = add_tile_lanes(lanes);
  const __m128i row_sums = _mm_loadu_si128((const __m128i*)(const void*)(matrix->row_sums + i));
  const __m512i offset   = _mm512_slli_epi32(_mm512_broadcast_i32x4(row_sums), VNNI_OFFSET_BITS);
  const __m512i products = _mm512_sub_epi32(sums, offset);
  store_four(_mm512_castsi512_si128(products), y + i);
  store_four(_mm512_extracti32x4_epi32(products, 1), y + matrix->rows + i);
  store_four(_mm512_extracti32x4_epi32(products, 2), y + 2 * matrix->rows + i);
  store_four(_mm512_extracti32x4_epi32(products, 3), y + 3 * matrix->rows + i);
}

// Four columns of some tiles, which are `stride` apart, times those of some vectors: each lane has a row
VNNI_INLINE void
add_tiles(const size_t n_tiles, const size_t n_vectors, const size_t stride, const int8_t* const w,
          const size_t columns, const int8_t* const x, __m512i sum[TILE])
{
  __m512i     a[4];
#  pragma GCC unroll 4
  for (size_t v = 0; v < n_vectors; ++v) {
    int32_t four;
    memcpy(&four, x + v * columns, sizeof(four));
    a[v] = _mm512_xor_si512(_mm512_set1_epi32(four), _mm512_set1_epi8((char)-128));
  }
#  pragma GCC unroll 4
  for (size_t t = 0; t < n_tiles; ++t) {
    const __m512i b = _mm512_loadu_si512(w + t * stride);
#  pragma GCC unroll 4
    for (size_t v = 0; v < n_vectors; ++v) {
      sum[v * n_tiles + t] = _mm512_dpbusd_epi32(sum[v * n_tiles + t], a[v], b);
    }
  }
}

// The rows of some tiles, from row `i` on, times some vectors; both numbers are known to the compiler
VNNI_INLINE void
multiply_tiles(const size_t n_tiles, const size_t n_vectors, const CnMatrix8* const matrix, const size_t i,
               const int8_t* x, int32_t* const y)
{
  const size_t  stride = CN_DOT8_TILE_ROWS * matrix->columns;
  const int8_t* w      = matrix->weights + i * matrix->columns;
  __m512i       sum[TILE];
#  pragma GCC   unroll 16
  for (size_t k = 0; k < n_tiles * n_vectors; ++k) {
    sum[k] = _mm512_setzero_si512();
  }
  for (size_t k = 0; k < matrix->columns; k += CN_DOT8_TILE_COLUMNS) {
    add_tiles(n_tiles, n_vectors, stride, w, matrix->columns, x, sum);
    w = go_on(w, CN_DOT8_TILE_ROWS * CN_DOT8_TILE_COLUMNS);
    x = go_on(x, CN_DOT8_TILE_COLUMNS);
  }
#  pragma GCC unroll 16
  for (size_t k = 0; k < n_tiles * n_vectors; ++k) {
    const size_t  row    = i + k % n_tiles * CN_DOT8_TILE_ROWS;
    const __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(matrix->row_sums + row), VNNI_OFFSET_BITS);
    _mm512_storeu_si512(y + k / n_tiles * matrix->rows + row, _mm512_sub_epi32(sum[k], offset));
  }
}

// As many tiles as told, times all vectors
VNNI_INLINE void
multiply_tile_rows(const size_t n_tiles, const CnMatrix8* const matrix, const size_t i, const size_t n,
                   const int8_t* const x, int32_t* const y)
{
  size_t v = 0;
  for (; v + 4 <= n; v += 4) {
    multiply_tiles(n_tiles, 4, matrix, i, x + v * matrix->columns, y + v * matrix->rows);
  }
  for (; v < n; ++v) {
    multiply_tiles(n_tiles, 1, matrix, i, x + v * matrix->columns, y + v * matrix->rows);
  }
}

VNNI static void
multiply_tiled_vnni(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  size_t i = 0;
  for (; i + 4 * CN_DOT8_TILE_ROWS <= matrix->rows; i += 4 * CN_DOT8_TILE_ROWS) {
    multiply_tile_rows(4, matrix, i, n, x, y);
  }
  for (; i < matrix->rows; i += CN_DOT8_TILE_ROWS) {
    multiply_tile_rows(1, matrix, i, n, x, y);
  }
}

VNNI static void
multiply_vnni(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  const size_t n_four = n / 4 * 4;
  if (matrix->is_tiled) {
    multiply_tiled_vnni(matrix, n, x, y);
    return;
  }
  if (matrix->rows < TILE) {
    multiply_avx2(matrix, n, x, y);
    return;
  }
  for (size_t next = 0; next < matrix->rows && n_four;
       next += 4) { // Rows stay near while all vectors come by
    const size_t i = next + 4 <= matrix->rows ? next : matrix->rows - 4;
    for (size_t v = 0; v < n_four; v += 4) {
      multiply_four_vnni(matrix, i, x + v * matrix->columns, y + v * matrix->rows);
    }
  }
  for (size_t v = n_four; v < n; ++v) {
    multiply_vector_vnni(matrix, x + v * matrix->columns, y + v * matrix->rows);
  }
}

CnDot8Kernel
cn_dot8_find_x86(const CnDot8 kernel)
{
  if (kernel == CN_DOT8_AVX2 && __builtin_cpu_supports("avx2")) {
    return multiply_avx2;
  }
  if (kernel == CN_DOT8_VNNI && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")) {
    return multiply_vnni;
  }
  return NULL;
}

#else

CnDot8Kernel
cn_dot8_find_x86(const CnDot8 kernel)
{
  (void)kernel;
  return NULL;
}

#endif
