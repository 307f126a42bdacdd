// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file smf_events.h
   What a MIDI file tells, still at the times of the file; private to the reader.

   File time counts the units of the file's division from the start of its tracks.
*/

#ifndef CN_SMF_EVENTS_H
#define CN_SMF_EVENTS_H

#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stddef.h>
#include <stdint.h>

/// A note at file times
typedef struct {
  int64_t on;
  int64_t off;
  uint8_t pitch;
  uint8_t velocity;
  uint8_t channel;
  uint8_t part; ///< CnPart
  int64_t cut;  ///< Where it would end if each strike ended the one before; -1: nowhere yet
  size_t  next; ///< 1 + index of the next note of its key in its track, or 0
} CnSmfNote;

/// A tempo [microseconds a quarter], a metre (numerator * 256 + denominator), or what is told of a channel
typedef struct {
  int64_t  time;     ///< File time
  size_t   order;    ///< In the file: the last at its time counts
  double   position; ///< [ticks] of a tempo, once placed
  uint32_t value;
} CnSmfChange;

typedef struct {
  CnSmfChange* items;
  size_t       n;
  size_t       capacity;
} CnSmfChanges;

/// All that matters of a file; all zero is empty
typedef struct {
  CnSmfNote*   notes;
  size_t       n_notes;
  size_t       notes_capacity;
  CnSmfChanges tempi;
  CnSmfChanges meters;
  CnSmfChanges pedals;   ///< channel * 256 + value of controller 64
  CnSmfChanges programs; ///< channel * 256 + program
  int64_t      end;      ///< Latest file time
  double       unit;     ///< [seconds] of one unit of file time if the division is SMPTE, else 0
  CnScoreInfo  info;     ///< What the reader counts itself
} CnSmfEvents;

/// Append a note; #CN_STATUS_NO_MEMORY leaves all as it was.  @return #CN_STATUS_SUCCESS or
/// #CN_STATUS_NO_MEMORY.  Thread: WORKER
CnStatus
cn_smf_events_add_note(CnSmfEvents* events, CnSmfNote note);

/// Append a tempo or metre; #CN_STATUS_NO_MEMORY leaves all as it was.  @return #CN_STATUS_SUCCESS or
/// #CN_STATUS_NO_MEMORY.  Thread: WORKER
CnStatus
cn_smf_events_add_change(CnSmfChanges* changes, int64_t time, uint32_t value);

/**
   Turn file times into ticks, and events into a score.

   @param events Their tempi and metres are brought in order.
   @param[out] score To be freed with cn_score_free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NO_MEMORY, or #CN_STATUS_TOO_LARGE if anything lies beyond
   CN_SCORE_TICKS_MAX.

   Thread: WORKER
*/
CnStatus
cn_smf_events_score(CnSmfEvents* events, CnScore** score);

/// Bring what changes to order but for pedals, and find out where the tempi lie.  Thread: WORKER
void
cn_smf_events_place(CnSmfEvents* events);

/// Position of a file time [ticks], once all is in its place.  Thread: WORKER
double
cn_smf_events_locate(const CnSmfEvents* events, int64_t time);

/// The tick nearest to that; a half goes up.  Thread: WORKER
int32_t
cn_smf_events_tick(const CnSmfEvents* events, int64_t time);

/**
   Make the sound of the events: drums, programs and pedals, once all is in its place.

   @param events Their pedals are brought in order.
   @param[in,out] end [ticks] where pedals are lifted that are never; later if a drum sounds beyond.
   @param[out] sound To be cleared with cn_sound_clear(); nothing on failure.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_smf_events_sound(CnSmfEvents* events, int32_t* end, CnSound* sound);

/// Free what events own.  Thread: WORKER
void
cn_smf_events_clear(CnSmfEvents* events);

#endif // CN_SMF_EVENTS_H
