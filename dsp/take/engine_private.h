// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file engine_private.h
   The inside of an engine, for those of its files that save and restore it.
*/

#ifndef CN_ENGINE_PRIVATE_H
#define CN_ENGINE_PRIVATE_H

#include "dsp/take/ahead.h"
#include "dsp/take/engine.h"
#include "dsp/take/past.h"
#include "dsp/take/recorder.h"
#include "dsp/take/revise.h"
#include "dsp/take/song.h"

#include <stdatomic.h>

/// All from the planner on belongs to whoever holds the engine, see cn_engine_acquire()
struct CnEngine {
  CnRing           inbox;
  CnTimeline*      timeline;
  atomic_bool      is_busy; ///< Somebody runs the engine
  _Atomic uint32_t planner_serial;
  _Atomic uint32_t edition;       ///< How often a new take was asked for
  atomic_bool      has_notes;     ///< The take has, as far as commands are obeyed
  atomic_bool      has_forgotten; ///< The take has
  atomic_int       key;           ///< That was heard at the last cut
  CnPlanner        planner;
  CnRecorder       recorder;        ///< Has the take
  CnSheet          sheet;           ///< What is written down for bars
  bool             must_tell_sheet; ///< It has changed
  CnSheet          told_sheet;      ///< The audio thread's while is_sheet_told
  uint32_t         told_place;      ///< [commands] obeyed until then; likewise
  uint32_t         sheet_place; ///< [commands] until the last by which the sheet changes; the audio thread's
  atomic_bool      is_sheet_told;
  CnRevision       revision; ///< What is kept of bars
  CnSong           song;
  CnPast           past;  ///< Of the segment that is being planned
  int32_t          tick;  ///< [ticks] latest that was told
  float            tempo; ///< [quarters a minute] told last; 0: none
  CnAhead          ahead; ///< What is planned beyond what was asked for

  const CnGivenPhrase* phrase; ///< That counts as played; null: none
  int32_t given_line;  ///< [ticks] of the bar line where its last bar begins; CN_GIVEN_OPEN: not yet known
  bool    is_begun;    ///< The transport has rolled there since
  int32_t given_asked; ///< [segments] The last that was asked for until then
};

/// Wait until nobody else runs the engine.  Thread: WORKER or ENGINE
void
cn_engine_acquire(CnEngine* engine);

/// Let the audio thread know of the sheet, if it has changed; the engine must be acquired.  Thread: WORKER or
/// ENGINE
void
cn_engine_tell_sheet(CnEngine* engine);

/// Let others run the engine, and see whether it has notes.  Thread: WORKER or ENGINE
void
cn_engine_release(CnEngine* engine);

/// Put what is kept of a segment into its place; false if it is not kept.  Thread: ENGINE
bool
cn_engine_put_kept(CnEngine* engine, int32_t segment, uint32_t take);

/// Forget what was composed of a segment, and of all after it that is not kept; the segment itself stays on
/// the timeline if it `stays`.  Thread: ENGINE
void
cn_engine_erase(CnEngine* engine, int32_t segment, bool stays);

/// Plan a segment, as a #CN_COMMAND_PLAN asks.  Thread: ENGINE
void
cn_engine_plan(CnEngine* engine, const CnCommand* ask);

/// Obey all commands in the inbox; the engine must be acquired.  Thread: WORKER or ENGINE
void
cn_engine_obey(CnEngine* engine);

#endif // CN_ENGINE_PRIVATE_H
