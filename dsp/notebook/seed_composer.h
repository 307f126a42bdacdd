// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file seed_composer.h
   A planner (see plan.h) that continues a history with the seed's own system.

   Each note comes from the window of the last notes alone: its pitch is drawn from one network's
   distribution, its onset and duration are what the other network expects, or even
   (#CN_TIMING_AVERAGE).  The networks know no loudness: a note is as loud as the player's notes in the
   window are on average, or all notes of the window if none is his.

   A model that counts in seconds reads and writes them by the request's tempo, 120 BPM if there is none.
*/

#ifndef CN_SEED_COMPOSER_H
#define CN_SEED_COMPOSER_H

#include "dsp/compose/plan.h"
#include "dsp/notebook/seed_model.h"

typedef struct CnSeedComposer CnSeedComposer;

/**
   Make a composer; nothing is allocated later.

   @param model Borrowed until cn_seed_composer_free().
   @return Null if memory could not be had.

   Thread: WORKER
*/
CnSeedComposer*
cn_seed_composer_new(const CnSeedModel* model);

/// Free a composer; null is allowed.  Thread: WORKER
void
cn_seed_composer_free(CnSeedComposer* composer);

/**
   Compose a segment, as CnPlanner.plan.

   A step that rounds to 0 makes a chord, of which the next note is a higher one; where there is no
   higher key, it comes a tick later.  Notes of pitches that the model does not know are passed over.  A
   history without any other note gives an empty segment.

   Thread: ENGINE
*/
CnStatus
cn_seed_composer_plan(CnSeedComposer* composer, const CnPlanRequest* request, CnNote* notes,
                      uint32_t* n_notes);

/// The composer as a planner.  Thread: ANY
CnPlanner
cn_seed_composer_planner(CnSeedComposer* composer);

#endif // CN_SEED_COMPOSER_H
