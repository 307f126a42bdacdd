// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file phrase_slot.h
   The MIDI file that Continuo goes on from, and its change while the music goes on.

   The file is kept as it was read, so that a session has it whatever becomes of the file.  One that cannot be
   read, or has nothing to go on from, leaves the one before in place; the log says why.
*/

#ifndef CN_PHRASE_SLOT_H
#define CN_PHRASE_SLOT_H

#include "plugin/file/letter.h"

#include "dsp/base/attributes.h"
#include "dsp/base/status.h"
#include "dsp/part/given_phrase.h"
#include "dsp/take/engine.h"

#include <lv2/log/logger.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define CN_PHRASE_FILE_MAX_SIZE ((size_t)4 << 20) ///< [bytes]

/// A path that stood; never changes, and lives as long as the slot
typedef struct CnPhraseName {
  struct CnPhraseName* previous; ///< The one before
  char                 path[];   ///< Empty: no file
} CnPhraseName;

typedef struct {
  // Set before the audio starts
  CnEngine*       engine; ///< Borrowed
  LV2_Log_Logger* logger; ///< Borrowed

  pthread_mutex_t        mutex;      ///< Of all that follows but the letter; never in AUDIO
  CnGivenPhrase          phrases[2]; ///< What the engine goes on from, and room for the next; all zero: none
  CnGivenPhrase*         phrase;     ///< The former
  uint8_t*               data;       ///< (size) bytes of its file; null: none
  size_t                 size;
  _Atomic(CnPhraseName*) name; ///< Null: none was ever chosen

  CnLetter letter; ///< Asks for a file, or with an empty path for none
} CnPhraseSlot;

/// Begin without a file; all must be zero.  Thread: INIT
void
cn_phrase_slot_init(CnPhraseSlot* slot, CnEngine* engine, LV2_Log_Logger* logger);

/// Free all; the engine must be gone.  Thread: INIT
void
cn_phrase_slot_clear(CnPhraseSlot* slot);

/// Path of the file that is gone on from; empty: none; null: none was ever chosen.  Thread: AUDIO
CN_AUDIO const char*
cn_phrase_slot_path(const CnPhraseSlot* slot);

/**
   Copy the bytes of the file that is gone on from.

   @param[out] data (size) bytes, to be freed with free(); null if there are none.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_phrase_slot_copy(CnPhraseSlot* slot, uint8_t** data, size_t* size);

/// Read the letter, if there is one, and go on from what it asks for.  Thread: WORKER
void
cn_phrase_slot_work(CnPhraseSlot* slot);

/**
   Go on from what a session asks for, or log why that cannot be.

   @param path Empty: from no file.
   @param data (size) bytes of the file as it was; of none, it is read.
   @param line As for cn_engine_set_phrase().

   Thread: WORKER
*/
void
cn_phrase_slot_restore(CnPhraseSlot* slot, const char* path, const uint8_t* data, size_t size, int32_t line);

#endif // CN_PHRASE_SLOT_H
