// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/take/engine_thread.h"

#include "dsp/take/ahead.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct CnEngineThread {
  CnEngine*       engine;
  sem_t           work;
  atomic_bool     is_ending;
  pthread_t       thread;
  _Atomic int64_t worked; ///< [ns]
};

/// Write down how long it has worked
static void
clock_off(CnEngineThread* const self)
{
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  atomic_store_explicit(&self->worked, (int64_t)time.tv_sec * 1000000000 + time.tv_nsec,
                        memory_order_relaxed);
}

static void*
work(void* const handle)
{
  CnEngineThread* const self = (CnEngineThread*)handle;
  for (;;) {
    while (sem_wait(&self->work) && errno == EINTR) {
    }
    if (atomic_load_explicit(&self->is_ending, memory_order_acquire)) {
      return NULL;
    }
    cn_engine_run(self->engine);
    while (cn_engine_look_ahead(self->engine) &&
           !atomic_load_explicit(&self->is_ending, memory_order_acquire)) {
    }
    clock_off(self);
  }
}

/// Start the thread with all signals blocked: they are the host's
static int
start(CnEngineThread* const self)
{
  sigset_t all;
  sigset_t old;
  sigfillset(&all);
  if (pthread_sigmask(SIG_BLOCK, &all, &old)) {
    return -1;
  }
  const int status = pthread_create(&self->thread, NULL, work, self);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return status;
}

CnEngineThread*
cn_engine_thread_new(CnEngine* const engine)
{
  CnEngineThread* const self = (CnEngineThread*)calloc(1, sizeof(CnEngineThread));
  if (!self) {
    return NULL;
  }
  self->engine = engine;
  if (sem_init(&self->work, 0, 0)) {
    free(self);
    return NULL;
  }
  if (start(self)) {
    sem_destroy(&self->work);
    free(self);
    return NULL;
  }
  return self;
}

void
cn_engine_thread_free(CnEngineThread* const self)
{
  if (self) {
    atomic_store_explicit(&self->is_ending, true, memory_order_release);
    sem_post(&self->work);
    pthread_join(self->thread, NULL);
    sem_destroy(&self->work);
    free(self);
  }
}

CN_AUDIO void
cn_engine_thread_wake(CnEngineThread* const self)
{
  sem_post(&self->work);
}

CN_AUDIO double
cn_engine_thread_worked(const CnEngineThread* const self)
{
  return 1e-9 * (double)atomic_load_explicit(&self->worked, memory_order_relaxed);
}
