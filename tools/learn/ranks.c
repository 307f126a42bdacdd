// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  One rank: what ranks_mpi.c is replaced by where MPI is not built in.
*/

#include "tools/learn/ranks.h"

#include <stdlib.h>
#include <string.h>

void
cn_ranks_join(void)
{
}

void
cn_ranks_leave(void)
{
}

uint32_t
cn_ranks_index(void)
{
  return 0;
}

uint32_t
cn_ranks_count(void)
{
  return 1;
}

void
cn_ranks_sum_doubles(double* const values, const size_t n)
{
  (void)values;
  (void)n;
}

void
cn_ranks_sum_floats(float* const values, const size_t n)
{
  (void)values;
  (void)n;
}

void
cn_ranks_broadcast(void* const data, const size_t size)
{
  (void)data;
  (void)size;
}

uint32_t
cn_ranks_find(const bool is_true)
{
  return is_true ? 0U : 1U;
}

void
cn_ranks_gather(const void* const part, const size_t size, void* const all)
{
  memcpy(all, part, size);
}

void
cn_ranks_voice(const uint32_t speaker)
{
  (void)speaker;
}

_Noreturn void
cn_ranks_abort(const int exit_status)
{
  exit(exit_status);
}
