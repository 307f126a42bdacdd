// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ranks.h
   The processes that train together, one or many.

   With `make MPI=1` these are the ranks of MPI's world, as `mpirun -n N` starts them (MPI 3.1).  In any
   other build, and before cn_ranks_join(), there is one, and all sums and broadcasts leave things as they
   are.  Whatever goes wrong inside MPI ends all ranks with a message of MPI's own.

   MPI has one world a process, so this has no handle.  All functions are for the thread that called
   cn_ranks_join(), and those that say nothing else are collective: every rank calls them, in the same
   order, with the same sizes.
*/

#ifndef CN_RANKS_H
#define CN_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Find the other ranks.  Thread: INIT
void
cn_ranks_join(void);

/// Part from them, as the last thing; nothing if there was no cn_ranks_join().  Thread: INIT
void
cn_ranks_leave(void);

/// Number of this rank, from 0; not collective.  Thread: ANY
uint32_t
cn_ranks_index(void);

/// Number of ranks, at least 1; not collective.  Thread: ANY
uint32_t
cn_ranks_count(void);

/// Put the sums over all ranks in place of (n) numbers, the same bits on all ranks.  Thread: INIT
void
cn_ranks_sum_doubles(double* values, size_t n);

/// Put the sums over all ranks in place of (n) floats, the same bits on all ranks.  Thread: INIT
void
cn_ranks_sum_floats(float* values, size_t n);

/// Put the first rank's bytes in place of everybody's.  Thread: INIT
void
cn_ranks_broadcast(void* data, size_t size);

/**
   Find the first rank of which something is true.

   @param is_true Of this rank.
   @return Its number, or cn_ranks_count() if it is true of none.

   Thread: INIT
*/
uint32_t
cn_ranks_find(bool is_true);

/**
   Gather a part from each rank, on the first one.

   @param part (size) bytes.
   @param[out] all (count * size) bytes on the first rank, by rank; untouched on the others.

   Thread: INIT
*/
void
cn_ranks_gather(const void* part, size_t size, void* all);

/**
   Let only one rank print on stderr, so that what all would say is said once.

   A rank that has been silent begins with its name.

   @param speaker The same on all ranks.

   Thread: INIT
*/
void
cn_ranks_voice(uint32_t speaker);

/// End all ranks at once; for faults that the others cannot know of.  Thread: INIT
_Noreturn void
cn_ranks_abort(int exit_status);

#endif // CN_RANKS_H
