// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The ranks of MPI's world (MPI: A Message-Passing Interface Standard, version 3.1).
*/

#include "ranks.h"

#include <mpi.h>

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

static bool has_joined = false;
static int  rank       = 0;
static int  n_ranks    = 1;

void
cn_ranks_join(void)
{
  int threads = MPI_THREAD_SINGLE;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &threads);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
  has_joined = true;
}

void
cn_ranks_leave(void)
{
  if (has_joined) {
    MPI_Finalize();
  }
  has_joined = false;
  rank       = 0;
  n_ranks    = 1;
}

uint32_t
cn_ranks_index(void)
{
  return (uint32_t)rank;
}

uint32_t
cn_ranks_count(void)
{
  return (uint32_t)n_ranks;
}

void
cn_ranks_sum_doubles(double* const values, const size_t n)
{
  assert(n <= INT_MAX);
  if (n_ranks > 1) {
    MPI_Allreduce(MPI_IN_PLACE, values, (int)n, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  }
}

// At once, not while the backward pass goes on: Open MPI moves data only inside its calls, and its sums in
// the background take longer than what they could hide
void
cn_ranks_sum_floats(float* const values, const size_t n)
{
  assert(n <= INT_MAX);
  if (n_ranks > 1) {
    MPI_Allreduce(MPI_IN_PLACE, values, (int)n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
  }
}

void
cn_ranks_broadcast(void* const data, const size_t size)
{
  assert(size <= INT_MAX);
  if (n_ranks > 1) {
    MPI_Bcast(data, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD);
  }
}

uint32_t
cn_ranks_find(const bool is_true)
{
  int first = is_true ? rank : n_ranks;
  if (n_ranks > 1) {
    MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  }
  return (uint32_t)first;
}

_Noreturn void
cn_ranks_abort(const int exit_status)
{
  if (n_ranks > 1) {
    MPI_Abort(MPI_COMM_WORLD, exit_status);
  }
  exit(exit_status);
}
