// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  One rank in any build; and with `make MPI=1`, two of them: this program starts itself by mpirun.
*/

#include "tools/ranks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_FLOATS = 100000 };

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
  assert_int_equal(cn_ranks_find(true), 0);
  assert_int_equal(cn_ranks_find(false), 1);
}

#ifdef CN_MPI

#  define MPIRUN "timeout 120 mpirun --allow-run-as-root --oversubscribe -n 2 "

static const char* program; // This one

// What a rank finds wrong
#  define EXPECT(condition)                                                                \
    do {                                                                                   \
      if (!(condition)) {                                                                  \
        fprintf(stderr, "rank %u: line %d: %s\n", cn_ranks_index(), __LINE__, #condition); \
        cn_ranks_abort(3);                                                                 \
      }                                                                                    \
    } while (0)

static void
expect_floats_summed(const uint32_t rank)
{
  float* const values = calloc(N_FLOATS, sizeof(float));
  for (int i = 0; i < N_FLOATS; ++i) {
    values[i] = (float)(i + (int)rank);
  }
  cn_ranks_sum_floats(values, N_FLOATS);
  for (int i = 0; i < N_FLOATS; ++i) {
    EXPECT(values[i] == (float)(2 * i + 1));
  }
  free(values);
}

// What each of the two ranks does
static int
run_rank(void)
{
  cn_ranks_join();
  const uint32_t rank      = cn_ranks_index();
  double         values[2] = {rank ? 0.5 : 0.25, rank ? -1.0 : 1.0};
  char           word[8]   = "second";
  EXPECT(rank < 2 && cn_ranks_count() == 2);
  expect_floats_summed(rank);
  cn_ranks_sum_doubles(values, 2);
  EXPECT(values[0] == 0.75 && values[1] == 0.0);

  strcpy(word, rank ? "second" : "first");
  cn_ranks_broadcast(word, sizeof(word));
  EXPECT(!strcmp(word, "first"));
  EXPECT(cn_ranks_find(rank == 1) == 1);
  EXPECT(cn_ranks_find(true) == 0);
  EXPECT(cn_ranks_find(false) == 2);
  cn_ranks_leave();
  return 0;
}

// One rank ends all, even one that waits for it
static int
run_failing_rank(void)
{
  cn_ranks_join();
  double value = 0.0;
  if (cn_ranks_index() == 1) {
    cn_ranks_abort(1);
  }
  cn_ranks_sum_doubles(&value, 1);
  cn_ranks_leave();
  return 0;
}

// Start this program in two ranks
static int
start_ranks(const char* const task)
{
  char line[512];
  snprintf(line, sizeof(line), MPIRUN "%s %s", program, task);
  return system(line);
}

static void
test_two_ranks_sum_and_broadcast(void** const state)
{
  (void)state;
  assert_int_equal(start_ranks("sum"), 0);
}

static void
test_one_rank_ends_all(void** const state)
{
  (void)state;
  const int status = start_ranks("fail");
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 1); // Not timeout's 124
}

int
main(const int argc, char** const argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_rank_is_alone),
      cmocka_unit_test(test_two_ranks_sum_and_broadcast),
      cmocka_unit_test(test_one_rank_ends_all),
  };
  if (argc == 2) {
    return strcmp(argv[1], "sum") ? run_failing_rank() : run_rank();
  }
  program = argv[0];
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_rank_is_alone)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
