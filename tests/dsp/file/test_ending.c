// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/file/ending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_the_end_of_a_name_counts(void** const state)
{
  static const struct {
    const char* path;
    bool        is_weights;
    bool        is_midi;
  } cases[] = {
      {"a.safetensors", true, false},
      {"/models/A.SafeTensors.ZST", true, false},
      {"a.safetensors.gz", false, false},
      {"a.zst", false, false},
      {"safetensors", false, false},
      {"b/c.mid", false, true},
      {"c.MIDI", false, true},
      {"c.kar", false, true},
      {"c.Rmi", false, true},
      {".mid", false, true},
      {"mid", false, false},
      {"c.mid/", false, false},
      {"c.mid.bak", false, false},
      {"c.mi", false, false},
      {"", false, false},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    assert_int_equal(cn_ending_is_among(cases[i].path, cn_endings_of_weights), cases[i].is_weights);
    assert_int_equal(cn_ending_is_among(cases[i].path, cn_endings_of_midi), cases[i].is_midi);
  }
  assert_true(cn_ending_is("a.zst", CN_ENDING_COMPRESSED));
  assert_false(cn_ending_is("zst", CN_ENDING_COMPRESSED));
  assert_false(cn_ending_is_among("a.mid", (const char* const[]){NULL}));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_end_of_a_name_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
