// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file workers.h
   Threads that share the windows of a batch: each takes its own part, always the same one.

   Their sums are made in the order of the workers, so that what comes of it hangs on their number, and never
   on which of them is faster.
*/

#ifndef CN_NOTEBOOK_WORKERS_H
#define CN_NOTEBOOK_WORKERS_H

#include "tools/notebook/gradient.h"
#include "tools/notebook/windows.h"

#include "dsp/base/status.h"
#include "dsp/notebook/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the workers do together
typedef struct {
  const CnNotebookScale*  scale;
  const CnNotebookPiece*  pieces;  ///< That the targets are of
  const CnNotebookTarget* targets; ///< (n) to be told
  size_t                  n;
  bool                    takes_part[CN_N_NOTEBOOK_TASKS]; ///< Which of the networks
  const float*            parameters[CN_N_NOTEBOOK_TASKS];
  bool                    learns;     ///< Compute gradients; there are no more targets than a batch has
  float                   dropout;    ///< Where it learns
  uint32_t                seed, step; ///< Of the dropout
  float* foretold; ///< (n) steps as the timing network has them, or null; not where it learns
  float* came;     ///< (n) steps as they were
} CnNotebookWork;

typedef struct CnNotebookWorkers CnNotebookWorkers;

/**
   Make workers, and start their threads; the first is the caller.

   @param nets Both networks; borrowed.
   @param n_batch Windows of a batch, at least one a worker.
   @param[out] workers Null on failure.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: INIT
*/
CnStatus
cn_notebook_workers_new(const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], uint32_t window, uint32_t n_batch,
                        uint32_t n_threads, CnNotebookWorkers** workers);

/// End the threads and free; null is allowed.  Thread: INIT
void
cn_notebook_workers_free(CnNotebookWorkers* workers);

/**
   Do some work, and add its losses.

   @param[in,out] loss Of the networks that take part.

   Thread: WORKER
*/
void
cn_notebook_workers_do(CnNotebookWorkers* workers, const CnNotebookWork* work,
                       CnNotebookLoss loss[CN_N_NOTEBOOK_TASKS]);

/// The gradient of the mean loss that a network has learnt from last; (n_parameters) floats.  Thread: WORKER
float*
cn_notebook_workers_gradient(CnNotebookWorkers* workers, CnNotebookTask task);

#endif // CN_NOTEBOOK_WORKERS_H
