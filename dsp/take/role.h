// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file role.h
   Ways of playing with someone: when a role may play, as a function of the past and the bars alone.
*/

#ifndef CN_ROLE_H
#define CN_ROLE_H

#include "dsp/base/attributes.h"
#include "dsp/compose/plan.h"
#include "dsp/take/command.h"
#include "dsp/take/past.h"

#include <stdbool.h>
#include <stdint.h>

/// [ticks] from the end of the musician's last note to the start of a continuation, at least
#define CN_REST_TICKS 24

/// [ticks] from the end of the musician's last note to where a continuation that enters at once has begun
#define CN_ENTRY_TICKS 48

/// [ticks] of the grid on which it may begin
#define CN_ENTRY_GRID 12

/// [bars] that an accompaniment goes on after the musician's last note
#define CN_ACCOMPANY_BARS 2

/// A role at the place of a segment
typedef struct {
  CnRole  role;
  bool    may_play; ///< The past lets it
  bool    enters;   ///< CN_ROLE_CONTINUE: it has played nothing since the musician did
  int32_t from;     ///< [ticks] where it may begin then
  int32_t until;    ///< [ticks] where it must have begun then
  bool    closes;   ///< It comes to its end, as an answer does with its turn, or as the musician wants it
  int32_t close;    ///< [ticks] where, if it `closes`
  int32_t entry;    ///< [ticks] CN_ROLE_CONTINUE: where the musician will be back; INT32_MAX: never
  CnBar   bar;      ///< Metre at the segment's start
  int32_t number;   ///< Number of that bar
  int32_t turn;     ///< [bars] CN_ROLE_ANSWER: length of a turn
} CnRolePlace;

/**
   Find out whether a role plays in the segment that was asked for.

   @param ask A #CN_COMMAND_PLAN.
   @param past As known at the segment's cut.
   @param has_entered It plays already, after the cut.
   @param entry [ticks] of the musician's next note that is remembered from a pass before; INT32_MAX: none.

   Thread: ENGINE
*/
CnRolePlace
cn_role_place(const CnCommand* ask, const CnPast* past, bool has_entered, int32_t entry);

/// Hand on to a planner where it is to take over, and where to close.  Thread: ENGINE
void
cn_role_bind(const CnRolePlace* place, CnPlanRequest* request);

/// [ticks] until which a note that begins at `tick` may sound; not after `tick`: none may.  Thread: ENGINE
int32_t
cn_role_limit(const CnRolePlace* place, int32_t tick);

/// The segment from which on a role has not yet been asked for music when it is `tick`.  Thread: AUDIO
CN_AUDIO int32_t
cn_role_next_segment(int32_t tick);

/**
   Write what a solo out of nothing begins with: a chord of one octave, C major if none is asked for.

   @return Number of notes, up to 4.

   Thread: ENGINE
*/
uint32_t
cn_role_opening(const CnPlanRequest* request, CnNote* notes);

#endif // CN_ROLE_H
