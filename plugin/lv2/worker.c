// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/lv2/worker.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct CnWorker {
  const LV2_Worker_Schedule* schedule; ///< Null: the thread is ours
  void (*work)(void* handle);
  void*       handle;
  sem_t       is_due;
  atomic_bool is_ending;
  pthread_t   thread;
};

static void*
work_on(void* const handle)
{
  CnWorker* const self = (CnWorker*)handle;
  for (;;) {
    while (sem_wait(&self->is_due) && errno == EINTR) {
    }
    if (atomic_load_explicit(&self->is_ending, memory_order_acquire)) {
      return NULL;
    }
    self->work(self->handle);
  }
}

/// Start our own thread with all signals blocked: they are the host's
static bool
start(CnWorker* const self)
{
  sigset_t all;
  sigset_t old;
  if (sem_init(&self->is_due, 0, 0)) {
    return false;
  }
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &old);
  const int status = pthread_create(&self->thread, NULL, work_on, self);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  if (status) {
    sem_destroy(&self->is_due);
  }
  return !status;
}

CnWorker*
cn_worker_new(const LV2_Worker_Schedule* const schedule, void (*const work)(void* handle), void* const handle)
{
  CnWorker* const self = (CnWorker*)calloc(1, sizeof(CnWorker));
  if (!self) {
    return NULL;
  }
  self->schedule = schedule;
  self->work     = work;
  self->handle   = handle;
  if (!schedule && !start(self)) {
    free(self);
    return NULL;
  }
  return self;
}

void
cn_worker_free(CnWorker* const self)
{
  if (self && !self->schedule) {
    atomic_store_explicit(&self->is_ending, true, memory_order_release);
    sem_post(&self->is_due);
    pthread_join(self->thread, NULL);
    sem_destroy(&self->is_due);
  }
  free(self);
}

CN_AUDIO bool
cn_worker_schedule(CnWorker* const self)
{
  static const uint32_t message = 0; // not empty, as a host may refuse that
  if (!self->schedule) {
    return !sem_post(&self->is_due);
  }
  return self->schedule->schedule_work(self->schedule->handle, sizeof(message), &message) ==
         LV2_WORKER_SUCCESS;
}
