// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file fake_planner.h
   A composer without taste: its notes are a hash of everything that a segment is a function of.

   Whatever reaches the engine differently, by a tick or a velocity, makes all later notes differ.
*/

#ifndef CN_FAKE_PLANNER_H
#define CN_FAKE_PLANNER_H

#include "dsp/compose/plan.h"

#include <stdint.h>

/// A planner of this id, and of nothing else
CnPlanner
fake_planner(uint64_t id);

/// The same, but what follows is part of what its notes are a hash of, where that is known
CnPlanner
leading_planner(uint64_t id);

/// The same, but it takes its time: up to a few milliseconds a segment
CnPlanner
slow_planner(uint64_t id);

#endif // CN_FAKE_PLANNER_H
