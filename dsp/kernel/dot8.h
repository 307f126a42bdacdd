// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file dot8.h
   Products of 8-bit integers, exact: every kernel gives the same 32 bits.

   Weights are from -CN_DOT8_MOST_WEIGHT to CN_DOT8_MOST_WEIGHT, and what they are multiplied by, from
   -CN_DOT8_MOST_INPUT to as much.  Four products of such a number, made positive, fit into 16 bits, which
   AVX2 can add up at once.
*/

#ifndef CN_DOT8_H
#define CN_DOT8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_DOT8_MOST_COLUMNS 65536
#define CN_DOT8_MOST_VECTORS ((size_t)16) ///< At once, for floats
#define CN_DOT8_MOST_WEIGHT 127           ///< So that each has its negative
#define CN_DOT8_MOST_INPUT 31             ///< 63 * 127 * 4 < 2^15

/// The kernels; of those of one processor, the best last
typedef enum {
  CN_DOT8_PLAIN,
  CN_DOT8_AVX2, ///< By vpmaddubsw, which cannot saturate with such inputs
  CN_DOT8_VNNI, ///< AVX-512 VNNI
  CN_DOT8_NEON, ///< Of each 64-bit ARM
  CN_DOT8_SDOT, ///< ARM's dot product, optional from ARMv8.2 on
} CnDot8;

#define CN_N_DOT8 5

/// True if this processor, and this build, has the kernel.  Thread: ANY
bool
cn_dot8_has(CnDot8 kernel);

/// The best kernel that there is.  Thread: ANY
CnDot8
cn_dot8_best(void);

#define CN_DOT8_TILE_ROWS ((size_t)16)
#define CN_DOT8_TILE_COLUMNS ((size_t)4)

/// A matrix of 8-bit numbers; all memory is borrowed
typedef struct {
  size_t         rows;
  size_t         columns;
  const int8_t*  weights;  ///< (rows, columns), one row after another, or in tiles
  const int32_t* row_sums; ///< (rows) the sums of each row's weights
  bool           is_tiled; ///< (rows / 16, columns / 4, 16, 4): as kernels of few columns like it
  bool           from_end; ///< Hint: the last rows are in nearer caches than the first
} CnMatrix8;

/// True if a kernel is faster by tiles, and as many rows and columns fill them.  Thread: ANY
bool
cn_dot8_likes_tiles(CnDot8 kernel, size_t rows, size_t columns);

/// Where a number of a matrix of `columns` stands in tiles.  Thread: ANY
static inline size_t
cn_dot8_tiled_place(const size_t columns, const size_t row, const size_t column)
{
  return row / CN_DOT8_TILE_ROWS * CN_DOT8_TILE_ROWS * columns +
         column / CN_DOT8_TILE_COLUMNS * CN_DOT8_TILE_ROWS * CN_DOT8_TILE_COLUMNS +
         row % CN_DOT8_TILE_ROWS * CN_DOT8_TILE_COLUMNS + column % CN_DOT8_TILE_COLUMNS;
}

/**
   Multiply a matrix by vectors, for which its weights are read once.

   @param kernel One that cn_dot8_has().
   @param n B, number of vectors.
   @param x (B, columns) from -CN_DOT8_MOST_INPUT to CN_DOT8_MOST_INPUT.
   @param[out] y (B, rows).

   Thread: ANY
*/
void
cn_dot8(CnDot8 kernel, const CnMatrix8* matrix, size_t n, const int8_t* x, int32_t* y);

/// Where products go that are to be floats; all memory is borrowed
typedef struct {
  const float* scales;      ///< (rows) of the matrix
  const float* scale;       ///< (B) of the vectors
  const float* base;        ///< (B, rows) what to add to, or null: nothing; may be `y`
  size_t       base_stride; ///< [floats] from one vector's to the next; 0: the same for all
  float*       y;           ///< (B, rows)
  size_t       y_stride;    ///< [floats] from one vector's to the next
} CnScaled8;

/// What to add a vector's products to, or null.  Thread: ANY
static inline const float*
cn_scaled8_base(const CnScaled8* const to, const size_t vector)
{
  return to->base ? to->base + vector * to->base_stride : NULL;
}

/**
   Multiply a matrix by vectors, for floats: y = base + product * (scale * scales), in this order.

   @param kernel, matrix, n, x As for cn_dot8().
   @param to Where to.

   Thread: ANY
*/
void
cn_dot8_scaled(CnDot8 kernel, const CnMatrix8* matrix, size_t n, const int8_t* x, const CnScaled8* to);

/**
   Round weights to 8 bits with one scale: x is about scale * q.

   @param[out] q (n) numbers from -CN_DOT8_MOST_WEIGHT to as much; all 0 if all of `x` is.
   @return The scale, 0 if all of `x` is.

   Thread: ANY
*/
float
cn_round8(size_t n, const float* x, int8_t* q);

/// The same with numbers from -most to most, which is 1 to CN_DOT8_MOST_WEIGHT: a coarser step.  Thread: ANY
float
cn_round8_within(unsigned most, size_t n, const float* x, int8_t* q);

/// The same for what weights are multiplied by, from -CN_DOT8_MOST_INPUT to CN_DOT8_MOST_INPUT.  Thread: ANY
float
cn_round_input(size_t n, const float* x, int8_t* q);

#endif // CN_DOT8_H
