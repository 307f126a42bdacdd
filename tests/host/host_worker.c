// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_worker.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define MAX_SIZE 60U ///< [bytes] Far less than hosts have, as not to rely on it
#define MAX_MESSAGES 4U

typedef struct {
  uint32_t size;
  uint8_t  bytes[MAX_SIZE];
} Message;

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_ERR_NO_SPACE; // a full host: nothing may depend on it
}

static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size, const void* const data)
{
  CnHostWorker* const self    = (CnHostWorker*)handle;
  Message             message = {.size = size};
  if (self->n_refusals > 0) {
    --self->n_refusals;
    return LV2_WORKER_ERR_NO_SPACE;
  }
  if (self->working == CN_HOST_WORKS_INLINE) {
    return self->interface->work(self->instance, respond, self, size, data);
  }
  if (size > MAX_SIZE) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  memcpy(message.bytes, data, size);
  if (!cn_ring_push(&self->queue, &message)) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  atomic_fetch_add(&self->n_scheduled, 1);
  sem_post(&self->is_due);
  return LV2_WORKER_SUCCESS;
}

/// Do the next piece of work, if there is one
static bool
do_work(CnHostWorker* const self)
{
  Message message;
  if (!cn_ring_pop(&self->queue, &message)) {
    return false;
  }
  self->interface->work(self->instance, respond, self, message.size, message.bytes);
  atomic_fetch_add(&self->n_done, 1);
  return true;
}

static void*
work_on(void* const handle)
{
  CnHostWorker* const self = (CnHostWorker*)handle;
  for (;;) {
    while (sem_wait(&self->is_due) && errno == EINTR) {
    }
    if (!do_work(self) && atomic_load(&self->is_ending)) {
      return NULL;
    }
  }
}

void
cn_host_worker_init(CnHostWorker* const self, const CnHostWorking working)
{
  self->working  = working;
  self->schedule = (LV2_Worker_Schedule){self, schedule_work};
  self->feature  = (LV2_Feature){LV2_WORKER__schedule, &self->schedule};
}

static bool
has_queue(const CnHostWorker* const self)
{
  return self->interface &&
         (self->working == CN_HOST_WORKS_IN_THREAD || self->working == CN_HOST_WORKS_WHEN_IDLE);
}

void
cn_host_worker_start(CnHostWorker* const self, const LV2_Worker_Interface* const interface,
                     const LV2_Handle instance)
{
  self->interface = interface;
  self->instance  = instance;
  if (has_queue(self)) {
    const int failed =
        cn_ring_init(&self->queue, MAX_MESSAGES, sizeof(Message)) || sem_init(&self->is_due, 0, 0) ||
        (self->working == CN_HOST_WORKS_IN_THREAD && pthread_create(&self->thread, NULL, work_on, self));
    assert(!failed);
    (void)failed;
  }
}

void
cn_host_worker_sync(CnHostWorker* const self)
{
  const struct timespec pause = {0, 100000};
  if (self->working == CN_HOST_WORKS_WHEN_IDLE && self->interface) {
    while (do_work(self)) {
    }
  }
  while (atomic_load(&self->n_done) != atomic_load(&self->n_scheduled)) {
    nanosleep(&pause, NULL);
  }
}

void
cn_host_worker_clear(CnHostWorker* const self)
{
  if (has_queue(self)) {
    if (self->working == CN_HOST_WORKS_IN_THREAD) {
      atomic_store(&self->is_ending, true);
      sem_post(&self->is_due);
      pthread_join(self->thread, NULL);
    }
    sem_destroy(&self->is_due);
    cn_ring_clear(&self->queue);
  }
  self->interface = NULL;
}
