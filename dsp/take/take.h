// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file take.h
   The notes of a performance, the musician's and the model's, as the engine remembers them.

   They stand in one array by onset, then pitch, then part, so that the history before any tick is its head.
*/

#ifndef CN_TAKE_H
#define CN_TAKE_H

#include "dsp/base/hash.h"
#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_TAKE_NOTES 65536        ///< Most notes remembered; beyond, the oldest eighth is forgotten
#define CN_DURATION_HELD INT32_MAX ///< Duration of a note that still sounds
#define CN_NO_PASS UINT32_MAX      ///< On which nothing was heard

/// The notes; read `notes` and `n_notes`, change them by the functions only
typedef struct {
  uint32_t  n_notes;
  bool      has_forgotten; ///< The oldest eighth, at least once
  CnNote*   notes;         ///< (CN_TAKE_NOTES)
  int32_t*  keys;          ///< (CN_TAKE_NOTES) [ticks] that a finger holds the key; up to the note's duration
  uint32_t* passes;        ///< (CN_TAKE_NOTES) pass on which a musician's note was last heard
} CnTake;

/// Make an empty take.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: INIT
CnStatus
cn_take_init(CnTake* take);

/// Free what a take holds; one of all zeros is allowed.  Thread: INIT
void
cn_take_clear(CnTake* take);

/// Index of the first note with an onset at `tick` or after; `n_notes` if there is none.  Thread: ENGINE
uint32_t
cn_take_find(const CnTake* take, int32_t tick);

/// Index of the musician's note at exactly this onset and pitch; `n_notes` if there is none.  Thread: ENGINE
uint32_t
cn_take_find_played(const CnTake* take, int32_t onset, unsigned pitch);

/// Add a note in its place, heard on `pass`, its key held as long as it sounds.  Thread: ENGINE
void
cn_take_insert(CnTake* take, const CnNote* note, uint32_t pass);

/// Change the duration [ticks] of a note; its key is not held for longer.  Thread: ENGINE
void
cn_take_set_duration(CnTake* take, uint32_t index, int32_t duration);

/// Change how long the key of a note is held [ticks], up to its duration.  Thread: ENGINE
void
cn_take_set_key(CnTake* take, uint32_t index, int32_t held);

/// Forget the model's notes with an onset at `tick` or after.  Thread: ENGINE
void
cn_take_erase_own(CnTake* take, int32_t tick);

/// Forget the model's notes with an onset at `tick` to before `until`.  Thread: ENGINE
void
cn_take_erase_own_between(CnTake* take, int32_t tick, int32_t until);

/// Forget the musician's notes with an onset at `tick` or after that `pass` has not heard.  Thread: ENGINE
void
cn_take_erase_unheard(CnTake* take, int32_t tick, uint32_t pass);

/// Make `take` a copy of another.  Thread: ENGINE
void
cn_take_copy(CnTake* take, const CnTake* from);

/// Copy the model's notes of the segment that begins at `start`; up to CN_SEGMENT_NOTES.  @return Their
/// number. Thread: ENGINE
uint32_t
cn_take_copy_own(const CnTake* take, int32_t start, CnNote* notes);

/// Mix a note into a hash.  Thread: ANY
uint64_t
cn_hash_note(uint64_t hash, const CnNote* note);

#endif // CN_TAKE_H
