// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file recorder.h
   The engine's ear: what the musician's notes do to the take.

   A note that is in the take already, give or take a tick, is heard again, and changes nothing.  Any
   other overwrites: from its onset on, what the take holds and this pass has not heard is forgotten,
   on the timeline too.  Likewise a note that ends elsewhere than before, from where that shows; but
   the end of a note that the transport's halt brings about is no change.

   A note that a pedal holds, and no finger, ends a bar after the finger rose at the latest: so a pedal that
   is stuck or reversed ends nothing but notes.  A key of another channel is another key; where both are
   struck within a tick, their note is one, and is as long as the longer.

   Where the continuation takes over from the musician (#CN_ROLE_CONTINUE) it stops there.  In all other roles
   the segments whose cut is past stand, but for the keys that the musician strikes himself.
*/

#ifndef CN_RECORDER_H
#define CN_RECORDER_H

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/part/timeline.h"
#include "dsp/take/command.h"
#include "dsp/take/take.h"

#include <stdbool.h>
#include <stdint.h>

/// A musician's note that still sounds
typedef struct {
  bool    is_open;
  bool    is_recalled; ///< It was in the take before; what it did then stands until it differs
  bool    is_lifted;   ///< No finger holds it, but a pedal, from `lift` on
  bool    is_released; ///< Recalled, and released early, at `end`: a change unless the transport halts
  int32_t onset;       ///< [ticks] in the take
  int32_t lift;        ///< [ticks]
  int32_t end;         ///< [ticks]
} CnOpenNote;

/// The ear's memory, with the take
typedef struct {
  CnTake      take;
  CnTimeline* timeline;      ///< Borrowed
  CnRole      role;          ///< How the continuation plays with the musician
  CnRules     rules;         ///< Which keys lead, and are no playing
  bool        hold;          ///< Nothing is heard
  uint32_t    pass;          ///< Number of the pass of the transport over the song, from 1
  CnOpenNote  open[16][128]; ///< By channel and key
} CnRecorder;

/// Prepare to hear; `timeline` is borrowed.  @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.
/// Thread: INIT
CnStatus
cn_recorder_init(CnRecorder* recorder, CnTimeline* timeline);

/// Free what it holds; one of all zeros is allowed.  Thread: INIT
void
cn_recorder_clear(CnRecorder* recorder);

/// The transport rolls anew: all may be heard again.  Thread: ENGINE
void
cn_recorder_begin_pass(CnRecorder* recorder);

/// Hear a #CN_COMMAND_ON.  Thread: ENGINE
void
cn_recorder_on(CnRecorder* recorder, const CnCommand* command);

/// Hear a #CN_COMMAND_OFF.  Thread: ENGINE
void
cn_recorder_off(CnRecorder* recorder, const CnCommand* command);

/// Hear a #CN_COMMAND_LIFT.  Thread: ENGINE
void
cn_recorder_lift(CnRecorder* recorder, const CnCommand* command);

/// Hear nothing more after `tick` [ticks]: the musician's notes end there.  Thread: ENGINE
void
cn_recorder_halt(CnRecorder* recorder, int32_t tick);

/// Hear otherwise from now on, as a #CN_COMMAND_MODE says.  Thread: ENGINE
void
cn_recorder_set_mode(CnRecorder* recorder, const CnCommand* command);

/**
   Fit a note of the continuation to those that the musician struck after the cut.

   @param cut [ticks] of the note's segment.
   @return [ticks] where the note is to end; its onset: it is not to sound.

   Thread: ENGINE
*/
int32_t
cn_recorder_fit(const CnRecorder* recorder, const CnNote* note, int32_t cut);

/// Find out, now that it is `tick` [ticks], what ended elsewhere than before.  Thread: ENGINE
void
cn_recorder_check(CnRecorder* recorder, int32_t tick);

#endif // CN_RECORDER_H
