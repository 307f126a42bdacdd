// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "model_slot.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
find_default(CnModelSlot* const self, const char* const bundle)
{
  const size_t length = strlen(bundle);
  const char*  slash  = length > 0 && bundle[length - 1] == '/' ? "" : "/";
  const int    needed =
      snprintf(self->default_path, sizeof(self->default_path), "%s%s%s", bundle, slash, CN_MODEL_DEFAULT);
  if (needed < 0 || (size_t)needed >= sizeof(self->default_path)) {
    lv2_log_error(self->logger, "continuo: the bundle's path is too long\n");
    self->default_path[0] = '\0';
  }
}

/// Tell all who ask what was asked for, and what became of it
static void
publish(CnModelSlot* const self, const char* const path, const CnModelStatus status)
{
  const size_t       size = strlen(path) + 1U;
  CnModelName* const name = (CnModelName*)malloc(sizeof(CnModelName) + size);
  if (!name) {
    lv2_log_error(self->logger, "continuo: %s\n", cn_strerror(CN_STATUS_NO_MEMORY));
    return;
  }
  name->previous   = atomic_load_explicit(&self->name, memory_order_relaxed);
  name->status     = status;
  name->is_default = !strcmp(path, self->default_path);
  name->size       = (uint32_t)size;
  memcpy(name->path, path, size);
  atomic_store_explicit(&self->name, name, memory_order_release);
}

/// Let the engine play by another file, and free the one before
static void
swap(CnModelSlot* const self, const CnModelFile* const file)
{
  CnModelFile old = self->file;
  self->file      = *file;
  cn_engine_set_planner(self->engine, &self->file.planner);
  cn_model_file_clear(&old); // not in use any more, as set_planner() has waited for that
}

static CnModelStatus
load(CnModelSlot* const self, const char* const path)
{
  CnModelFile file;
  char        fault[256] = "";
  if (!cn_model_file_load(path, &file, fault, sizeof(fault))) {
    const CnShape* const shape = &cn_model_layout(file.model)->shape;
    swap(self, &file);
    lv2_log_note(self->logger, "continuo: plays with %s (%s of %u)\n", path, cn_cell_name(shape->cell),
                 (unsigned)shape->hidden);
    return CN_MODEL_PLAYS;
  }
  lv2_log_error(self->logger, "continuo: %s: %s\n", path, fault);
  if (self->file.model) {
    lv2_log_note(self->logger, "continuo: the model before plays on\n");
    return CN_MODEL_REFUSED;
  }
  lv2_log_error(self->logger, "continuo: no weights, so the player's notes only pass through\n");
  return CN_MODEL_NONE;
}

void
cn_model_slot_init(CnModelSlot* const self, CnEngine* const engine, LV2_Log_Logger* const logger,
                   const char* const bundle)
{
  self->engine = engine;
  self->logger = logger;
  pthread_mutex_init(&self->mutex, NULL);
  find_default(self, bundle);
  cn_model_slot_load(self, NULL);
}

void
cn_model_slot_clear(CnModelSlot* const self)
{
  CnModelName* name = atomic_load_explicit(&self->name, memory_order_relaxed);
  while (name) {
    CnModelName* const previous = name->previous;
    free(name);
    name = previous;
  }
  cn_model_file_clear(&self->file);
  pthread_mutex_destroy(&self->mutex);
}

void
cn_model_slot_load(CnModelSlot* const self, const char* const path)
{
  const char* const wanted = path ? path : self->default_path;
  pthread_mutex_lock(&self->mutex);
  publish(self, wanted, load(self, wanted));
  pthread_mutex_unlock(&self->mutex);
}

CN_AUDIO const CnModelName*
cn_model_slot_name(const CnModelSlot* const self)
{
  return atomic_load_explicit(&self->name, memory_order_acquire);
}

uint64_t
cn_model_slot_id(CnModelSlot* const self)
{
  pthread_mutex_lock(&self->mutex);
  const uint64_t id = self->file.planner.id;
  pthread_mutex_unlock(&self->mutex);
  return id;
}

CN_AUDIO bool
cn_model_slot_post(CnModelSlot* const self, const char* const path)
{
  if (atomic_load_explicit(&self->is_posted, memory_order_acquire)) {
    return false;
  }
  memcpy(self->letter, path, strlen(path) + 1U);
  atomic_store_explicit(&self->is_posted, true, memory_order_release);
  return true;
}

void
cn_model_slot_work(CnModelSlot* const self)
{
  char path[CN_MODEL_PATH_SIZE];
  if (atomic_load_explicit(&self->is_posted, memory_order_acquire)) {
    memcpy(path, self->letter, sizeof(path));
    path[sizeof(path) - 1U] = '\0';
    atomic_store_explicit(&self->is_posted, false, memory_order_release);
    cn_model_slot_load(self, path);
  }
}
