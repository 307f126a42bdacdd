// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file model_slot.h
   Which model plays, and its change while the music goes on.

   A file that cannot be read leaves the playing model in place, but stays the one that was asked for:
   it is saved with the session, as its disk may be there again the next time.
*/

#ifndef CN_MODEL_SLOT_H
#define CN_MODEL_SLOT_H

#include "model_file.h"

#include "dsp/attributes.h"
#include "dsp/engine.h"

#include <lv2/log/logger.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CN_MODEL_DEFAULT "models/default.safetensors" ///< In the bundle
#define CN_MODEL_PATH_SIZE 4096U                      ///< [bytes] of the longest path, with its null

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
  bool                is_default; ///< The bundle's own
  uint32_t            size;       ///< [bytes] of `path`, with its null
  char                path[];
} CnModelName;

typedef struct {
  // Set before the audio starts
  CnEngine*       engine; ///< Borrowed
  LV2_Log_Logger* logger; ///< Borrowed
  char            default_path[CN_MODEL_PATH_SIZE];

  pthread_mutex_t       mutex; ///< Of the file, and of changing the name; never in AUDIO
  CnModelFile           file;  ///< Plays
  _Atomic(CnModelName*) name;  ///< Null only if memory could not be had

  // A letter from the audio thread to the worker
  atomic_bool is_posted; ///< The letter is the worker's, otherwise the audio thread's
  char        letter[CN_MODEL_PATH_SIZE];
} CnModelSlot;

/// Load the bundle's model, or log why it cannot be.  Thread: INIT
void
cn_model_slot_init(CnModelSlot* slot, CnEngine* engine, LV2_Log_Logger* logger, const char* bundle);

/// Free all; the engine must be gone.  Thread: INIT
void
cn_model_slot_clear(CnModelSlot* slot);

/// Load a model and let it play, or log why it cannot; null: the bundle's.  Thread: WORKER
void
cn_model_slot_load(CnModelSlot* slot, const char* path);

/// The model that was asked for last; null if there is none.  Thread: AUDIO
CN_AUDIO const CnModelName*
cn_model_slot_name(const CnModelSlot* slot);

/// Identity of the model that plays (CnPlanner's id), 0 for none.  Thread: WORKER
uint64_t
cn_model_slot_id(CnModelSlot* slot);

/**
   Ask for a model by a letter, which cn_model_slot_work() answers.

   @param path At most CN_MODEL_PATH_SIZE bytes with its null.
   @return False if the last letter has not been read: try again in the next block.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_model_slot_post(CnModelSlot* slot, const char* path);

/// Read the letter, if there is one, and load what it asks for.  Thread: WORKER
void
cn_model_slot_work(CnModelSlot* slot);

#endif // CN_MODEL_SLOT_H
