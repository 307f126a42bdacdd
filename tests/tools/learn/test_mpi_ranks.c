// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Two ranks: this program starts itself by mpirun.  In a build without MPI only the case of one rank is left.
*/

#include "tools/learn/ranks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { N_FLOATS = 100000 };

// What Open MPI leaks is not our fault
#define ALONE "ASAN_OPTIONS=detect_leaks=0 "
#define MPIRUN ALONE "timeout 120 mpirun --allow-run-as-root --oversubscribe --bind-to none -n 2 "

static const char* program; // This one

// What a rank finds wrong
#define EXPECT(condition)                                                                \
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

static void
expect_parts_gathered(const uint32_t rank)
{
  char all[8] = "";
  cn_ranks_gather(rank ? "two" : "one", 4, all);
  EXPECT(rank || (!strcmp(all, "one") && !strcmp(all + 4, "two")));
  EXPECT(!rank || !*all);
}

// What each of the two ranks does
static int
run_rank(void)
{
  cn_ranks_join();
  const uint32_t rank      = cn_ranks_index();
  double         values[2] = {rank ? 0.5 : 0.25, rank ? -1.0 : 1.0};
  char           word[8]   = "";
  EXPECT(rank < 2 && cn_ranks_count() == 2);
  expect_floats_summed(rank);
  expect_parts_gathered(rank);
  cn_ranks_sum_doubles(values, 2);
  EXPECT(values[0] == 0.75 && values[1] == 0.0);

  strcpy(word, rank ? "second" : "first");
  cn_ranks_broadcast(word, sizeof(word));
  EXPECT(!strcmp(word, "first"));
  EXPECT(cn_ranks_find(rank == 1) == 1);
  EXPECT(cn_ranks_find(true) == 0);
  EXPECT(cn_ranks_find(false) == 2);
  cn_ranks_leave();
  EXPECT(cn_ranks_count() == 1);
  return 0;
}

// All say the same, and then only one of them something else
static int
run_speaker(void)
{
  cn_ranks_join();
  cn_ranks_voice(0);
  fprintf(stderr, "alike\n");
  cn_ranks_voice(1);
  fprintf(stderr, "alone\n");
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

static char output[4096]; // Of the ranks

// Start this program, behind what starts it in two ranks, or nothing
static int
start(const char* const by, const char* const task)
{
  char line[512];
  snprintf(line, sizeof(line), "%s%s %s 2>&1", by, program, task);
  FILE* const pipe = popen(line, "r");
  assert_non_null(pipe);
  output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
  const int status                                   = pclose(pipe);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static int
start_ranks(const char* const task)
{
#ifndef CN_HAS_MPI
  skip();
#endif
  return start(MPIRUN, task);
}

static unsigned
count_words(const char* const word)
{
  unsigned n = 0;
  for (const char* at = strstr(output, word); at; at = strstr(at + 1, word)) {
    ++n;
  }
  return n;
}

static void
test_two_ranks_sum_and_broadcast(void** const state)
{
  (void)state;
  if (start_ranks("sum")) {
    fail_msg("%s", output);
  }
}

static void
test_only_one_rank_speaks(void** const state)
{
  (void)state;
  assert_int_equal(start_ranks("speak"), 0);
  assert_int_equal(count_words("alike"), 1);
  assert_int_equal(count_words("alone"), 1);
  assert_int_equal(count_words("rank 1 on "), 1);
}

static void
test_one_rank_ends_all(void** const state)
{
  (void)state;
  assert_int_equal(start_ranks("fail"), 1); // Not timeout's 124
}

static void
test_one_rank_ends_nobody(void** const state)
{
  (void)state;
  assert_int_equal(start(ALONE, "fail"), 0); // It is rank 0, and sums alone
}

int
main(const int argc, char** const argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_ranks_sum_and_broadcast),
      cmocka_unit_test(test_only_one_rank_speaks),
      cmocka_unit_test(test_one_rank_ends_all),
      cmocka_unit_test(test_one_rank_ends_nobody),
  };
  if (argc == 2) {
    return !strcmp(argv[1], "sum")     ? run_rank()
           : !strcmp(argv[1], "speak") ? run_speaker()
                                       : run_failing_rank();
  }
  program = argv[0];
  return cmocka_run_group_tests(tests, NULL, NULL);
}
