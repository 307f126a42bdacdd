// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

// Known answers of Random123 1.09, kat_vectors, "philox4x32 10"
static void
test_philox_gives_the_known_answers(void** const state)
{
  static const uint32_t vectors[3][10] = {{0, 0, 0, 0, 0, 0, 0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8},
                                          {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF,
                                           0xFFFFFFFF, 0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD},
                                          {0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822,
                                           0x299F31D0, 0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}};

  (void)state;
  for (unsigned v = 0; v < 3; ++v) {
    uint32_t out[4];
    cn_philox(vectors[v], vectors[v] + 4, out);
    assert_memory_equal(out, vectors[v] + 6, sizeof(out));
  }
}

static void
test_stream_repeats_itself(void** const state)
{
  (void)state;
  CnRandom a = cn_random(1, 2, 3, 4, 5);
  CnRandom b = cn_random(1, 2, 3, 4, 5);
  for (unsigned i = 0; i < 100; ++i) {
    assert_int_equal(cn_random_bits(&a), cn_random_bits(&b));
  }
}

static void
test_streams_differ_by_each_part(void** const state)
{
  (void)state;
  CnRandom       streams[6] = {cn_random(1, 2, 3, 4, 5), cn_random(9, 2, 3, 4, 5), cn_random(1, 9, 3, 4, 5),
                               cn_random(1, 2, 9, 4, 5), cn_random(1, 2, 3, 9, 5), cn_random(1, 2, 3, 4, 9)};
  const uint32_t first      = cn_random_bits(&streams[0]);
  for (unsigned i = 1; i < 6; ++i) {
    assert_int_not_equal(first, cn_random_bits(&streams[i]));
  }
}

static void
test_numbers_lie_in_range_and_fill_it(void** const state)
{
  (void)state;
  CnRandom random    = cn_random(8, 0, 0, 0, 0);
  unsigned counts[5] = {0};
  double   sum       = 0.0;
  for (unsigned i = 0; i < 10000; ++i) {
    const float u = cn_random_uniform(&random);
    assert_true(u >= 0.0F && u < 1.0F);
    sum += (double)u;
    ++counts[cn_random_below(&random, 5)];
  }
  assert_true(sum > 4900.0 && sum < 5100.0);
  for (unsigned c = 0; c < 5; ++c) {
    assert_true(counts[c] > 1850 && counts[c] < 2150);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_philox_gives_the_known_answers),
      cmocka_unit_test(test_stream_repeats_itself),
      cmocka_unit_test(test_streams_differ_by_each_part),
      cmocka_unit_test(test_numbers_lie_in_range_and_fill_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
