// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sound.h
   How a score sounds, beyond its notes: drums, the sounds of channels, the sustain pedal.

   Nothing of it is learnt or continued.  In order: drums by onset, then pitch; programs by tick, each another
   one than its channel had; pedals by channel, then tick, apart from each other.
*/

#ifndef CN_SOUND_H
#define CN_SOUND_H

#include "dsp/base/status.h"
#include "dsp/music/note.h"

#include <stddef.h>
#include <stdint.h>

#define CN_CHANNEL_DRUMS 9 ///< MIDI's channel 10

/// A program that a channel plays from some tick on
typedef struct {
  int32_t tick;    ///< [ticks]
  uint8_t channel; ///< 0..15
  uint8_t program; ///< 0..127, as MIDI has it
} CnProgramChange;

/// The time for which a channel's sustain pedal is down
typedef struct {
  int32_t from;    ///< [ticks]
  int32_t until;   ///< [ticks] later than `from`
  uint8_t channel; ///< 0..15
} CnPedal;

/// All zero is nothing
typedef struct {
  CnNote*          drums; ///< On CN_CHANNEL_DRUMS
  size_t           n_drums;
  CnProgramChange* programs;
  size_t           n_programs;
  CnPedal*         pedals;
  size_t           n_pedals;
} CnSound;

/**
   Copy a sound.

   @param[out] to To be cleared with cn_sound_clear(); nothing on failure.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_sound_copy(const CnSound* from, CnSound* to);

/// Keep what sounds before `end` [ticks]; drums end there, and pedals are lifted.  Thread: WORKER
void
cn_sound_cut(CnSound* sound, int32_t end);

/**
   Let a channel play another program from some tick on.

   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY, which leaves all as it was.

   Thread: WORKER
*/
CnStatus
cn_sound_add_program(CnSound* sound, CnProgramChange change);

/// Bring drums and pedals to order, which may be in any, and thin programs, which are by tick: the last of a
/// channel at one tick counts.  Thread: WORKER
void
cn_sound_sort(CnSound* sound);

/// [ticks] until which a note sounds: to its end, or until the pedal is lifted that holds it then.
/// Thread: ANY
int32_t
cn_sound_end(const CnSound* sound, const CnNote* note);

/// The program of a channel at a tick, or -1 if none is told.  Thread: ANY
int
cn_sound_program(const CnSound* sound, unsigned channel, int32_t tick);

/// Free what a sound holds.  Thread: WORKER
void
cn_sound_clear(CnSound* sound);

#endif // CN_SOUND_H
