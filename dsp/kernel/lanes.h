// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file lanes.h
   Sums of floats in lanes, whose order is the same whatever the compiler and the processor.
*/

#ifndef CN_LANES_H
#define CN_LANES_H

#include <stddef.h>

#define CN_LANES ((size_t)8) ///< Floats of a vector; of a sum, each lane adds every eighth product

/// A vector at any address of floats
typedef float CnLanes
    __attribute__((vector_size(CN_LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/// Add up the lanes.  Thread: ANY
static inline __attribute__((always_inline)) float
cn_add_lanes(const CnLanes* const lanes)
{
  const float* const v = (const float*)lanes;
  // cppcheck-suppress objectIndex // A vector, read as its floats
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

#endif // CN_LANES_H
