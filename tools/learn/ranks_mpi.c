// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The ranks of MPI's world (MPI: A Message-Passing Interface Standard, version 3.1).
*/

#include "tools/learn/ranks.h"

#include <mpi.h>

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_joined = false;
static int  rank       = 0;
static int  n_ranks    = 1;
static int  loud       = -1; // Where stderr was, of a rank that is silent

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
  for (size_t from = 0; n_ranks > 1 && from < size; from += INT_MAX) {
    const size_t left = size - from;
    MPI_Bcast((char*)data + from, left < INT_MAX ? (int)left : INT_MAX, MPI_BYTE, 0, MPI_COMM_WORLD);
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

void
cn_ranks_gather(const void* const part, const size_t size, void* const all)
{
  assert(size <= INT_MAX);
  if (n_ranks > 1) {
    MPI_Gather(part, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD);
  } else {
    memcpy(all, part, size);
  }
}

static void
hush(void)
{
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    loud = dup(STDERR_FILENO);
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
}

static void
speak(void)
{
  char host[MPI_MAX_PROCESSOR_NAME];
  int  length = 0;
  MPI_Get_processor_name(host, &length);
  dup2(loud, STDERR_FILENO);
  close(loud);
  loud = -1;
  fprintf(stderr, "rank %d on %s: ", rank, host);
}

void
cn_ranks_voice(const uint32_t speaker)
{
  if (speaker == (uint32_t)rank && loud >= 0) {
    speak();
  } else if (speaker != (uint32_t)rank && loud < 0) {
    hush();
  }
}

_Noreturn void
cn_ranks_abort(const int exit_status)
{
  if (n_ranks > 1) {
    MPI_Abort(MPI_COMM_WORLD, exit_status);
  }
  exit(exit_status);
}
