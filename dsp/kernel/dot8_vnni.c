// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/kernel/dot8_internal.h"

#include <stddef.h>
#include <string.h>

#if CN_DOT8_HAS_X86

#  include <immintrin.h>

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
#  define AHEAD ((size_t)1 << 13) // [bytes] to a page whose address is asked for, lest it be waited for
#  define ALL 0xFFFFU             // Rows that stand in a vector
#  define NEAR ((size_t)3 << 14)  // [bytes] that are mostly in the nearest cache

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

// Where a vector's products go.  A copy, because what is stored could change the original, for all that the
// compiler knows
typedef struct {
  int32_t*  sums; // (rows), or null: floats
  CnScaled8 scaled;
} Result;

VNNI_INLINE Result
move_result(Result to, const size_t rows, const size_t n_vectors)
{
  if (to.sums) {
    to.sums += n_vectors * rows;
    return to;
  }
  to.scaled.base = cn_scaled8_base(&to.scaled, n_vectors);
  to.scaled.scale += n_vectors;
  to.scaled.y += n_vectors * to.scaled.y_stride;
  return to;
}

// Sixteen rows' from row `row` on, of which the first ones may be known already: added to once is enough
VNNI_INLINE void
store_sums(const __m512i sums, const size_t row, const __mmask16 has, const Result to)
{
  if (to.sums) {
    _mm512_storeu_si512(to.sums + row, sums);
    return;
  }
  const __m512 scale =
      _mm512_mul_ps(_mm512_set1_ps(*to.scaled.scale), _mm512_loadu_ps(to.scaled.scales + row));
  const __m512 product = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), scale);
  const __m512 result =
      to.scaled.base ? _mm512_add_ps(_mm512_loadu_ps(to.scaled.base + row), product) : product;
  if (has == ALL) {
    _mm512_storeu_ps(to.scaled.y + row, result);
  } else {
    _mm512_mask_storeu_ps(to.scaled.y + row, has, result);
  }
}

// One vector, by 16 rows, each read from its beginning to its end: so processors fetch what comes next, if it
// is in no cache
VNNI_INLINE void
multiply_vector_vnni(const CnMatrix8* const matrix, const int8_t* const x, const Result to)
{
  for (size_t next = 0; next < matrix->rows; next += TILE) {
    const size_t i = next + TILE <= matrix->rows ? next : matrix->rows - TILE; // Some rows once more
    __m512i      lanes[TILE];
    _mm_prefetch((const char*)matrix->weights + i * matrix->columns + AHEAD, _MM_HINT_T1);
#  pragma GCC unroll 16
    for (size_t r = 0; r < TILE; ++r) {
      multiply_some(1, 1, matrix->columns, matrix->weights + (i + r) * matrix->columns, x, lanes + r);
    }
    const __m512i sums   = add_tile_lanes(lanes);
    const __m512i offset = _mm512_slli_epi32(_mm512_loadu_si512(matrix->row_sums + i), VNNI_OFFSET_BITS);
    store_sums(_mm512_sub_epi32(sums, offset), i, (__mmask16)(ALL << (next - i)), to);
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
#  pragma GCC unroll 8
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
               const int8_t* x, const Result to)
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
    store_sums(_mm512_sub_epi32(sum[k], offset), row, ALL, move_result(to, matrix->rows, k / n_tiles));
  }
}

// As many tiles as told, times all vectors
VNNI_INLINE void
multiply_tile_rows(const size_t n_tiles, const CnMatrix8* const matrix, const size_t i, const size_t n,
                   const int8_t* const x, const Result to)
{
  size_t v = 0;
  for (; v + 4 <= n; v += 4) {
    multiply_tiles(n_tiles, 4, matrix, i, x + v * matrix->columns, move_result(to, matrix->rows, v));
  }
  for (; v < n; ++v) {
    multiply_tiles(n_tiles, 1, matrix, i, x + v * matrix->columns, move_result(to, matrix->rows, v));
  }
}

// Eight tiles at once hide how long a sum takes, but processors do not follow as many that are far away
VNNI_INLINE void
multiply_tiled(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, const Result to)
{
  const bool is_near = n == 1 && matrix->rows * matrix->columns <= NEAR;
  size_t     left    = matrix->rows;
  while (left) {
    const size_t n_tiles = left / CN_DOT8_TILE_ROWS;
    const size_t n_rows  = CN_DOT8_TILE_ROWS * (is_near && n_tiles >= 8 ? 8 : n_tiles >= 4 ? 4 : 1);
    const size_t i       = matrix->from_end ? left - n_rows : matrix->rows - left;
    if (n_rows == 8 * CN_DOT8_TILE_ROWS) {
      multiply_tiles(8, 1, matrix, i, x, to);
    } else if (n_rows == 4 * CN_DOT8_TILE_ROWS) {
      multiply_tile_rows(4, matrix, i, n, x, to);
    } else {
      multiply_tile_rows(1, matrix, i, n, x, to);
    }
    left -= n_rows;
  }
}

VNNI void
cn_dot8_vnni(const CnMatrix8* const matrix, const size_t n, const int8_t* const x, int32_t* const y)
{
  const size_t n_four = n / 4 * 4;
  if (matrix->is_tiled) {
    multiply_tiled(matrix, n, x, (Result){.sums = y});
    return;
  }
  if (matrix->rows < TILE) {
    cn_dot8_avx2(matrix, n, x, y);
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
    multiply_vector_vnni(matrix, x + v * matrix->columns, (Result){.sums = y + v * matrix->rows});
  }
}

VNNI void
cn_dot8_scaled_vnni(const CnMatrix8* const matrix, const size_t n, const int8_t* const x,
                    const CnScaled8* const to)
{
  if (matrix->is_tiled) {
    multiply_tiled(matrix, n, x, (Result){.scaled = *to});
  } else {
    multiply_vector_vnni(matrix, x, (Result){.scaled = *to});
  }
}

#endif
