// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/now.h"

#include <time.h>

double
cn_now(void)
{
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}
