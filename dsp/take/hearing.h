// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file hearing.h
   The engine's ear: what the player's notes do to the take.

   A note that is in the take already, give or take a tick, is heard again, and changes nothing.  Any
   other overwrites: from its onset on, what the take holds and this pass has not heard is forgotten,
   on the timeline too.  Likewise a note that ends elsewhere than before, from where that shows; but
   the end of a note that the transport's halt brings about is no change.

   Where the continuation takes over from the player (#CN_ROLE_CONTINUE) it stops there.  In all other roles
   the segments whose cut is past stand, but for the keys that the player strikes himself.
*/

#ifndef CN_HEARING_H
#define CN_HEARING_H

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/take/command.h"
#include "dsp/take/take.h"
#include "dsp/take/timeline.h"

#include <stdbool.h>
#include <stdint.h>

/// A player's note that still sounds
typedef struct {
  bool    is_open;
  bool    is_recalled; ///< It was in the take before; what it did then stands until it differs
  bool    is_released; ///< Recalled, and released early, at `end`: a change unless the transport halts
  uint8_t channel;     ///< 0..15
  int32_t onset;       ///< [ticks] in the take
  int32_t end;         ///< [ticks]
} CnOpenNote;

/// The ear's memory, with the take
typedef struct {
  CnTake      take;
  CnTimeline* timeline; ///< Borrowed
  CnRole      role;     ///< How the continuation plays with the player
  bool        hold;     ///< Nothing is heard
  uint32_t    pass;     ///< Number of the pass of the transport over the song, from 1
  CnOpenNote  open[128];
} CnHearing;

/// Prepare to hear; `timeline` is borrowed.  #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.  Thread: INIT
CnStatus
cn_hearing_init(CnHearing* hearing, CnTimeline* timeline);

/// Free what it holds; one of all zeros is allowed.  Thread: INIT
void
cn_hearing_clear(CnHearing* hearing);

/// The transport rolls anew: all may be heard again.  Thread: ENGINE
void
cn_hearing_begin_pass(CnHearing* hearing);

/// Hear a #CN_COMMAND_ON.  Thread: ENGINE
void
cn_hearing_on(CnHearing* hearing, const CnCommand* command);

/// Hear a #CN_COMMAND_OFF.  Thread: ENGINE
void
cn_hearing_off(CnHearing* hearing, const CnCommand* command);

/// Hear nothing more after `tick` [ticks]: the player's notes end there.  Thread: ENGINE
void
cn_hearing_halt(CnHearing* hearing, int32_t tick);

/// Hear otherwise from now on, as a #CN_COMMAND_MODE says.  Thread: ENGINE
void
cn_hearing_set_mode(CnHearing* hearing, const CnCommand* command);

/**
   Fit a note of the continuation to those that the player struck after the cut.

   @param cut [ticks] of the note's segment.
   @return [ticks] where the note is to end; its onset: it is not to sound.

   Thread: ENGINE
*/
int32_t
cn_hearing_fit(const CnHearing* hearing, const CnNote* note, int32_t cut);

/// Find out, now that it is `tick` [ticks], what ended elsewhere than before.  Thread: ENGINE
void
cn_hearing_check(CnHearing* hearing, int32_t tick);

#endif // CN_HEARING_H
