// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

// Hashes: saved sessions know models and segments by them, so they are what they were.

#include "dsp/base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// Published values of splitmix64 with the seed 0: its state goes up by the constant that is added here
static void
test_mixes_as_splitmix(void** const state)
{
  (void)state;
  assert_true(cn_hash_mix(0, 0) == UINT64_C(0xE220A8397B1DCDAF));
  assert_true(cn_hash_mix(0, UINT64_C(0x9E3779B97F4A7C15)) == UINT64_C(0x6E789E6AA1B965F4));
}

// FNV-1a with words in the place of bytes; one below 256 is like a byte: "a" is 0x61
static void
test_words_as_fnv(void** const state)
{
  (void)state;
  const uint32_t word = 0x61;
  assert_true(cn_hash_words(CN_WORDS_START, &word, 0) == UINT64_C(0xCBF29CE484222325));
  assert_true(cn_hash_words(CN_WORDS_START, &word, 1) == UINT64_C(0xAF63DC4C8601EC8C));
}

static void
test_tells_bytes_apart(void** const state)
{
  (void)state;
  const char bytes[17] = "0123456789abcdef";
  uint64_t   seen[18];
  for (size_t n = 0; n <= sizeof(bytes); ++n) {
    seen[n] = cn_hash_bytes(0, bytes, n); // The last one ends with a zero
    for (size_t i = 0; i < n; ++i) {
      assert_true(seen[i] != seen[n]);
    }
  }
  assert_true(cn_hash_bytes(1, bytes, 8) != seen[8]);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_mixes_as_splitmix),
      cmocka_unit_test(test_words_as_fnv),
      cmocka_unit_test(test_tells_bytes_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
