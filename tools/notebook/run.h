// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file run.h
   A training run of the notebook's networks, from a folder of MIDI files to a weights file.
*/

#ifndef CN_NOTEBOOK_RUN_H
#define CN_NOTEBOOK_RUN_H

#include "tools/notebook/trainer.h"
#include "tools/run/train_run.h"

/// What the command line asks for
typedef struct {
  CnTrainJob       files; ///< Where from and where to; its recipe has only the seed of the split
  CnNotebookRecipe recipe;
  bool             keeps_mean; ///< Steps are the network's mean, and not drawn from its residuals
} CnNotebookJob;

/**
   Train, tell on stderr how it goes, and write the best weights each time that there are better ones.

   Beside the weights go a table of the run (.csv), a picture of it (.png), the split if it was drawn
   (.split.tsv), and while it lasts, a checkpoint (.checkpoint).
   Interrupts and hang-ups end the run early.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_notebook_run(const CnNotebookJob* job);

/**
   `continuo train --arch notebook`: read its options and train.

   @return An exit status of options.h.

   Thread: INIT
*/
int
cn_notebook_command(int argc, char** argv);

#endif // CN_NOTEBOOK_RUN_H
