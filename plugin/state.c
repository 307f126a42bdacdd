// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#define _XOPEN_SOURCE 700 // For realpath()

#include "plugin/state.h"

#include "plugin/state_take.h"
#include "plugin/state_value.h"

#include <lv2/core/lv2_util.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NO_PHRASE "urn:continuo:phrase:none"
#define FLAGS (LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE)

/// What a host may offer for files, any of which may be null
typedef struct {
  LV2_State_Map_Path*  map;
  LV2_State_Make_Path* make;
  LV2_State_Free_Path* free;
} Paths;

/// All that was saved
typedef struct {
  CnStateValue weights;
  CnStateValue model;
  CnStateValue file;
  CnStateValue network;
  CnStateValue phrase;
  CnStateValue phrase_file;
  CnStateValue phrase_line;
  CnStateValue take;
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

/// Store a path as the host would have it, or as it is if the host does not know how
static LV2_State_Status
store_path(const Paths* const paths, const CnUris* const uris, const LV2_URID key, const char* const path,
           const LV2_State_Store_Function store, const LV2_State_Handle handle)
{
  char* const            abstract = paths->map ? paths->map->abstract_path(paths->map->handle, path) : NULL;
  const char* const      told     = abstract ? abstract : path;
  const LV2_State_Status status   = store(handle, key, told, strlen(told) + 1U, uris->atom_Path, FLAGS);
  if (abstract) {
    free_path(paths, abstract);
  }
  return status;
}

/// Store a text, which is of use beyond this computer or not
static LV2_State_Status
store_text(const CnUris* const uris, const LV2_URID key, const char* const text, const uint32_t flags,
           const LV2_State_Store_Function store, const LV2_State_Handle handle)
{
  return store(handle, key, text, strlen(text) + 1U, uris->atom_String, flags);
}

/// Store the file that is chosen, and where it really is, as what a host makes of a path may get lost
static LV2_State_Status
save_file(const CnUris* const uris, const Paths* const paths, const char* const path,
          const LV2_State_Store_Function store, const LV2_State_Handle handle)
{
  char* const            real = realpath(path, NULL);
  const LV2_State_Status text =
      store_text(uris, uris->continuo_file, real ? real : path, LV2_STATE_IS_POD, store, handle);
  const LV2_State_Status status = store_path(paths, uris, uris->continuo_model, path, store, handle);
  free(real);
  return status ? status : text;
}

/// Store which model was asked for: one is always told, as some hosts keep what was stored before
static LV2_State_Status
save_model(const CnSession* const session, const Paths* const paths, const LV2_State_Store_Function store,
           const LV2_State_Handle handle)
{
  const CnUris* const      uris    = session->uris;
  const CnModelName* const name    = cn_model_slot_name(session->slot);
  const int32_t            network = cn_model_slot_network(session->slot);

  const LV2_State_Status number =
      store(handle, uris->continuo_network, &network, sizeof(network), uris->atom_Int, FLAGS);
  const LV2_State_Status status =
      name && !name->is_own
          ? save_file(uris, paths, name->path, store, handle)
          : store_text(uris, uris->continuo_model, cn_model_own_name(network), FLAGS, store, handle);
  return status ? status : number;
}

/// Store the file that is gone on from, and what stands in it: one is always told, as for the model
static LV2_State_Status
save_phrase(const CnSession* const session, const Paths* const paths, const LV2_State_Store_Function store,
            const LV2_State_Handle handle)
{
  static const uint8_t nothing[1] = {0}; // As hosts refuse values of no size
  const CnUris* const  uris       = session->uris;
  const char* const    path       = cn_phrase_slot_path(session->phrase);
  const int32_t        line       = cn_engine_given_line(session->engine);
  uint8_t*             data       = NULL;
  size_t               size       = 0;
  if (cn_phrase_slot_copy(session->phrase, &data, &size)) {
    lv2_log_error(session->logger, "continuo: the phrase is saved by its name only\n");
  }
  const LV2_State_Status file = store(handle, uris->continuo_phrase_smf, data ? data : nothing,
                                      data ? size : sizeof(nothing), uris->atom_Chunk, FLAGS);
  const LV2_State_Status status =
      path && *path ? store_path(paths, uris, uris->continuo_phrase, path, store, handle)
                    : store_text(uris, uris->continuo_phrase, NO_PHRASE, FLAGS, store, handle);
  const LV2_State_Status place =
      store(handle, uris->continuo_phrase_bar, &line, sizeof(line), uris->atom_Int, FLAGS);
  free(data);
  return status ? status : file ? file : place;
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

/// What has failed first
static LV2_State_Status
first(const LV2_State_Status* const statuses, const size_t n)
{
  size_t i = 0;
  while (i + 1 < n && !statuses[i]) {
    ++i;
  }
  return statuses[i];
}

LV2_State_Status
cn_state_save(const CnSession* const session, const LV2_State_Store_Function store,
              const LV2_State_Handle handle, const LV2_Feature* const* const features)
{
  const CnUris* const uris    = session->uris;
  const Paths         paths   = find_paths(features);
  const int64_t       weights = (int64_t)cn_model_slot_id(session->slot); // the bits are what counts

  // Each of them is tried: what a host refuses must not cost the others
  const LV2_State_Status statuses[] = {
      store(handle, uris->continuo_weights, &weights, sizeof(weights), uris->atom_Long, FLAGS),
      save_model(session, &paths, store, handle),
      save_phrase(session, &paths, store, handle),
      save_take(session, store, handle),
      save_score(session, &paths, store, handle),
  };
  return first(statuses, sizeof(statuses) / sizeof(statuses[0]));
}

// --- Restoring

/// Copy each value before the next is asked for, as the host may then free it
static LV2_State_Status
retrieve_all(const CnSession* const session, const LV2_State_Retrieve_Function retrieve,
             const LV2_State_Handle handle, Saved* const saved)
{
  const CnUris* const uris = session->uris;
  bool is_whole            = cn_state_value_get(&saved->weights, uris->continuo_weights, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->model, uris->continuo_model, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->file, uris->continuo_file, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->network, uris->continuo_network, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->phrase, uris->continuo_phrase, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->phrase_file, uris->continuo_phrase_smf, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->phrase_line, uris->continuo_phrase_bar, retrieve, handle);
  is_whole &= cn_state_value_get(&saved->take, uris->continuo_take, retrieve, handle);
  if (!is_whole) {
    lv2_log_error(session->logger, "continuo: a part of the session is left out: %s\n",
                  cn_strerror(CN_STATUS_NO_MEMORY));
  }
  return is_whole ? LV2_STATE_SUCCESS : LV2_STATE_ERR_UNKNOWN;
}

/// Leave out a value that is not of our making; the others still count
static LV2_State_Status
leave_out(const CnSession* const session, CnStateValue* const value, const char* const what)
{
  lv2_log_error(session->logger, "continuo: the saved %s cannot be read, and is left out\n", what);
  cn_state_value_clear(value);
  return LV2_STATE_ERR_BAD_TYPE;
}

/// Leave out all that is not of the types that we save
static LV2_State_Status
sift(const CnSession* const session, Saved* const saved)
{
  const CnUris* const uris   = session->uris;
  LV2_State_Status    status = LV2_STATE_SUCCESS;
  int64_t             number = 0;
  if (saved->weights.body && !cn_state_value_integer(&saved->weights, uris, &number)) {
    status = leave_out(session, &saved->weights, "identity of the weights");
  }
  if (saved->model.body && !cn_state_value_text(&saved->model, uris, CN_PATH_SIZE)) {
    status = leave_out(session, &saved->model, "model");
  }
  if (saved->file.body && !cn_state_value_text(&saved->file, uris, CN_PATH_SIZE)) {
    status = leave_out(session, &saved->file, "place of the model");
  }
  if (saved->network.body && !cn_state_value_integer(&saved->network, uris, &number)) {
    status = leave_out(session, &saved->network, "network");
  }
  if (saved->phrase.body && !cn_state_value_text(&saved->phrase, uris, CN_PATH_SIZE)) {
    status = leave_out(session, &saved->phrase, "phrase");
  }
  if (saved->phrase_file.body && saved->phrase_file.type != uris->atom_Chunk) {
    status = leave_out(session, &saved->phrase_file, "file of the phrase");
  }
  if (saved->phrase_line.body && !cn_state_value_integer(&saved->phrase_line, uris, &number)) {
    status = leave_out(session, &saved->phrase_line, "place of the phrase");
  }
  if (saved->take.body && saved->take.type != uris->atom_Chunk) {
    status = leave_out(session, &saved->take, "take");
  }
  return status;
}

/// Number of the bundle's model that a session asks for, -1: as it is
static int
find_network(const CnSession* const session, const Saved* const saved, const char* const model)
{
  int64_t   number = -1; // Sessions that know of no networks leave it as it is
  const int named  = model ? cn_model_own_number(model) : -1;
  if (model && cn_model_is_own(model) && named < 0) {
    lv2_log_warning(session->logger, "continuo: the session asks for %s, which this version lacks\n", model);
  }
  cn_state_value_integer(&saved->network, session->uris, &number);
  return named >= 0 ? named : number >= 0 && number < CN_N_NETWORKS ? (int)number : -1;
}

/// Load a file that was chosen: where the host says it is now, or else where it was
static void
restore_file(const CnSession* const session, const Saved* const saved, const Paths* const paths,
             const char* const abstract, const int network, const uint64_t weights)
{
  CnModelSlot* const  slot     = session->slot;
  const CnUris* const uris     = session->uris;
  char* const         mapped   = paths->map ? paths->map->absolute_path(paths->map->handle, abstract) : NULL;
  const char* const   was      = cn_state_value_text(&saved->file, uris, CN_PATH_SIZE);
  const char* const   here     = mapped ? mapped : abstract;
  const bool          is_moved = was && !cn_model_slot_find(slot, here) && cn_model_slot_find(slot, was);
  cn_model_slot_restore(slot, is_moved ? was : here, network, weights);
  if (mapped) {
    free_path(paths, mapped);
  }
}

static void
restore_model(const CnSession* const session, const Saved* const saved, const Paths* const paths)
{
  const char* const model   = cn_state_value_text(&saved->model, session->uris, CN_PATH_SIZE);
  const int         network = find_network(session, saved, model);
  const bool        is_own  = model && cn_model_is_own(model);
  int64_t           weights = 0; // The bits are what counts
  cn_state_value_integer(&saved->weights, session->uris, &weights);
  if (model && *model && !is_own) {
    restore_file(session, saved, paths, model, network, (uint64_t)weights);
  } else {
    cn_model_slot_restore(session->slot, NULL, network, is_own ? (uint64_t)weights : 0);
  }
}

/// [ticks] where the phrase lies, if that is anywhere where a song may be
static int32_t
find_line(const CnSession* const session, const Saved* const saved)
{
  int64_t    line   = 0;
  const bool is_any = cn_state_value_integer(&saved->phrase_line, session->uris, &line);
  return is_any && line >= -CN_TICK_LIMIT && line <= CN_TICK_LIMIT ? (int32_t)line : CN_GIVEN_OPEN;
}

/// Go on from the file of the session, as it was then; sessions that know of none had none
static void
restore_phrase(const CnSession* const session, const Saved* const saved, const Paths* const paths)
{
  const char* const   told   = cn_state_value_text(&saved->phrase, session->uris, CN_PATH_SIZE);
  const bool          is_any = told && *told && strcmp(told, NO_PHRASE) != 0;
  const CnStateValue* file   = &saved->phrase_file;
  char* const mapped = is_any && paths->map ? paths->map->absolute_path(paths->map->handle, told) : NULL;
  cn_phrase_slot_restore(session->phrase,
                         mapped   ? mapped
                         : is_any ? told
                                  : "",
                         file->body, file->body && file->size > 1 ? file->size : 0,
                         find_line(session, saved));
  if (mapped) {
    free_path(paths, mapped);
  }
}

/// Mention it if the music will go on in another way than the musician remembers
static void
compare_weights(const CnSession* const session, const CnStateValue* const weights)
{
  int64_t saved = 0;
  if (cn_state_value_integer(weights, session->uris, &saved) &&
      (uint64_t)saved != cn_model_slot_id(session->slot)) {
    lv2_log_warning(session->logger,
                    "continuo: the session was saved with other weights; the notes will differ\n");
  }
}

static LV2_State_Status
restore_take(const CnSession* const session, const CnStateValue* const take)
{
  char fault[128] = "";
  if (!take->body || !cn_engine_restore(session->engine, take->body, take->size, CN_FAULT(fault))) {
    return LV2_STATE_SUCCESS;
  }
  lv2_log_error(session->logger, "continuo: the saved take is left out: %s\n", fault);
  return LV2_STATE_ERR_UNKNOWN;
}

static void
clear(Saved* const saved)
{
  cn_state_value_clear(&saved->weights);
  cn_state_value_clear(&saved->model);
  cn_state_value_clear(&saved->file);
  cn_state_value_clear(&saved->network);
  cn_state_value_clear(&saved->phrase);
  cn_state_value_clear(&saved->phrase_file);
  cn_state_value_clear(&saved->phrase_line);
  cn_state_value_clear(&saved->take);
}

LV2_State_Status
cn_state_restore(const CnSession* const session, const LV2_State_Retrieve_Function retrieve,
                 const LV2_State_Handle handle, const LV2_Feature* const* const features)
{
  const Paths      paths = find_paths(features);
  Saved            saved = {0};
  LV2_State_Status statuses[3];
  statuses[0] = retrieve_all(session, retrieve, handle, &saved);
  statuses[1] = sift(session, &saved);
  if (saved.weights.body || saved.model.body || saved.network.body) {
    restore_model(session, &saved, &paths);
  }
  compare_weights(session, &saved.weights);
  if (saved.phrase.body || saved.take.body) {
    restore_phrase(session, &saved, &paths);
  }
  statuses[2] = restore_take(session, &saved.take);
  clear(&saved);
  return first(statuses, sizeof(statuses) / sizeof(statuses[0]));
}
