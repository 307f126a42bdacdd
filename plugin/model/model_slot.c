// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/model/model_slot.h"

#include "dsp/file/ending.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OWN_PREFIX "urn:continuo:model:"

static const char* const own_names[CN_N_NETWORKS] = {OWN_PREFIX "default", OWN_PREFIX "notebook"};

bool
cn_model_is_own(const char* const text)
{
  return !strncmp(text, OWN_PREFIX, strlen(OWN_PREFIX));
}

const char*
cn_model_own_name(const int network)
{
  return own_names[network];
}

int
cn_model_own_number(const char* const name)
{
  int network = CN_N_NETWORKS - 1;
  while (network >= 0 && strcmp(own_names[network], name) != 0) {
    --network;
  }
  return network;
}

static void
find_own(CnModelSlot* const self, const char* const bundle)
{
  const size_t length = strlen(bundle);
  const char*  slash  = length > 0 && bundle[length - 1] == '/' ? "" : "/";
  for (int i = 0; i < CN_N_NETWORKS; ++i) {
    char* const path   = self->own_path[i];
    const int   needed = snprintf(path, CN_PATH_SIZE, "%s%smodels/%s" CN_ENDING_WEIGHTS CN_ENDING_COMPRESSED,
                                  bundle, slash, own_names[i] + strlen(OWN_PREFIX));
    if (needed < 0 || (size_t)needed >= CN_PATH_SIZE) {
      lv2_log_error(self->logger, "continuo: the bundle's path is too long\n");
      path[0] = '\0';
    }
  }
}

/// Whether a path is that of one of the bundle's models as it was called before it was compressed, here or in
/// a bundle elsewhere
static bool
is_former(const char* const own_path, const char* const name, const char* const path)
{
  char         elsewhere[64];
  const size_t length = strlen(path);
  snprintf(elsewhere, sizeof(elsewhere), "/continuo.lv2/models/%s" CN_ENDING_WEIGHTS, name);
  return (!strncmp(own_path, path, length) && !strcmp(own_path + length, CN_ENDING_COMPRESSED)) ||
         cn_ending_is(path, elsewhere);
}

const char*
cn_model_slot_find(const CnModelSlot* const self, const char* const path)
{
  if (!access(path, R_OK)) {
    return path;
  }
  for (int i = 0; i < CN_N_NETWORKS; ++i) {
    if (is_former(self->own_path[i], own_names[i] + strlen(OWN_PREFIX), path)) {
      return self->own_path[i];
    }
  }
  return NULL;
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
  name->previous = atomic_load_explicit(&self->name, memory_order_relaxed);
  name->status   = status;
  name->is_own   = !strcmp(path, self->own_path[self->network]);
  name->size     = (uint32_t)size;
  name->card[0]  = '\0';
  if (cn_any_model_is_there(&self->file.model)) {
    cn_model_cache_describe(&self->file.model, name->card, sizeof(name->card));
  }
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

/// Call the bundle's model what the session calls it
static void
rename_own(const CnModelSlot* const self, CnModelFile* const file)
{
  const uint64_t known_as = self->known_as[self->network];
  if (known_as && known_as != file->planner.id) {
    file->planner.id = known_as;
    lv2_log_note(self->logger,
                 "continuo: the session was saved with other weights; what is composed anew will differ\n");
  }
}

static CnModelStatus
load(CnModelSlot* const self, const char* const path, const bool is_own)
{
  CnModelFile file;
  char        kind[160];
  char        fault[256] = "";
  if (!cn_model_file_load(path, &file, CN_FAULT(fault))) {
    if (is_own) {
      rename_own(self, &file);
    }
    swap(self, &file);
    cn_any_model_describe(&self->file.model, kind, sizeof(kind));
    lv2_log_note(self->logger, "continuo: plays with %s (%s)\n", path, kind);
    return CN_MODEL_PLAYS;
  }
  lv2_log_error(self->logger, "continuo: %s: %s\n", path, fault);
  if (cn_any_model_is_there(&self->file.model)) {
    lv2_log_note(self->logger, "continuo: the model before plays on\n");
    return CN_MODEL_REFUSED;
  }
  lv2_log_error(self->logger, "continuo: no weights, so the musician's notes only pass through\n");
  return CN_MODEL_NONE;
}

/// Load a model and let it play; null or an empty path: the bundle's.  The slot must be locked
static void
change(CnModelSlot* const self, const char* const path)
{
  const bool        is_own = !path || !*path;
  const char* const found  = is_own ? self->own_path[self->network] : cn_model_slot_find(self, path);
  const char* const wanted = found ? found : path;
  publish(self, wanted, load(self, wanted, is_own));
}

static bool
is_playing_own(const CnModelSlot* const self)
{
  const CnModelName* const name = atomic_load_explicit(&self->name, memory_order_relaxed);
  return name && name->is_own;
}

void
cn_model_slot_init(CnModelSlot* const self, CnEngine* const engine, LV2_Log_Logger* const logger,
                   const char* const bundle)
{
  self->engine = engine;
  self->logger = logger;
  pthread_mutex_init(&self->mutex, NULL);
  find_own(self, bundle);
  change(self, NULL);
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
cn_model_slot_restore(CnModelSlot* const self, const char* const chosen, const int network,
                      const uint64_t known_as)
{
  pthread_mutex_lock(&self->mutex);
  const bool is_known = network >= 0 && network < CN_N_NETWORKS;
  const bool is_other = is_known && network != self->network;
  const bool was_own  = is_playing_own(self);
  if (is_known) {
    self->network = network;
    atomic_store_explicit(&self->wanted, network, memory_order_relaxed);
  }
  // What was chosen as a file may be what plays anyway, by the name that it had
  const char* const found = chosen ? cn_model_slot_find(self, chosen) : NULL;
  const char* const path  = found == self->own_path[self->network] ? NULL : chosen;
  memset(self->known_as, 0, sizeof(self->known_as));
  self->known_as[self->network] = path ? 0 : known_as;
  if (path || is_other || !was_own || known_as != self->file.planner.id) {
    change(self, path);
  }
  pthread_mutex_unlock(&self->mutex);
}

int
cn_model_slot_network(CnModelSlot* const self)
{
  pthread_mutex_lock(&self->mutex);
  const int network = self->network;
  pthread_mutex_unlock(&self->mutex);
  return network;
}

CN_AUDIO const CnModelName*
cn_model_slot_name(const CnModelSlot* const self)
{
  return atomic_load_explicit(&self->name, memory_order_acquire);
}

CN_AUDIO const char*
cn_model_slot_path(const CnModelSlot* const self)
{
  const CnModelName* const name = cn_model_slot_name(self);
  return name ? name->path : NULL;
}

CN_AUDIO CnModelStatus
cn_model_slot_status(const CnModelSlot* const self)
{
  const CnModelName* const name = cn_model_slot_name(self);
  return name ? name->status : CN_MODEL_NONE;
}

uint64_t
cn_model_slot_id(CnModelSlot* const self)
{
  pthread_mutex_lock(&self->mutex);
  const uint64_t id = self->file.planner.id;
  pthread_mutex_unlock(&self->mutex);
  return id;
}

CN_AUDIO void
cn_model_slot_choose(CnModelSlot* const self, const int network)
{
  atomic_store_explicit(&self->wanted, network, memory_order_relaxed);
}

/// Play by the network that was asked for last, unless a file is chosen.  The slot must be locked
static void
follow_network(CnModelSlot* const self)
{
  const int  wanted  = atomic_load_explicit(&self->wanted, memory_order_relaxed);
  const bool was_own = is_playing_own(self);
  if (wanted != self->network) {
    self->network = wanted;
    if (was_own) {
      change(self, NULL);
    }
  }
}

void
cn_model_slot_work(CnModelSlot* const self)
{
  char       path[CN_PATH_SIZE];
  const bool is_posted = cn_letter_read(&self->letter, path);
  pthread_mutex_lock(&self->mutex);
  follow_network(self);
  if (is_posted) {
    change(self, path);
  }
  pthread_mutex_unlock(&self->mutex);
}
