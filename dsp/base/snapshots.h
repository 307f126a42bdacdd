// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file snapshots.h
   States of something that goes forward step by step, kept every few steps: to go back is to take the last
   one before, and to come forward again.
*/

#ifndef CN_SNAPSHOTS_H
#define CN_SNAPSHOTS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CN_SNAPSHOT_STRIDE 32U ///< Steps from one that is kept to the next

/// Kept states; the memory is the user's
typedef struct {
  float*   states;   ///< (n_kept, n_floats) before step 0, CN_SNAPSHOT_STRIDE, and so on
  size_t   n_floats; ///< Of a state
  uint32_t n_kept;   ///< Room
} CnSnapshots;

/// States to keep, so that going back among so many steps is cheap.  Thread: ANY
static inline uint32_t
cn_snapshots_count(const uint32_t n_steps)
{
  return n_steps / CN_SNAPSHOT_STRIDE + (n_steps % CN_SNAPSHOT_STRIDE != 0);
}

/// Keep the state before a step, if it is its turn and there is room.  Thread: ENGINE
static inline void
cn_snapshots_keep(const CnSnapshots* const snapshots, const uint32_t step, const float* const state)
{
  const uint32_t i = step / CN_SNAPSHOT_STRIDE;
  if (step % CN_SNAPSHOT_STRIDE == 0 && i < snapshots->n_kept) {
    memcpy(snapshots->states + i * snapshots->n_floats, state, snapshots->n_floats * sizeof(float));
  }
}

/// Take the last state that was kept at or before a step, of one at least.  @return Its step.  Thread: ENGINE
static inline uint32_t
cn_snapshots_take(const CnSnapshots* const snapshots, const uint32_t step, float* const state)
{
  const uint32_t turn = step / CN_SNAPSHOT_STRIDE;
  const uint32_t i    = turn < snapshots->n_kept ? turn : snapshots->n_kept - 1;
  memcpy(state, snapshots->states + i * snapshots->n_floats, snapshots->n_floats * sizeof(float));
  return i * CN_SNAPSHOT_STRIDE;
}

#endif // CN_SNAPSHOTS_H
