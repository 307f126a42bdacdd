// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file products.c
   All kernels that a processor has for products of 8-bit integers, on random and on extreme numbers: what
   tests/dsp/kernel/test_dot8.c tests, without cmocka, for processors that are emulated.

   Usage: products.  It fails if a kernel gives another sum than 64 bits do, and prints the kernels' numbers.
*/

#include "dsp/base/random.h"
#include "dsp/kernel/dot8.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 18, VECTORS = 5, MOST = 4099 };

static int8_t weights[ROWS * MOST];
static int8_t x[VECTORS * MOST];

static int8_t
draw(CnRandom* const random, const int most, const int is_extreme)
{
  const int number = (int)cn_random_below(random, 2 * (uint32_t)most + 1) - most;
  return (int8_t)(!is_extreme ? number : number < 0 ? -most : most);
}

static void
check(const CnDot8 kernel, const size_t columns)
{
  int32_t row_sums[ROWS]    = {0};
  int32_t y[VECTORS * ROWS] = {0};
  for (size_t i = 0; i < ROWS * columns; ++i) {
    row_sums[i / columns] += weights[i];
  }
  cn_dot8(kernel, &(CnMatrix8){ROWS, columns, weights, row_sums, false, false}, VECTORS, x, y);
  for (size_t i = 0; i < VECTORS * ROWS; ++i) {
    int64_t sum = 0;
    for (size_t k = 0; k < columns; ++k) {
      sum += (int64_t)weights[i % ROWS * columns + k] * x[i / ROWS * columns + k];
    }
    if (y[i] != sum) {
      fprintf(stderr, "products: kernel %u, %zu columns: %d and not %lld\n", (unsigned)kernel, columns, y[i],
              (long long)sum);
      exit(1);
    }
  }
}

int
main(void)
{
  CnRandom random = cn_random(8, 0, 0, 0, 0);
  for (size_t columns = 1; columns <= MOST; columns += columns < 140 ? 1 : 131) {
    for (int kind = 0; kind < 4; ++kind) { // Random, extreme, and all of one sign
      for (size_t i = 0; i < ROWS * columns; ++i) {
        weights[i] = kind < 2 ? draw(&random, 127, kind) : (int8_t)(kind == 2 ? 127 : -127);
      }
      for (size_t k = 0; k < VECTORS * columns; ++k) {
        x[k] = kind < 2 ? draw(&random, CN_DOT8_MOST_INPUT, kind) : CN_DOT8_MOST_INPUT;
      }
      for (unsigned kernel = 0; kernel < CN_N_DOT8; ++kernel) {
        if (cn_dot8_has((CnDot8)kernel)) {
          check((CnDot8)kernel, columns);
        }
      }
    }
  }
  for (unsigned kernel = 0; kernel < CN_N_DOT8; ++kernel) {
    if (cn_dot8_has((CnDot8)kernel)) {
      printf("%u ", kernel);
    }
  }
  return 0;
}
