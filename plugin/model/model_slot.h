// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model_slot.h
   Which model plays, and its change while the music goes on.

   The bundle has several models, of which a control chooses one by its number.  A file that the user
   chooses goes before them, until he chooses none.

   A file that cannot be read leaves the playing model in place, but stays the one that was asked for:
   it is saved with the session, as its disk may be there again the next time.
*/

#ifndef CN_MODEL_SLOT_H
#define CN_MODEL_SLOT_H

#include "plugin/file/letter.h"
#include "plugin/model/model_cache.h"
#include "plugin/model/model_file.h"

#include "dsp/base/attributes.h"
#include "dsp/take/engine.h"

#include <lv2/log/logger.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// Models of the bundle; values of the port "network"
enum {
  CN_NETWORK_CONTINUO, ///< models/default.safetensors.zst
  CN_NETWORK_NOTEBOOK, ///< models/notebook.safetensors.zst: the system that this project grew from
};

#define CN_N_NETWORKS 2

/// What became of a model that was asked for; values of the port "model_status"
typedef enum {
  CN_MODEL_PLAYS,   ///< It plays
  CN_MODEL_REFUSED, ///< Another plays on, as its file is missing or bad
  CN_MODEL_NONE,    ///< None plays
} CnModelStatus;

/// A model that was asked for; never changes, and lives as long as the slot
typedef struct CnModelName {
  struct CnModelName* previous; ///< The one that was asked for before
  CnModelStatus       status;
  bool                is_own;                   ///< The bundle's, by the number of its network
  uint32_t            size;                     ///< [bytes] of `path`, with its null
  char                card[CN_MODEL_CARD_SIZE]; ///< What the model that plays says of itself
  char                path[];
} CnModelName;

typedef struct {
  // Set before the audio starts
  CnEngine*       engine;                                ///< Borrowed
  LV2_Log_Logger* logger;                                ///< Borrowed
  char            own_path[CN_N_NETWORKS][CN_PATH_SIZE]; ///< Of the bundle's models

  pthread_mutex_t mutex;            ///< Of the file and network, and of changing the name; never in AUDIO
  CnModelFile     file;             ///< Plays
  int             network;          ///< Of the bundle, if no file is chosen
  uint64_t known_as[CN_N_NETWORKS]; ///< Identities that the session knows the bundle's by; 0: their own
  _Atomic(CnModelName*) name;       ///< Null only if memory could not be had

  atomic_int wanted; ///< Network that was asked for last, by the audio thread or a session

  CnLetter letter; ///< Asks for a file, or with an empty path for the bundle's
} CnModelSlot;

/// True if a text has the look of a name that cn_model_own_name() gives, and is no path.  Thread: ANY
bool
cn_model_is_own(const char* text);

/// Name of a network of the bundle, for a session to remember; static.  Thread: ANY
const char*
cn_model_own_name(int network);

/// Network of that name, -1 if the bundle has none.  Thread: ANY
int
cn_model_own_number(const char* name);

/// Load the bundle's model, or log why it cannot be.  Thread: INIT
void
cn_model_slot_init(CnModelSlot* slot, CnEngine* engine, LV2_Log_Logger* logger, const char* bundle);

/// Free all; the engine must be gone.  Thread: INIT
void
cn_model_slot_clear(CnModelSlot* slot);

/**
   Find the file that a path means.

   The bundle's models had other names before they were compressed, which sessions may have as files that were
   chosen: these mean the ones that are there now.

   @return `path` if it can be read, the path of a model of the bundle, or null.

   Thread: WORKER
*/
const char*
cn_model_slot_find(const CnModelSlot* slot, const char* path);

/**
   Load what a session asks for and let it play, or log why it cannot.

   If a later version has other weights in the bundle, they go by the name of those that the session was saved
   with, so that what was composed stands.

   @param chosen File that is chosen; null: none.
   @param network Of the bundle; a number that it does not have: as it is.
   @param known_as cn_model_slot_id() as it was saved; 0: not known.

   Thread: WORKER
*/
void
cn_model_slot_restore(CnModelSlot* slot, const char* chosen, int network, uint64_t known_as);

/// The bundle's network that plays if no file is chosen.  Thread: WORKER
int
cn_model_slot_network(CnModelSlot* slot);

/// The model that was asked for last; null if there is none.  Thread: AUDIO
CN_AUDIO const CnModelName*
cn_model_slot_name(const CnModelSlot* slot);

/// Path of the model that was asked for last; null if there is none.  Thread: AUDIO
CN_AUDIO const char*
cn_model_slot_path(const CnModelSlot* slot);

/// What became of it.  Thread: AUDIO
CN_AUDIO CnModelStatus
cn_model_slot_status(const CnModelSlot* slot);

/// Identity of the model that plays (CnPlanner's id), as the session knows it, 0 for none.  Thread: WORKER
uint64_t
cn_model_slot_id(CnModelSlot* slot);

/// Ask for another network of the bundle, as a letter does for a file.  Thread: AUDIO
CN_AUDIO void
cn_model_slot_choose(CnModelSlot* slot, int network);

/// Read the letter, if there is one, and load what is asked for.  Thread: WORKER
void
cn_model_slot_work(CnModelSlot* slot);

#endif // CN_MODEL_SLOT_H
