// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file stage.h
   A performance on paper, put on stage in any conditions: what to compare when the conditions differ.

   A StageSong has tempos and metres; a StageScript rolls the transport over it, run by run, while the
   musician plays notes at their places in the song.  stage_perform() plays it all through a performer in
   the given conditions, checks the output on the way, and writes down the continuation's notes by
   their ticks in the song.
*/

#ifndef CN_STAGE_H
#define CN_STAGE_H

#include "dsp/compose/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAGE_NOTES 65536 ///< Most notes written down

/// A tempo, and a metre, from some place in the song on
typedef struct {
  double   quarter; ///< [quarters] where it begins; a bar line
  double   bpm;     ///< [quarters a minute]
  unsigned beats;   ///< A bar
  unsigned unit;    ///< 4: a beat is a quarter
} StageMark;

/// One run of the transport, from place to place, or a while of standing at a place
typedef struct {
  double      from;    ///< [quarters]
  double      to;      ///< [quarters]; not after `from`: it stands
  double      seconds; ///< If it stands
  unsigned    phrases; ///< Bits of the phrases that the musician plays meanwhile
  float       heat;    ///< Temperature less 1
  int         take;    ///< Number of the performance
  bool        muted;   ///< Play is off
  CnRole      role;    ///< How to play with the musician
  int         turn;    ///< [bars] of call and response
  bool        is_even; ///< Notes are timed evenly
  CnEntry     entry;   ///< Where the continuation takes over
  CnRules     rules;   ///< What is asked for
  bool        pedals;  ///< The musician changes the sustain pedal each second quarter
  bool        hold;    ///< The take is held
  bool        anew;    ///< A new take is asked for where it begins
  bool        reopens; ///< Before it begins the session is saved, closed and opened
  const char* sheet;   ///< What is written down for bars where it begins; null: nothing
} StageRun;

/// A note of the musician's
typedef struct {
  unsigned phrase;   ///< Number of its phrase
  double   onset;    ///< [ticks]
  double   duration; ///< [ticks]
  uint8_t  pitch;
  uint8_t  velocity;
} StageNote;

/// The performance
typedef struct {
  const StageMark* marks;
  size_t           n_marks;
  const StageRun*  runs;
  size_t           n_runs;
  const StageNote* notes;
  size_t           n_notes;
  uint8_t          channel; ///< Of the musician
} StageScript;

/// Where, when and by what it is performed
typedef struct {
  double    rate;         ///< [frames a second]
  uint32_t  block;        ///< [frames]; 0: random, up to 2048
  bool      on_change;    ///< The position is told on changes only
  bool      splits;       ///< Blocks end where the transport turns, as in Ardour
  double    jitter;       ///< [beats] by which the told place in the bar is off, at most
  bool      threaded;     ///< The engine has its thread
  bool      restless;     ///< The engine's thread never sleeps, and so may be found in the midst of anything
  bool      is_fine;      ///< Notes come between ticks, too
  bool      unsynced;     ///< Nobody waits for the engine: notes may be late, but nothing else
  bool      freewheeling; ///< The host renders offline
  uint32_t  sink_size;    ///< Messages that fit in a block; 0: any number
  CnPlanner planner;
} StageConditions;

/// A note of the continuation as it sounded
typedef struct {
  unsigned run;      ///< Number of the run
  int32_t  onset;    ///< [ticks] nearest; if `is_fine`, the last before
  int32_t  late;     ///< [1 / CN_LATE_PARTS ticks] nearest after that, if `is_fine`
  int32_t  duration; ///< [ticks]
  uint8_t  pitch;
  uint8_t  velocity;
} StagePlayed;

/// What came of it
typedef struct {
  size_t      n_notes;
  StagePlayed notes[STAGE_NOTES]; ///< By onset in the order of the output
  unsigned    n_doubled;          ///< Strikes of keys that the musician held
  uint32_t    n_late;             ///< As the performer counted
  unsigned    n_faults;           ///< Events out of order or of the block, doubled or hanging notes
  double      worst;              ///< [frames] an onset was off its place at most
} StageResult;

/// Perform a script
void
stage_perform(const StageScript* script, const StageConditions* conditions, StageResult* result);

#endif // CN_STAGE_H
