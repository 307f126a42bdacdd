// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file report.h
   What a training run of the notebook's networks tell: lines for the eye, and a table.

   The table's columns are those of other runs where they mean the same: train and valid are the pitch
   network's nats a note, with _timing the other one's squared error.
*/

#ifndef CN_NOTEBOOK_REPORT_H
#define CN_NOTEBOOK_REPORT_H

#include "tools/notebook/trainer.h"

#include "dsp/file/safetensors.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct CnNotebookReport CnNotebookReport;

/**
   Begin a report.

   @param output Path of the weights; the table goes to the same path with .csv for .safetensors.
   @return Null if memory could not be had.

   Thread: INIT
*/
CnNotebookReport*
cn_notebook_report_new(const char* output);

/// Free; null is allowed.  Thread: INIT
void
cn_notebook_report_free(CnNotebookReport* report);

/// Say what was learnt from the training side, and what the networks are.  Thread: INIT
void
cn_notebook_report_begin(const CnNotebookDataset* dataset, const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS]);

/// Say how the run goes, now and then.  Thread: INIT
void
cn_notebook_report_progress(CnNotebookReport* report, const CnNotebookProgress* progress);

/// Write the table, as far as it has come; all or nothing.  @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY,
/// or #CN_STATUS_IO with errno set.  Thread: INIT
CnStatus
cn_notebook_report_save(const CnNotebookReport* report);

/// True if there was a validation, so that there are best weights.  Thread: INIT
bool
cn_notebook_report_has_best(const CnNotebookReport* report);

/// Say how the run ended; `is_over`: by itself, and not by an interruption.  Thread: INIT
void
cn_notebook_report_end(const CnNotebookReport* report, const char* output, bool is_over);

/// Write what a report remembers to a checkpoint, or read it and say so.  Thread: WORKER
void
cn_notebook_report_exchange(CnNotebookReport* report, CnCheckpoint* checkpoint);

/**
   What the weights should say of their making.

   @param n_train Pieces of the training side.
   @param[out] metadata At least 4 entries.
   @param[out] texts Where their values are.
   @return Number of entries.

   Thread: INIT
*/
size_t
cn_notebook_report_metadata(const CnNotebookReport* report, const CnNotebookRecipe* recipe,
                            const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], size_t n_train, size_t n_targets,
                            CnTensorsMetadata* metadata, char texts[][256]);

#endif // CN_NOTEBOOK_REPORT_H
