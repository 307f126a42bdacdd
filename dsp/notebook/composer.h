// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file composer.h
   A planner (see plan.h) that continues a history with the notebook's networks.

   Each note comes from the window of the last notes alone: its pitch is drawn from one network's
   distribution, its onset and duration are what the other network expects, or even
   (#CN_TIMING_AVERAGE).  The networks know no loudness: a note is as loud as the musician's notes in the
   window are on average, or all notes of the window if none is his.

   A model that counts in seconds reads and writes them by the request's tempo, 120 BPM if there is none.
*/

#ifndef CN_NOTEBOOK_COMPOSER_H
#define CN_NOTEBOOK_COMPOSER_H

#include "dsp/compose/plan.h"
#include "dsp/notebook/model.h"

typedef struct CnNotebookComposer CnNotebookComposer;

/**
   Make a composer; nothing is allocated later.

   @param model Borrowed until cn_notebook_composer_free().
   @return Null if memory could not be had.

   Thread: WORKER
*/
CnNotebookComposer*
cn_notebook_composer_new(const CnNotebookModel* model);

/// Free a composer; null is allowed.  Thread: WORKER
void
cn_notebook_composer_free(CnNotebookComposer* composer);

/**
   Compose a segment, as CnPlanner.plan.

   A step that rounds to 0 makes a chord, of which the next note is a higher one; where there is no
   higher key, it comes a tick later.  Notes of pitches that the model does not know are passed over.  A
   history without any other note gives an empty segment.

   @return As CnPlanner.plan.

   Thread: ENGINE
*/
CnStatus
cn_notebook_composer_plan(CnNotebookComposer* composer, const CnPlanRequest* request, CnNote* notes,
                          uint32_t* n_notes);

/// The composer as a planner.  Thread: ANY
CnPlanner
cn_notebook_composer_planner(CnNotebookComposer* composer);

#endif // CN_NOTEBOOK_COMPOSER_H
