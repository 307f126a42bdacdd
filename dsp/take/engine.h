// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file engine.h
   The composer's desk: remembers the take, and plans its segments when asked.

   The audio thread tells commands and reads the timeline; one thread at a time runs the engine: its
   own (CnEngineThread), or the audio thread itself while the host renders offline.

   There is one take.  What is heard again where it was heard before, give or take a tick, changes
   nothing, and neither does silence: a locate back plays the same again.  From the first note on that
   differs, the take is overwritten: what the musician and the model had played from there on is
   forgotten.  So whatever the timeline holds fits what the engine remembers, and may sound at once
   after a locate.

   A segment is kept as long as all that it is a function of is the same: the past, as a hash, and
   the parameters and metre at its place.  If it comes out different, all later segments are forgotten.

   A new take (#CN_COMMAND_ANEW, and another edition) forgets what the engine composed from some segment
   on, and composes it anew as if the take had another number.  What the musician played stands, and so
   does the music before, in its old edition.  A held take (#CN_COMMAND_MODE) stands whatever is played
   or turned; only where it has nothing yet it is composed.
*/

#ifndef CN_ENGINE_H
#define CN_ENGINE_H

#include "dsp/base/attributes.h"
#include "dsp/base/fault.h"
#include "dsp/base/ring.h"
#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/music/score.h"
#include "dsp/part/given_phrase.h"
#include "dsp/part/sheet.h"
#include "dsp/part/timeline.h"
#include "dsp/take/command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Each new take is as if the number of the take were this much higher; the knob ends before
#define CN_EDITION_TAKES 1000

/// Each other way to play a bar is as if the number of the take were this much higher
#define CN_ANOTHER_TAKES 1000000007U

typedef struct CnEngine CnEngine;

/// Make an engine that has heard nothing and has no planner; null if out of memory.  Thread: INIT
CnEngine*
cn_engine_new(void);

/// Free an engine; null is allowed.  Thread: INIT
void
cn_engine_free(CnEngine* engine);

/**
   Set the planner from now on.

   Lets it hear the take before, as that takes a network a while; then waits until the engine is done with
   the old one, which may be freed after that.  Sounding notes end as planned; segments are planned anew if
   the planner's id is another.

   @param planner Copied; its handle is borrowed until another planner is set.  Null: none.
   @return #CN_STATUS_SUCCESS, or #CN_STATUS_BAD_ARG if it has no plan function.

   Thread: WORKER
*/
CnStatus
cn_engine_set_planner(CnEngine* engine, const CnPlanner* planner);

#define CN_GIVEN_OPEN INT32_MIN ///< No bar line

/**
   Go on from a phrase that is given, as if the musician had just played it, and nothing before.

   It lies where the transport first rolls from now on: the bar in which it ends is that in which the roll
   begins. There it stays, so that what was heard is what is exported, until a phrase is set anew, or a new
   take begins there or before.  Segments from there on are planned anew where they are due, unless the take
   is held.  The phrase is no part of the take that is saved.

   @param phrase Borrowed until another is set.  Null: none.
   @param line [ticks] of the bar line where its last bar begins, if it has its place already, or
   CN_GIVEN_OPEN.

   Thread: WORKER
*/
void
cn_engine_set_phrase(CnEngine* engine, const CnGivenPhrase* phrase, int32_t line);

/// [ticks] of the bar line where the last bar of the given phrase begins; CN_GIVEN_OPEN: it has no place yet.
/// Thread: WORKER
int32_t
cn_engine_given_line(CnEngine* engine);

/**
   Write down the take: what was heard, what was composed, and what it is a function of.

   Safe while the engine is at work; obeys what it was told before.

   @param[out] data (size) bytes, never 0, to be freed with free(); null on failure.
   @return #CN_STATUS_SUCCESS or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_engine_save(CnEngine* engine, uint8_t** data, size_t* size);

/**
   Put the take back that cn_engine_save() wrote; the present one is lost.

   Safe while the engine is at work.  On failure everything is as it was.  To hear the same notes, set the
   planner before anything is planned.

   @param data (size) bytes from anywhere.
   @param[out] fault What is wrong, in words; empty on success.  May be null.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_SYNTAX, #CN_STATUS_TRUNCATED, #CN_STATUS_BAD_VALUE,
   #CN_STATUS_UNSUPPORTED for a later version, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_engine_restore(CnEngine* engine, const uint8_t* data, size_t size, CnFault fault);

/**
   The take as a score: the musician's notes, and the continuation's as they sounded.

   Where the host had no transport, the score begins with the bar of the first note; otherwise with
   the song, and what lies before bar 1 is left out.  Tempi and metres are those that
   the transport rolled with, wherever it did.  What was composed and never came to sound is left out, unless
   it is held.

   @param[out] score To be freed with cn_score_free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NOT_FOUND if there are no notes, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_engine_score(CnEngine* engine, CnScore** score);

/**
   A part of that, see cn_score_part(): in the song if it begins there, else in the free performance.

   @param from [ticks] of the engine, as is `to`.
   @param[out] part To be freed with cn_score_free(); null on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_NOT_FOUND if no note begins there, #CN_STATUS_BAD_ARG if it is no
   range, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_engine_score_part(CnEngine* engine, int32_t from, int32_t to, CnScore** part);

/// A number that changes when the planner or the given phrase does, or the take is restored.  Thread: AUDIO
CN_AUDIO uint32_t
cn_engine_planner_serial(const CnEngine* engine);

/// Hear no sheet that is told before the command is obeyed that was pushed last.  Thread: AUDIO
CN_AUDIO void
cn_engine_await_sheet(CnEngine* engine);

/**
   Hear what is written down for bars, if it has changed since this was asked last.

   @param[out] sheet Set if so.
   @return False if it has not changed, or the engine has not come to telling it.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_engine_hear_sheet(CnEngine* engine, CnSheet* sheet);

/// The key that the musician plays in, as heard at the last cut: CN_KEY_NONE or its number, see scale.h.
/// Thread: ANY
CN_AUDIO int
cn_engine_key(const CnEngine* engine);

/// How often a new take was asked for.  Thread: ANY
CN_AUDIO uint32_t
cn_engine_edition(const CnEngine* engine);

/// Compose another edition of the take from now on.  Thread: AUDIO
CN_AUDIO void
cn_engine_add_edition(CnEngine* engine);

/// True if the take holds no notes, and no phrase is given.  Thread: AUDIO
CN_AUDIO bool
cn_engine_is_blank(const CnEngine* engine);

/// True if the take had more notes than it can remember.  Thread: AUDIO
CN_AUDIO bool
cn_engine_has_forgotten(const CnEngine* engine);

/// Where the audio thread pushes CnCommand records.  Thread: ANY
CN_AUDIO CnRing*
cn_engine_inbox(CnEngine* engine);

/// What the engine has planned.  Thread: ANY
CN_AUDIO const CnTimeline*
cn_engine_timeline(const CnEngine* engine);

/// Obey all commands in the inbox; waits while another thread runs the engine.  Thread: ENGINE
void
cn_engine_run(CnEngine* engine);

/// Obey all commands in the inbox, unless another thread runs the engine: that one obeys them, some time.
/// Thread: ENGINE
void
cn_engine_try_run(CnEngine* engine);

/// True if all commands so far have been obeyed.  Thread: ANY
bool
cn_engine_is_idle(const CnEngine* engine);

#endif // CN_ENGINE_H
