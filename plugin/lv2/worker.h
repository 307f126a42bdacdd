// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file worker.h
   Where run() sends what takes time: the host's worker, or a thread of our own if the host has none.
*/

#ifndef CN_WORKER_H
#define CN_WORKER_H

#include "dsp/base/attributes.h"

#include <lv2/worker/worker.h>

#include <stdbool.h>

typedef struct CnWorker CnWorker;

/**
   Make a worker.

   @param schedule The host's, borrowed; or null.
   @param work What our own thread calls for each time of being scheduled; the host calls the plugin's
   work() instead.
   @return Null if memory or a thread could not be had.

   Thread: INIT
*/
CnWorker*
cn_worker_new(const LV2_Worker_Schedule* schedule, void (*work)(void* handle), void* handle);

/// End our own thread, and free; null is allowed.  Thread: INIT
void
cn_worker_free(CnWorker* worker);

/**
   Ask for work to be done, some time later or (as Ardour while it exports) at once.

   What is to be done is not in the message, as hosts differ in how long one may be.

   @return False if the host's queue is full: try again in the next block.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_worker_schedule(CnWorker* worker);

#endif // CN_WORKER_H
