// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_mpi.c
   How training speeds up from one rank to two on this machine, and what the sum over ranks costs.

   This program starts itself by mpirun.  One worker, two workers in one process and two ranks take turns, so
   that a machine that is busy elsewhere is so for all of them; told are the best rounds, which are those that
   other work has disturbed least.
*/

#include "tests/support/small_corpus.h"

#include "tools/learn/ranks.h"
#include "tools/learn/trainer.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_ROUNDS = 3, N_STEPS = 40, N_SUMS = 21 };

/// A way to train, and how it went
typedef struct {
  const char* name;
  unsigned    n_ranks;
  unsigned    n_threads;
  double      speed[N_ROUNDS]; ///< [notes a second]
  double      sum[N_ROUNDS];   ///< [milliseconds] of a sum over ranks
} Way;

static Way ways[] = {{.name = "one worker", .n_ranks = 1, .n_threads = 1},
                     {.name = "two workers in one process", .n_ranks = 1, .n_threads = 2},
                     {.name = "two ranks of one worker", .n_ranks = 2, .n_threads = 1}};

enum { N_WAYS = sizeof(ways) / sizeof(ways[0]), ALONE = 0, RANKS = 2 };

static double
find_least(const double* const values, const size_t n)
{
  double least = values[0];
  for (size_t i = 1; i < n; ++i) {
    least = fmin(least, values[i]);
  }
  return least;
}

static double
find_most(const double* const values, const size_t n)
{
  double most = values[0];
  for (size_t i = 1; i < n; ++i) {
    most = fmax(most, values[i]);
  }
  return most;
}

// What a rank does

static double
now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/// [milliseconds] of a sum of as many floats as there are weights
static double
time_sum(const size_t n)
{
  double       times[N_SUMS] = {0.0};
  double       unused        = 0.0;
  float* const values        = calloc(n, sizeof(float));
  for (unsigned i = 0; values && i < N_SUMS; ++i) {
    cn_ranks_sum_doubles(&unused, 1); // All begin at once
    const double start = now();
    cn_ranks_sum_floats(values, n);
    times[i] = 1e3 * (now() - start);
  }
  free(values);
  return find_least(times, N_SUMS);
}

static bool
keep_speed(void* const handle, const CnProgress* const progress)
{
  *(double*)handle = progress->notes_a_second;
  return true;
}

/// Train the default network for a while, and print its speed
static int
run_rank(const unsigned n_threads)
{
  static CnSmallCorpus small;
  const CnRecipe       recipe = {.shape        = {.cell = CN_CELL_GRU, .hidden = 256, .head = 128},
                                 .n_threads    = n_threads,
                                 .n_streams    = 32 * n_threads,
                                 .n_steps      = 64,
                                 .seed         = 1,
                                 .epochs       = N_STEPS,
                                 .rate         = 1e-3F,
                                 .warmup       = 60,
                                 .weight_decay = 0.02F,
                                 .clip         = 1.0F,
                                 .dropout      = 0.4F,
                                 .hide_motif   = 0.5F,
                                 .hide_chord   = 0.6F};

  CnLayout layout;
  double   speed = 0.0;
  cn_ranks_join();
  cn_small_corpus_init(&small);
  small.corpus.n_in_split[CN_SPLIT_VALID] = 0; // It is too small for more than a step an epoch
  if (cn_layout_init(&layout, &recipe.shape)) {
    return EXIT_FAILURE;
  }
  float* const   parameters = calloc(layout.n_parameters, sizeof(float));
  const CnStatus status     = cn_train(&small.corpus, &recipe, &layout, keep_speed, &speed, parameters);
  const double   sum        = time_sum(layout.n_parameters);
  if (!cn_ranks_index()) {
    printf("%g %g\n", speed, sum);
  }
  free(parameters);
  cn_ranks_leave();
  return status ? EXIT_FAILURE : EXIT_SUCCESS;
}

// What starts them

static bool
run_round(const char* const program, Way* const way, const unsigned round)
{
  char line[512];
  snprintf(line, sizeof(line), "mpirun --allow-run-as-root --oversubscribe --bind-to none -n %u %s %u",
           way->n_ranks, program, way->n_threads);
  FILE* const pipe  = popen(line, "r");
  const bool  is_ok = pipe && fgets(line, sizeof(line), pipe);
  if (is_ok) {
    char* end         = NULL;
    way->speed[round] = strtod(line, &end);
    way->sum[round]   = strtod(end, NULL);
  }
  return pipe && !pclose(pipe) && is_ok && way->speed[round] > 0.0;
}

static void
print_table(void)
{
  const double alone = find_most(ways[ALONE].speed, N_ROUNDS);
  printf("%-28s %12s %8s %12s\n", "GRU 256, 32 x 64 a worker", "k notes/s", "times", "efficiency");
  for (unsigned w = 0; w < N_WAYS; ++w) {
    const double   times     = find_most(ways[w].speed, N_ROUNDS) / alone;
    const unsigned n_workers = ways[w].n_ranks * ways[w].n_threads;
    printf("%-28s %12.1f %8.2f %10.0f %%\n", ways[w].name, times * alone / 1e3, times,
           100.0 * times / n_workers);
  }
  const double sum  = find_least(ways[RANKS].sum, N_ROUNDS);
  const double step = 1e3 * 2 * 32 * 64 / find_most(ways[RANKS].speed, N_ROUNDS);
  printf("the sum over two ranks takes %.2f ms of a step of %.0f ms, %.1f %%\n", sum, step,
         100.0 * sum / step);
}

int
main(const int argc, char** const argv)
{
  if (argc == 2) {
    return run_rank((unsigned)strtoul(argv[1], NULL, 10));
  }
  for (unsigned round = 0; round < N_ROUNDS; ++round) {
    for (unsigned w = 0; w < N_WAYS; ++w) {
      if (!run_round(argv[0], &ways[w], round)) {
        fprintf(stderr, "bench_mpi: %s could not be run\n", ways[w].name);
        return EXIT_FAILURE;
      }
    }
  }
  print_table();
  return EXIT_SUCCESS;
}
