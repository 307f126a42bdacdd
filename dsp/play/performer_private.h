// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file performer_private.h
   The inside of a performer, for its files: what passes with time, what begins and ends with the passes of
   the transport, and, on top of both, what the host calls and what a window sees.
*/

#ifndef CN_PERFORMER_PRIVATE_H
#define CN_PERFORMER_PRIVATE_H

#include "dsp/base/attributes.h"
#include "dsp/play/clock.h"
#include "dsp/play/fingers.h"
#include "dsp/play/ledger.h"
#include "dsp/play/listener.h"
#include "dsp/play/notices.h"
#include "dsp/play/performer.h"
#include "dsp/play/sequencer.h"
#include "dsp/take/command.h"
#include "dsp/take/engine.h"
#include "dsp/take/engine_thread.h"

#include <stdbool.h>
#include <stdint.h>

/// [ticks] A playhead this little past a tick is on it: hosts round positions to 1/1920 beats
#define CN_ON_TICK 0.1

/// What was asked for ahead while the transport stands
typedef struct {
  bool     is_valid;
  int32_t  tick;    ///< [ticks] where the transport stands
  uint32_t planner; ///< Serial number of the planner
  uint32_t edition; ///< Of the take
  uint32_t take;    ///< Number of the performance
  uint8_t  role;    ///< CnRole
  uint8_t  turn;    ///< [bars]
  CnRules  rules;   ///< What is asked for
} CnPreroll;

/// Keys that were down as the pass began, and are to be heard in it
typedef struct {
  bool    is_due;
  double  first; ///< [ticks] The earliest that one of them can belong to
  double  tick;  ///< [ticks] where the pass begins
  int64_t frame; ///< [frames] of the stream there
} CnCarry;

/// The last jump back that was taken for a slip: one that comes again is a loop
typedef struct {
  bool   is_valid;
  double from; ///< [ticks]
  double to;   ///< [ticks]
} CnJumpBack;

/// All that the audio thread owns; what each block looks at lies together, and the large arrays at the ends
struct CnPerformer {
  CnFingers       fingers;
  CnListener      listener;
  CnEngine*       engine; ///< Shared: its inbox is written here, its timeline read
  CnEngineThread* thread; ///< Null if the engine is run from here or by cn_performer_sync() only
  CnNotices       notices;
  CnPreroll       preroll;
  CnCarry         carry;
  CnJumpBack      last_jump;
  CnControls      controls;           ///< Of this block
  CnParams        params;             ///< Of this block
  CnRole          told_role;          ///< That the engine knows of
  CnControls      asked;              ///< The controls as the host has them
  uint8_t         turn;               ///< Whose it is, by foot
  bool            foot_hold;          ///< The foot has switched hold
  bool            foot_new;           ///< The foot has asked for a new take
  bool            is_down[CN_N_FEET]; ///< By CnFoot
  bool            told_hold;          ///< That the engine knows of
  CnCommand       told_song;          ///< That the engine knows of; of no kind: it knows nothing
  uint8_t         told_lead[2];       ///< That the engine knows of: CnRules.chord_keys, chord_at
  bool            is_anew;            ///< Nothing has run since activation
  bool            was_new_take;       ///< The control in the last block
  double          rate;               ///< [frames a second]
  int64_t         start;              ///< [frames] of the stream where this block starts
  uint32_t        n_frames;           ///< Length of this block
  uint32_t        n_before;           ///< Length of the block before
  bool            is_asking;          ///< The engine was told more than what sounds since it was called
  bool            is_pressing;        ///< Some of that has no time
  bool            is_watching;        ///< It is to look ahead once more
  bool            is_synced;          ///< The host waits for the engine after each block
  int64_t         unread;             ///< [frames] for which its inbox has not been empty
  bool            is_woken;           ///< Its thread was woken in this block
  bool            is_offline;         ///< The host renders: the engine runs inline, and nothing is late
  uint32_t        now;                ///< [frames] of this block up to which all is played
  int32_t close;  ///< [ticks] of the bar line up to which it plays on after Play went off; INT32_MIN: none
  int32_t cursor; ///< [ticks] the next that the playhead visits

  CnSequencer sequencer;
  CnLedger    ledger;
  CnClock     clock;
};

// Time

/// Run the engine here and now, if it would come too late otherwise.  Thread: AUDIO
CN_AUDIO void
cn_performer_run_inline(CnPerformer* self);

/// See that all that one event brings finds room in the engine's inbox.  Thread: AUDIO
CN_AUDIO void
cn_performer_make_room(CnPerformer* self);

/// [s] within which the engine's thread is to look what it is asked that is due a lead later; 0 or less: at
/// once.  Thread: AUDIO
CN_AUDIO double
cn_performer_patience(const CnPerformer* self);

/// Tell the engine something that acts at once.  Thread: AUDIO
CN_AUDIO void
cn_performer_tell(CnPerformer* self, const CnCommand* command);

/// Ask for a segment that is due at once; again: its cut is past.  Thread: AUDIO
CN_AUDIO void
cn_performer_ask(CnPerformer* self, int32_t segment, bool again);

/// True if the continuation may sound.  Thread: AUDIO
CN_AUDIO bool
cn_performer_is_audible(const CnPerformer* self);

/// True if the engine composes while run() waits for it: its thread would come too late.  Thread: AUDIO
CN_AUDIO bool
cn_performer_is_inline(const CnPerformer* self);

/// Tell the engine what has begun to sound.  Thread: AUDIO
CN_AUDIO void
cn_performer_tell_struck(CnPerformer* self);

/// [ticks] up to where this block is played.  Thread: AUDIO
CN_AUDIO double
cn_performer_tick(const CnPerformer* self);

/// Visit the next tick; not heard: nothing begins there.  Thread: AUDIO
CN_AUDIO void
cn_performer_visit(CnPerformer* self, bool heard);

/// The musician struck a key at a tick: leave everything, or just this key, to him.  Thread: AUDIO
CN_AUDIO void
cn_performer_make_way(CnPerformer* self, int32_t tick, uint8_t pitch);

// Passes

/// Begin to visit ticks from where the clock is; no key that is down belongs before `first` [ticks].
/// Thread: AUDIO
CN_AUDIO void
cn_performer_begin_pass(CnPerformer* self, double first);

/// End all that sounds, as the transport leaves the place `tick` [ticks].  Thread: AUDIO
CN_AUDIO void
cn_performer_halt(CnPerformer* self, double tick);

/**
   [ticks] The earliest place of keys that are down as the transport rolls from now on.

   @param was_told It stood at a place, or free ran, before.
   @param tick [ticks] of that place.

   Thread: AUDIO
*/
CN_AUDIO double
cn_performer_first_place(const CnPerformer* self, bool was_told, double tick);

/// Follow the transport, which rolls on, from `tick` [ticks] to where it is, if that is a slip of the host's;
/// else false. Thread: AUDIO
CN_AUDIO bool
cn_performer_follow_slip(CnPerformer* self, double tick);

/// Hear the keys that are down since before the pass began.  Thread: AUDIO
CN_AUDIO void
cn_performer_carry_keys(CnPerformer* self);

/// While the transport stands, ask for the segments that it would miss the cuts of when it starts.
/// Thread: AUDIO
CN_AUDIO void
cn_performer_prepare_start(CnPerformer* self);

#endif // CN_PERFORMER_PRIVATE_H
