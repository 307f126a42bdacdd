// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file timing.h
   What benches of one thread share: its own time, and the order in which the middle of many rounds is found.
*/

#ifndef CN_TIMING_H
#define CN_TIMING_H

#include <time.h>

/// The calling thread's processor time [microseconds].  Thread: ANY
static inline double
cn_timing_now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec;
}

/// Order two doubles, for qsort().  Thread: ANY
static inline int
cn_timing_compare(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

#endif // CN_TIMING_H
