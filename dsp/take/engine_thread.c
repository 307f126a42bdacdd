// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // sem_clockwait(), which POSIX has since 2024

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

#define SECOND 1000000000 ///< [ns]
#define LINGER 2          ///< [s] for which the thread looks around once it has had work

/// What the thread is at, or will be
enum {
  AWAKE,    ///< Runs the engine, or looks around from time to time
  ASLEEP,   ///< Until it is woken
  EXPECTED, ///< To run the engine once more
};

struct CnEngineThread {
  CnEngine*       engine;
  sem_t           work;
  atomic_bool     is_ending;
  atomic_int      state;
  pthread_t       thread;
  _Atomic int64_t patience; ///< [ns] from one look to the next; 0: it does not look around
  _Atomic int64_t worked;   ///< [ns]
};

/// Write down how long it has worked
static void
clock_off(CnEngineThread* const self)
{
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  atomic_store_explicit(&self->worked, (int64_t)time.tv_sec * SECOND + time.tv_nsec, memory_order_relaxed);
}

static struct timespec
later(const struct timespec time, const int64_t ns)
{
  const int64_t sum = time.tv_nsec + ns;
  return (struct timespec){time.tv_sec + (time_t)(sum / SECOND), (long)(sum % SECOND)};
}

/// Wait to be woken until some time; false if nobody has
static bool
wait_until(CnEngineThread* const self, const struct timespec* const time)
{
  int status = 0;
  do {
    status = sem_clockwait(&self->work, CLOCK_MONOTONIC, time);
  } while (status && errno == EINTR);
  return !status;
}

static bool
has_work(const CnEngineThread* const self)
{
  return atomic_load_explicit(&self->state, memory_order_relaxed) == EXPECTED ||
         cn_engine_is_watched(self->engine);
}

/// Look around for work; false if there has been none for long
static bool
look_around(CnEngineThread* const self)
{
  const int64_t   patience = atomic_load_explicit(&self->patience, memory_order_relaxed);
  struct timespec look;
  clock_gettime(CLOCK_MONOTONIC, &look);
  for (int64_t waited = 0; patience > 0 && waited < (int64_t)LINGER * SECOND; waited += patience) {
    look = later(look, patience);
    if (wait_until(self, &look) || has_work(self)) {
      return true;
    }
  }
  return false;
}

static void
sleep_until_woken(CnEngineThread* const self)
{
  int state = AWAKE;
  if (atomic_compare_exchange_strong(&self->state, &state, ASLEEP)) { // Else it is expected as of now
    while (sem_wait(&self->work) && errno == EINTR) {
    }
  }
}

static void*
work(void* const handle)
{
  CnEngineThread* const self = (CnEngineThread*)handle;
  for (;;) {
    if (!look_around(self)) {
      sleep_until_woken(self);
    }
    if (atomic_load_explicit(&self->is_ending, memory_order_acquire)) {
      return NULL;
    }
    atomic_exchange_explicit(&self->state, AWAKE, memory_order_acq_rel);
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
  atomic_exchange_explicit(&self->state, EXPECTED, memory_order_acq_rel);
  sem_post(&self->work);
}

CN_AUDIO bool
cn_engine_thread_expect(CnEngineThread* const self, const double patience)
{
  atomic_store_explicit(&self->patience, (int64_t)(patience * SECOND), memory_order_relaxed);
  const bool sleeps = atomic_exchange_explicit(&self->state, EXPECTED, memory_order_acq_rel) == ASLEEP;
  if (sleeps) {
    sem_post(&self->work);
  }
  return sleeps;
}

CN_AUDIO double
cn_engine_thread_worked(const CnEngineThread* const self)
{
  return 1e-9 * (double)atomic_load_explicit(&self->worked, memory_order_relaxed);
}
