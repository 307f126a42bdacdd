// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file curves.h
   The learning curves of training runs, as a picture.

   Drawn are the columns of losses: those with the word "train", "valid" or "loss" in their names, such as
   "valid_bare", but no accuracy, and no factor's share where there is the loss of all ("valid_pitch" beside
   "valid").  What else is in a name ("timing" in "train_timing") makes a panel of its own.  Of each run the
   best row is marked, by the mean of its validations in a panel.
*/

#ifndef CN_CURVES_H
#define CN_CURVES_H

#include "tools/picture/picture.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stddef.h>

#define CN_CURVES_MAX_RUNS 16

/// What to draw
typedef struct {
  const char* const* paths;   ///< (n_paths) tables of runs
  size_t             n_paths; ///< 1..CN_CURVES_MAX_RUNS
  const char*        output;  ///< The picture; its suffix is the format
  const char*        title;   ///< Null: the names of the tables
  const char*        over;    ///< Column to go to the right; null: epoch, or step, or the number of the row
  int                width;   ///< [pixels]
} CnCurvesOptions;

/**
   Draw the curves of some runs into a picture, all or nothing.

   @param[out] fault What is wrong, in words, naming the file.
   @return #CN_STATUS_SUCCESS; as cn_run_table_load(); #CN_STATUS_NOT_FOUND if a table has no loss or not
   the column `over`; #CN_STATUS_BAD_ARG if the picture's suffix is unknown; as cn_picture_save().

   Thread: WORKER
*/
CnStatus
cn_curves_draw(const CnCurvesOptions* options, CnFault fault);

/// Draw the curves of one run, as cn_curves_draw().  @return As cn_curves_draw().  Thread: WORKER
CnStatus
cn_curves_save(const char* csv_path, const char* picture_path, CnFault fault);

#endif // CN_CURVES_H
