// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file composer.h
   A planner (see plan.h) that continues a history with a network.

   Each segment is composed from the network's state after the whole history, by random numbers that
   belong to the take and the segment alone.  From the musician's notes in it the network learns, if its
   weights say so; from its own, never.  The state is kept from one segment to the next, and taken
   back to where a history departs from the one before, so that this costs little and changes nothing.
   Only when a history outgrows the capacity, a half of it is taken in anew: some tenths of a second.
*/

#ifndef CN_COMPOSER_H
#define CN_COMPOSER_H

#include "dsp/compose/plan.h"
#include "dsp/network/model.h"

typedef struct CnComposer CnComposer;

#define CN_COMPOSER_CAPACITY 32768 ///< Notes that a composer remembers; of more, the last ones

/**
   Make a composer; nothing is allocated later.

   @param model Borrowed until cn_composer_free().
   @return Null if memory could not be had.

   Thread: WORKER
*/
CnComposer*
cn_composer_new(const CnModel* model);

/// Free a composer; null is allowed.  Thread: WORKER
void
cn_composer_free(CnComposer* composer);

/**
   Compose a segment, as CnPlanner.plan.

   Notes of the history that no piano has are passed over.  A history without any note gives an empty
   segment.

   @return As CnPlanner.plan.

   Thread: ENGINE
*/
CnStatus
cn_composer_plan(CnComposer* composer, const CnPlanRequest* request, CnNote* notes, uint32_t* n_notes);

/**
   Find out how surprising notes are after a history, as CnPlanner.surprise.

   Velocities count; motifs are heard; a first note of all costs nothing.

   @param[out] nats Of all of the notes.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_ARG if a note is out of order, or #CN_STATUS_OVERFLOW if both
   are more than CN_COMPOSER_CAPACITY.

   Thread: ENGINE
*/
CnStatus
cn_composer_surprise(CnComposer* composer, const CnNote* history, uint32_t n_history, const CnNote* notes,
                     uint32_t n_notes, double* nats);

/// The composer as a planner.  Thread: ANY
CnPlanner
cn_composer_planner(CnComposer* composer);

#endif // CN_COMPOSER_H
