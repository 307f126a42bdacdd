// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_worker.h
   The test host's worker: a thread like those of real hosts, or what Ardour does while it exports.
*/

#ifndef CN_HOST_WORKER_H
#define CN_HOST_WORKER_H

#include "dsp/base/ring.h"

#include <lv2/core/lv2.h>
#include <lv2/worker/worker.h>

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

/// Where work is done
typedef enum {
  CN_HOST_WORKS_IN_THREAD, ///< As all hosts while they play
  CN_HOST_WORKS_INLINE,    ///< Inside of schedule_work(), as Ardour while it exports
  CN_HOST_WORKS_NOT,       ///< The host has no worker
  CN_HOST_WORKS_WHEN_IDLE, ///< In the thread that calls cn_host_worker_sync(), some time later, as Carla
} CnHostWorking;

typedef struct {
  CnHostWorking               working;
  LV2_Worker_Schedule         schedule;
  LV2_Feature                 feature;
  const LV2_Worker_Interface* interface; ///< Of the plugin
  LV2_Handle                  instance;
  unsigned                    n_refusals; ///< So many messages to come find the queue full
  CnRing                      queue;
  sem_t                       is_due;
  atomic_bool                 is_ending;
  atomic_uint                 n_scheduled;
  atomic_uint                 n_done;
  pthread_t                   thread;
} CnHostWorker;

/// Prepare the feature for instantiate()
void
cn_host_worker_init(CnHostWorker* worker, CnHostWorking working);

/// Begin to work for an instance
void
cn_host_worker_start(CnHostWorker* worker, const LV2_Worker_Interface* interface, LV2_Handle instance);

/// Wait until all work is done, or do it
void
cn_host_worker_sync(CnHostWorker* worker);

/// End all; the instance must still be there
void
cn_host_worker_clear(CnHostWorker* worker);

#endif // CN_HOST_WORKER_H
