// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The stand-in for MPI, and MPI before anybody has joined: one rank.
*/

#include "tools/learn/ranks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_one_rank_is_alone(void** const state)
{
  (void)state;
  double values[2] = {1.5, -2.0};
  float  floats[3] = {1.0F, 2.0F, 3.0F};
  char   bytes[4]  = "abc";
  assert_int_equal(cn_ranks_index(), 0);
  assert_int_equal(cn_ranks_count(), 1);
  cn_ranks_sum_doubles(values, 2);
  assert_true(values[0] == 1.5 && values[1] == -2.0);
  cn_ranks_sum_floats(floats, 3);
  assert_true(floats[0] == 1.0F && floats[1] == 2.0F && floats[2] == 3.0F);
  cn_ranks_broadcast(bytes, 4);
  assert_string_equal(bytes, "abc");
  cn_ranks_gather("xyz", 4, bytes);
  assert_string_equal(bytes, "xyz");
  assert_int_equal(cn_ranks_find(true), 0);
  assert_int_equal(cn_ranks_find(false), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_rank_is_alone)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
