// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file performer.h
   The audio thread's half of Continuo: listens, keeps time, and plays the take.

   A performer owns everything that the audio thread touches: the musical clock, the listener, the
   sequencer with its ledger of sounding notes, and its ends of the rings to the engine.  The host side
   (the plugin, or a test) feeds it one block at a time:

       cn_performer_begin(performer, &controls, &sink, n_frames);
       ... cn_performer_position() and cn_performer_midi() in order of their frames ...
       cn_performer_end(performer);
       cn_performer_wake(performer);

   and gets MIDI messages through a CnMidiSink, in order of frames, inside the block.
*/

#ifndef CN_PERFORMER_H
#define CN_PERFORMER_H

#include "dsp/base/attributes.h"
#include "dsp/compose/plan.h"
#include "dsp/part/sheet.h"
#include "dsp/play/notices.h"
#include "dsp/play/position.h"
#include "dsp/play/sink.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct CnEngine    CnEngine;
typedef struct CnPerformer CnPerformer;

/// What a MIDI controller may do when it goes down, as a pedal does
typedef enum {
  CN_FOOT_TURN,     ///< Hand over: the continuation plays until the next time, then the musician
  CN_FOOT_NEW_TAKE, ///< Begin a new take
  CN_FOOT_HOLD,     ///< Switch hold
  CN_FOOT_PANIC,    ///< End all that sounds
} CnFoot;

#define CN_N_FEET 4

/// The knobs, latched at the start of each block; any value is accepted, nonsense is clamped
typedef struct {
  bool         enabled;      ///< False: bypassed; the musician's notes still pass
  bool         freewheeling; ///< True: the host renders offline, the engine runs inline and nothing is late
  bool         play;         ///< False: listen, but do not play
  bool         thru;         ///< Pass the musician's notes through
  float        temperature;  ///< Of the sampling
  float        top_p;        ///< Nucleus of the sampling
  float        motif;        ///< Share of bars with repeated motifs
  int          take;         ///< Number of the performance, 1..999
  CnRole       role;         ///< How to play with the musician; a change acts from the next segment on
  int          answer_bars;  ///< [bars] of a turn of #CN_ROLE_ANSWER, 1..CN_ANSWER_BARS_MAX
  bool         hold;         ///< Freeze the take: no knob and no note of the musician's changes what stands
  bool         new_take; ///< As it turns true, the music from the next segment on is forgotten, and made anew
  float        tempo;    ///< [quarters a minute] where the host has no transport; 0: CN_FREE_BPM
  CnTimingMode timing;   ///< When the notes come; a change acts from the next segment on
  CnEntry      entry;    ///< Where it takes over; a change acts from the next segment on
  int          channel;  ///< MIDI channel of the continuation, 1..16; else that of the musician's last note
  int          chord;    ///< 0: any; else 1 + root + 12 * quality, see chord.h
  uint8_t feet[CN_N_FEET]; ///< Number of each MIDI controller by CnFoot; 0: none.  It is heard by nobody else
  CnRules rules;           ///< What is asked for; changes act from the next segment on
} CnControls;

/**
   Make a performer and its engine.

   The engine has no planner yet: it listens and stays silent until cn_engine_set_planner().

   @param rate [frames a second], above 0.
   @param threaded True: the engine runs in a thread of its own; false: only inline or by
   cn_performer_sync(), for offline use.
   @return Null if memory or a thread could not be had.

   Thread: INIT
*/
CnPerformer*
cn_performer_new(double rate, bool threaded);

/// Free a performer, its engine and the engine's thread; null is allowed.  Thread: INIT
void
cn_performer_free(CnPerformer* performer);

/// The engine behind a performer, for setting its planner.  Thread: ANY
CnEngine*
cn_performer_engine(CnPerformer* performer);

/**
   Forget the pass, as on activate(); what sounds ends as the next block begins.

   A transport that the host has told is still known, as some hosts tell changes only.

   Thread: INIT
*/
void
cn_performer_reset(CnPerformer* performer);

/**
   Begin a block of `n_frames` frames, which may be 0.

   @param controls Null: as in the block before.
   @param sink Borrowed until cn_performer_end().

   Thread: AUDIO
*/
CN_AUDIO void
cn_performer_begin(CnPerformer* performer, const CnControls* controls, const CnMidiSink* sink,
                   uint32_t n_frames);

/// Tell a transport position that holds from `frame` of this block on.  Thread: AUDIO
CN_AUDIO void
cn_performer_position(CnPerformer* performer, uint32_t frame, const CnPosition* position);

/// Tell a MIDI message that arrives at `frame` of this block.  Thread: AUDIO
CN_AUDIO void
cn_performer_midi(CnPerformer* performer, uint32_t frame, const uint8_t* message, uint32_t size);

/// Play to the end of the block.  Thread: AUDIO
CN_AUDIO void
cn_performer_end(CnPerformer* performer);

/**
   Wake the engine's thread for what it is asked, and at times for what it is told of the notes that sound.

   Best called when all else of the block is done: on a core that both threads share the engine begins at
   once, and leaves the caches cold.

   Thread: AUDIO
*/
CN_AUDIO void
cn_performer_wake(CnPerformer* performer);

/// True while a generated note sounds or the take is being played.  Thread: AUDIO
CN_AUDIO bool
cn_performer_playing(const CnPerformer* performer);

/// Write down where a sheet differs from what is known of the take's, as one edit.  Thread: AUDIO
CN_AUDIO void
cn_performer_set_sheet(CnPerformer* performer, const CnSheet* known, const CnSheet* sheet);

/// Take back the latest edit of the sheet.  Thread: AUDIO
CN_AUDIO void
cn_performer_undo(CnPerformer* performer);

/// The key that the musician plays in, as last heard: CN_KEY_NONE or its number, see scale.h.  Thread: AUDIO
CN_AUDIO int
cn_performer_key(const CnPerformer* performer);

/// What there is to tell, as bits of 1 << CnNotice; those about limits stay.  Thread: AUDIO
CN_AUDIO unsigned
cn_performer_notices(const CnPerformer* performer);

/// Number of notes that came too late to be played, since activation.  Thread: AUDIO
CN_AUDIO uint32_t
cn_performer_late_notes(const CnPerformer* performer);

/**
   Wait until the engine has planned all that it was asked for.

   For offline hosts and tests that run faster than real time without freewheeling.

   Thread: WORKER
*/
void
cn_performer_sync(CnPerformer* performer);

#endif // CN_PERFORMER_H
