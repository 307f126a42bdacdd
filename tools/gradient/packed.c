// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/gradient/packed.h"

#include <assert.h>
#include <string.h>

#define WIDTH 32U  // Columns of a panel: two vectors
#define ROWS 8U    // Of a tile: 16 sums hide the latency of the multiplications
#define DEPTH 256U // Rows of which packed and strips fit into the cache

size_t
cn_packed_size(const size_t k, const size_t n)
{
  return k * ((n + WIDTH - 1) / WIDTH * WIDTH);
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(CN_NO_CLONES)

#  include <immintrin.h>

#  define AVX512 __attribute__((target("avx512f")))
#  define INLINE_AVX512 static inline __attribute__((always_inline, target("avx512f")))
#  define AHEAD 24U  // Rows of a panel that are fetched early: a wide net's weight is not in the cache
#  define BLOCK 128U // Rows of `a` that stay in the cache for all packed

// Rows of `a` times a panel, or the left half of one
typedef struct {
  size_t       k;
  const float* a; // (rows, k)
  ptrdiff_t    a_row;
  ptrdiff_t    a_column;
  ptrdiff_t    a_tile; // From one tile's rows to the next ones
  const float* panel;  // (k, WIDTH)
  float*       c;      // (rows, columns)
  ptrdiff_t    c_row;
  __mmask16    mask; // Columns of the last vector
  bool         adds;
} Tile;

static bool
has_avx512(void)
{
  return __builtin_cpu_supports("avx512f");
}

INLINE_AVX512 void
multiply_tile(const Tile* const t, const unsigned rows, const unsigned vectors)
{
  __m512      sum[ROWS][2];
#  pragma GCC unroll 8
  for (unsigned r = 0; r < rows; ++r) {
#  pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; ++v) {
      const __mmask16 mask = v + 1 == vectors ? t->mask : 0xFFFF;
      sum[r][v] = t->adds ? _mm512_maskz_loadu_ps(mask, t->c + (ptrdiff_t)r * t->c_row + (ptrdiff_t)v * 16)
                          : _mm512_setzero_ps();
    }
  }

  for (size_t i = 0; i < t->k; ++i) {
    __m512 weight[2];
#  pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; ++v) {
      weight[v] = _mm512_load_ps(t->panel + i * WIDTH + (size_t)v * 16);
      _mm_prefetch((const char*)(t->panel + (i + AHEAD) * WIDTH + (size_t)v * 16), _MM_HINT_T0);
    }
#  pragma GCC unroll 8
    for (unsigned r = 0; r < rows; ++r) {
      const __m512 a = _mm512_set1_ps(t->a[(ptrdiff_t)r * t->a_row + (ptrdiff_t)i * t->a_column]);
#  pragma GCC unroll 2
      for (unsigned v = 0; v < vectors; ++v) {
        sum[r][v] = _mm512_fmadd_ps(a, weight[v], sum[r][v]);
      }
    }
  }

#  pragma GCC unroll 8
  for (unsigned r = 0; r < rows; ++r) {
#  pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; ++v) {
      const __mmask16 mask = v + 1 == vectors ? t->mask : 0xFFFF;
      _mm512_mask_storeu_ps(t->c + (ptrdiff_t)r * t->c_row + (ptrdiff_t)v * 16, mask, sum[r][v]);
    }
  }
}

// All rows of a block; the last ones, fewer than ROWS, one at a time
AVX512 static void
multiply_panel(Tile tile, const size_t rows, const size_t columns)
{
  const bool is_narrow = columns <= 16;
  tile.mask            = (__mmask16)(0xFFFFU >> (is_narrow ? 16 - columns : 32 - columns));
  for (size_t r = 0; r < rows;) {
    const bool is_whole = rows - r >= ROWS;
    if (is_whole && !is_narrow) {
      multiply_tile(&tile, ROWS, 2);
    } else if (is_whole) {
      multiply_tile(&tile, ROWS, 1);
    } else if (!is_narrow) {
      multiply_tile(&tile, 1, 2);
    } else {
      multiply_tile(&tile, 1, 1);
    }
    const size_t done = is_whole ? ROWS : 1;
    tile.a += is_whole ? tile.a_tile : tile.a_row;
    tile.c += (ptrdiff_t)done * tile.c_row;
    r += done;
  }
}

// A block of rows times all packed
static void
multiply_block(const CnPacked* const p, Tile tile, const size_t rows)
{
  for (size_t column = 0; column < p->n; column += WIDTH) {
    tile.panel = p->data + column * p->k;
    multiply_panel(tile, rows, p->n - column < WIDTH ? p->n - column : WIDTH);
    tile.c += WIDTH;
  }
}

static void
multiply_rows(const CnPacked* const p, const size_t m, const CnConstMatrix a, const bool adds,
              const CnMatrix c)
{
  for (size_t row = 0; row < m; row += BLOCK) {
    const Tile tile = {.k        = p->k,
                       .a        = a.data + (ptrdiff_t)row * a.row,
                       .a_row    = a.row,
                       .a_column = 1,
                       .a_tile   = (ptrdiff_t)ROWS * a.row,
                       .c        = c.data + (ptrdiff_t)row * c.row,
                       .c_row    = c.row,
                       .adds     = adds};
    multiply_block(p, tile, m - row < BLOCK ? m - row : BLOCK);
  }
}

// The same for strips: ROWS rows side by side, (m / ROWS, k, ROWS)
static void
multiply_strips(const CnPacked* const p, const size_t m, const float* const strips, const bool adds,
                const CnMatrix c)
{
  for (size_t row = 0; row < m; row += BLOCK) {
    const Tile tile = {.k        = p->k,
                       .a        = strips + row * p->k,
                       .a_row    = 1,
                       .a_column = ROWS,
                       .a_tile   = (ptrdiff_t)(ROWS * p->k),
                       .c        = c.data + (ptrdiff_t)row * c.row,
                       .c_row    = c.row,
                       .adds     = adds};
    multiply_block(p, tile, m - row < BLOCK ? m - row : BLOCK);
  }
}

#else

static bool
has_avx512(void)
{
  return false;
}

static void
multiply_rows(const CnPacked* const packed, const size_t m, const CnConstMatrix a, const bool adds,
              const CnMatrix c)
{
  (void)packed, (void)m, (void)a, (void)adds, (void)c;
}

static void
multiply_strips(const CnPacked* const packed, const size_t m, const float* const strips, const bool adds,
                const CnMatrix c)
{
  (void)packed, (void)m, (void)strips, (void)adds, (void)c;
}

#endif

// The columns of one panel; those beyond the last stay zero
static void
pack_panel(const size_t k, const size_t columns, const CnConstMatrix weight, float* const panel)
{
  for (size_t i = 0; i < k; ++i) {
    const float* const from = weight.data + (ptrdiff_t)i * weight.row;
    float* const       to   = panel + i * WIDTH;
    if (columns == WIDTH && weight.column == 1) {
      memcpy(to, from, WIDTH * sizeof(float));
      continue;
    }
    for (size_t j = 0; j < columns; ++j) {
      to[j] = from[(ptrdiff_t)j * weight.column];
    }
    memset(to + columns, 0, (WIDTH - columns) * sizeof(float));
  }
}

// For BLIS: rows one after another
static void
pack_rows(const size_t k, const size_t n, const CnConstMatrix weight, float* const rows)
{
  for (size_t i = 0; i < k; ++i) {
    for (size_t j = 0; j < n; ++j) {
      rows[i * n + j] = weight.data[(ptrdiff_t)i * weight.row + (ptrdiff_t)j * weight.column];
    }
  }
}

void
cn_packed_pack(CnPacked* const packed, const size_t k, const size_t n, const CnConstMatrix weight)
{
  packed->k = k;
  packed->n = n;
  if (!has_avx512()) {
    pack_rows(k, n, weight, packed->data);
    return;
  }
  for (size_t column = 0; column < n; column += WIDTH) {
    CnConstMatrix part = weight;
    part.data += (ptrdiff_t)column * weight.column;
    pack_panel(k, n - column < WIDTH ? n - column : WIDTH, part, packed->data + column * k);
  }
}

void
cn_packed_multiply(const CnPacked* const packed, const size_t m, const CnConstMatrix a, const bool adds,
                   const CnMatrix c)
{
  assert(c.column == 1);
  if (has_avx512()) {
    multiply_rows(packed, m, a, adds, c);
  } else {
    cn_gemm(m, packed->n, packed->k, a, (CnConstMatrix){packed->data, (ptrdiff_t)packed->n, 1},
            adds ? 1.0F : 0.0F, c);
  }
}

size_t
cn_packed_correlate_size(const size_t m, const size_t n)
{
  return cn_packed_size(DEPTH, n) + DEPTH * ((m + ROWS - 1) / ROWS * ROWS);
}

// (k, m) as strips of its columns; what is beyond the last column is never read
static void
pack_strips(const size_t k, const size_t m, const float* const a, const ptrdiff_t a_row, float* const strips)
{
  for (size_t i = 0; i < k; ++i) {
    const float* const from = a + (ptrdiff_t)i * a_row;
    float* const       to   = strips + i * ROWS;
    size_t             r    = 0;
    for (; r + ROWS <= m; r += ROWS) {
      memcpy(to + r * k, from + r, ROWS * sizeof(float));
    }
    memcpy(to + r * k, from + r, (m - r) * sizeof(float));
  }
}

void
cn_packed_correlate(float* const scratch, const size_t m, const size_t n, const size_t k,
                    const CnConstMatrix a, const CnConstMatrix b, const CnMatrix c)
{
  assert(a.column == 1 && b.column == 1 && c.column == 1);
  if (!has_avx512()) {
    cn_gemm(m, n, k, (CnConstMatrix){a.data, 1, a.row}, b, 0.0F, c);
    return;
  }
  CnPacked     packed = {scratch, 0, 0};
  float* const strips = scratch + cn_packed_size(DEPTH, n);
  for (size_t at = 0; at < k; at += DEPTH) {
    const size_t depth = k - at < DEPTH ? k - at : DEPTH;
    pack_strips(depth, m, a.data + (ptrdiff_t)at * a.row, a.row, strips);
    cn_packed_pack(&packed, depth, n, (CnConstMatrix){b.data + (ptrdiff_t)at * b.row, b.row, 1});
    multiply_strips(&packed, m, strips, at > 0, c);
  }
}
