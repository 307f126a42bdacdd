// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/state.h"

#include "plugin/state_take.h"

#include <lv2/core/lv2_util.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS (LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE)

/// What a host may offer for files, any of which may be null
typedef struct {
  LV2_State_Map_Path*  map;
  LV2_State_Make_Path* make;
  LV2_State_Free_Path* free;
} Paths;

/// A value of the state; `body` is null if it is absent
typedef struct {
  const void* body;
  size_t      size;
  uint32_t    type;
} Value;

/// All that was saved
typedef struct {
  Value weights;
  Value model;
  Value network;
  Value take;
} Saved;

static Paths
find_paths(const LV2_Feature* const* const features)
{
  Paths paths = {NULL, NULL, NULL};
  if (features) {
    paths.map  = (LV2_State_Map_Path*)lv2_features_data(features, LV2_STATE__mapPath);
    paths.make = (LV2_State_Make_Path*)lv2_features_data(features, LV2_STATE__makePath);
    paths.free = (LV2_State_Free_Path*)lv2_features_data(features, LV2_STATE__freePath);
  }
  return paths;
}

/// Free what the host has made of a path; hosts before LV2 1.16 have no function for it
static void
free_path(const Paths* const paths, char* const path)
{
  if (paths->free) {
    paths->free->free_path(paths->free->handle, path);
  } else {
    free(path);
  }
}

// --- Saving

/// Store a path, as the host would have it
static LV2_State_Status
store_path(const Paths* const paths, const CnUris* const uris, const LV2_URID key, const char* const path,
           const LV2_State_Store_Function store, const LV2_State_Handle handle)
{
  if (!paths->map) {
    return store(handle, key, path, strlen(path) + 1U, uris->atom_Path, FLAGS);
  }
  char* const abstract = paths->map->abstract_path(paths->map->handle, path);
  if (!abstract) {
    return LV2_STATE_ERR_UNKNOWN;
  }
  const LV2_State_Status status = store(handle, key, abstract, strlen(abstract) + 1U, uris->atom_Path, FLAGS);
  free_path(paths, abstract);
  return status;
}

/// Write the take as a MIDI file into the host's folder, if it has one for us
static LV2_State_Status
save_score(const CnSession* const session, const Paths* const paths, const LV2_State_Store_Function store,
           const LV2_State_Handle handle)
{
  char* const path = paths->make ? paths->make->path(paths->make->handle, CN_STATE_SCORE) : NULL;
  if (!path) {
    return LV2_STATE_SUCCESS;
  }
  LV2_State_Status status = LV2_STATE_SUCCESS;
  const CnStatus   wrote  = cn_state_write_score(session->engine, path);
  if (!wrote) {
    status = store_path(paths, session->uris, session->uris->continuo_score, path, store, handle);
  } else if (wrote != CN_STATUS_NOT_FOUND) {
    lv2_log_warning(session->logger, "continuo: %s: %s\n", path, cn_strerror(wrote));
  }
  free_path(paths, path);
  return status;
}

/// Store the take; without it, the rest of the session is still worth saving
static LV2_State_Status
save_take(const CnSession* const session, const LV2_State_Store_Function store, const LV2_State_Handle handle)
{
  uint8_t*       data   = NULL;
  size_t         size   = 0;
  const CnStatus failed = cn_engine_save(session->engine, &data, &size);
  if (failed) {
    lv2_log_error(session->logger, "continuo: the take is not saved: %s\n", cn_strerror(failed));
    return LV2_STATE_SUCCESS;
  }
  const LV2_State_Status status =
      store(handle, session->uris->continuo_take, data, size, session->uris->atom_Chunk, FLAGS);
  free(data);
  return status;
}

LV2_State_Status
cn_state_save(const CnSession* const session, const LV2_State_Store_Function store,
              const LV2_State_Handle handle, const LV2_Feature* const* const features)
{
  const CnUris* const      uris    = session->uris;
  const Paths              paths   = find_paths(features);
  const CnModelName* const name    = cn_model_slot_name(session->slot);
  const int64_t            weights = (int64_t)cn_model_slot_id(session->slot); // the bits are what counts
  const int32_t            network = cn_model_slot_network(session->slot);

  LV2_State_Status status =
      store(handle, uris->continuo_weights, &weights, sizeof(weights), uris->atom_Long, FLAGS);
  if (!status) {
    status = store(handle, uris->continuo_network, &network, sizeof(network), uris->atom_Int, FLAGS);
  }
  if (!status && name && !name->is_own) {
    status = store_path(&paths, uris, uris->continuo_model, name->path, store, handle);
  }
  if (!status) {
    status = save_take(session, store, handle);
  }
  return status ? status : save_score(session, &paths, store, handle);
}

// --- Restoring

static Value
retrieve_value(const LV2_URID key, const LV2_State_Retrieve_Function retrieve, const LV2_State_Handle handle)
{
  Value    value = {NULL, 0, 0};
  uint32_t flags = 0;
  value.body     = retrieve(handle, key, &value.size, &value.type, &flags);
  return value;
}

static bool
is_terminated(const Value* const text)
{
  return memchr(text->body, '\0', text->size);
}

/// True if all values that are there are of the types that we save
static bool
is_ours(const CnUris* const uris, const Saved* const saved)
{
  const Value* const weights = &saved->weights;
  const Value* const model   = &saved->model;
  const Value* const network = &saved->network;
  return (!weights->body || (weights->type == uris->atom_Long && weights->size == sizeof(int64_t))) &&
         (!model->body || (model->type == uris->atom_Path && is_terminated(model))) &&
         (!network->body || (network->type == uris->atom_Int && network->size == sizeof(int32_t))) &&
         (!saved->take.body || (saved->take.type == uris->atom_Chunk && saved->take.size > 0));
}

static void
restore_model(const CnSession* const session, const Saved* const saved, const Paths* const paths)
{
  const char* const abstract = (const char*)saved->model.body;
  int32_t           network  = -1; // Sessions that know of no networks leave it as it is
  if (saved->network.body) {
    memcpy(&network, saved->network.body, sizeof(network));
  }
  char* const path = abstract && paths->map ? paths->map->absolute_path(paths->map->handle, abstract) : NULL;
  cn_model_slot_restore(session->slot, path ? path : abstract, network);
  if (path) {
    free_path(paths, path);
  }
}

/// Mention it if the music will go on in another way than the musician remembers
static void
compare_weights(const CnSession* const session, const Value* const weights)
{
  int64_t saved = 0;
  memcpy(&saved, weights->body, sizeof(saved));
  if ((uint64_t)saved != cn_model_slot_id(session->slot)) {
    lv2_log_warning(session->logger,
                    "continuo: the session was saved with other weights; the notes will differ\n");
  }
}

static LV2_State_Status
restore_take(const CnSession* const session, const Value* const take)
{
  char fault[128] = "";
  if (!cn_engine_restore(session->engine, (const uint8_t*)take->body, take->size, CN_FAULT(fault))) {
    return LV2_STATE_SUCCESS;
  }
  lv2_log_error(session->logger, "continuo: the saved take is left out: %s\n", fault);
  return LV2_STATE_ERR_UNKNOWN;
}

LV2_State_Status
cn_state_restore(const CnSession* const session, const LV2_State_Retrieve_Function retrieve,
                 const LV2_State_Handle handle, const LV2_Feature* const* const features)
{
  const CnUris* const uris  = session->uris;
  const Paths         paths = find_paths(features);
  const Saved         saved = {
              .weights = retrieve_value(uris->continuo_weights, retrieve, handle),
              .model   = retrieve_value(uris->continuo_model, retrieve, handle),
              .network = retrieve_value(uris->continuo_network, retrieve, handle),
              .take    = retrieve_value(uris->continuo_take, retrieve, handle),
  };
  if (!is_ours(uris, &saved)) {
    lv2_log_error(session->logger, "continuo: the saved state is not of Continuo's making\n");
    return LV2_STATE_ERR_BAD_TYPE;
  }
  if (saved.weights.body || saved.model.body) {
    restore_model(session, &saved, &paths);
  }
  if (saved.weights.body) {
    compare_weights(session, &saved.weights);
  }
  return saved.take.body ? restore_take(session, &saved.take) : LV2_STATE_SUCCESS;
}
