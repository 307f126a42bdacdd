// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file engine.h
   The composer's desk: remembers the take, and plans its segments when asked.

   The audio thread tells commands and reads the timeline; one thread at a time runs the engine: its
   own (CnEngineThread), or the audio thread itself while the host renders offline.

   There is one take.  What is heard again where it was heard before, give or take a tick, changes
   nothing, and neither does silence: a locate back plays the same again.  From the first note on that
   differs, the take is overwritten: what the player and the model had played from there on is
   forgotten.  So whatever the timeline holds fits what the engine remembers, and may sound at once
   after a locate.

   A segment is kept as long as all that it is a function of is the same: the past, as a hash, and
   the parameters and metre at its place.  If it comes out different, all later segments are forgotten.
*/

#ifndef CN_ENGINE_H
#define CN_ENGINE_H

#include "attributes.h"
#include "command.h"
#include "plan.h"
#include "ring.h"
#include "status.h"
#include "timeline.h"

#include <stdbool.h>
#include <stdint.h>

/// [ticks] from the end of the player's last note to the start of the continuation, at least
#define CN_REST_TICKS 24

typedef struct CnEngine CnEngine;

/// Make an engine that has heard nothing and has no planner; null if out of memory.  Thread: INIT
CnEngine*
cn_engine_new(void);

/// Free an engine; null is allowed.  Thread: INIT
void
cn_engine_free(CnEngine* engine);

/**
   Set the planner from now on.

   Waits until the engine is done with the old one, which may be freed after that.  Sounding notes
   end as planned; segments are planned anew if the planner's id is another.

   @param planner Copied; its handle is borrowed until another planner is set.  Null: none.
   @return #CN_STATUS_SUCCESS, or #CN_STATUS_BAD_ARG if it has no plan function.

   Thread: WORKER
*/
CnStatus
cn_engine_set_planner(CnEngine* engine, const CnPlanner* planner);

/// A number that changes when the planner does.  Thread: AUDIO
CN_AUDIO uint32_t
cn_engine_planner_serial(const CnEngine* engine);

/// Where the audio thread pushes CnCommand records.  Thread: ANY
CN_AUDIO CnRing*
cn_engine_inbox(CnEngine* engine);

/// What the engine has planned.  Thread: ANY
CN_AUDIO const CnTimeline*
cn_engine_timeline(const CnEngine* engine);

/// Obey all commands in the inbox; waits while another thread runs the engine.  Thread: ENGINE
void
cn_engine_run(CnEngine* engine);

/// True if all commands so far have been obeyed.  Thread: ANY
bool
cn_engine_is_idle(const CnEngine* engine);

#endif // CN_ENGINE_H
