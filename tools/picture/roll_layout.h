// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file roll_layout.h
   Where things stand on the page of a piano roll; shared by the files that draw it.
*/

#ifndef CN_ROLL_LAYOUT_H
#define CN_ROLL_LAYOUT_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/score.h"
#include "tools/picture/draw.h"
#include "tools/picture/roll.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CN_KEYS_LEFT 36.0  ///< [units] Left end of the keyboard
#define CN_KEYS_WIDTH 26.0 ///< [units]
#define CN_ROLL_LEFT 64.0  ///< [units] Left end of the rows of notes
#define CN_ROLL_RIGHT (CN_PAGE_WIDTH - CN_PAGE_MARGIN)
#define CN_STRIP_GAP 5.0     ///< [units] between the notes and their velocities
#define CN_STRIP_HEIGHT 20.0 ///< [units] of the velocities

/// Some bars side by side, as a system of staves
typedef struct {
  size_t  first_bar; ///< Index of its first bar in the layout
  size_t  n_bars;    ///<
  int32_t begin;     ///< [ticks]
  int32_t end;       ///< [ticks]
  double  top;       ///< [units] Upper end of the highest pitch
  bool    has_entry; ///< Continuo comes in here
} CnRollSystem;

/// A page
typedef struct {
  const CnScore* score;        ///< Borrowed
  int32_t*       lines;        ///< (n_bars + 1) bar lines [ticks]
  size_t         n_bars;       ///< Bars that are drawn
  int32_t        first_number; ///< Number of the first of them
  CnRollSystem*  systems;      ///< (n_systems)
  size_t         n_systems;    ///<
  size_t         n_notes;      ///< Notes that begin in these bars
  int            low;          ///< Lowest pitch that has a row
  int            high;         ///< Highest
  bool           has_parts;    ///< There are notes of both parts, to be told apart
  int32_t        entry;        ///< [ticks] Where Continuo comes in after the musician, or INT32_MIN
  double         row;          ///< [units] Height of a semitone
  double         tick;         ///< [units] Width of a tick
  double         height;       ///< [units] Of the page
} CnRollLayout;

/// Where a system stands by itself
typedef struct {
  int     low;    ///< Lowest pitch that has a row
  int     high;   ///< Highest
  int32_t entry;  ///< [ticks] Where Continuo comes in, or INT32_MIN
  double  top;    ///< [units] Upper end of the highest row
  double  width;  ///< [units] of the bars
  double  height; ///< [units] of the rows
} CnRollPlace;

/**
   Lay a page out.

   @param[out] layout To be cleared with cn_roll_layout_clear(), also after a failure.
   @return As cn_roll_render().

   Thread: WORKER
*/
CnStatus
cn_roll_layout_init(CnRollLayout* layout, const CnScore* score, const CnRollOptions* options, CnFault fault);

/**
   Put all bars side by side into one system, in a place of its own.

   @param layout With cn_roll_layout_init() behind it.
   @param place Its `low`, `high`, `top` of the highest row, `width` and `height` of the rows [units], and
   where Continuo comes in, should another one be the measure.

   Thread: WORKER
*/
void
cn_roll_layout_join(CnRollLayout* layout, const CnRollPlace* place);

/// Free what a layout owns.  Thread: WORKER
void
cn_roll_layout_clear(CnRollLayout* layout);

/// Place of a tick in a system [units]; may be outside of it.  Thread: ANY
double
cn_roll_x(const CnRollLayout* layout, const CnRollSystem* system, int32_t tick);

/// Upper end of a pitch's row [units].  Thread: ANY
double
cn_roll_y(const CnRollLayout* layout, const CnRollSystem* system, int pitch);

/// Height of a system's rows [units].  Thread: ANY
double
cn_roll_rows_height(const CnRollLayout* layout);

/// Length of the beats at a tick [ticks]: in 6/8, 9/8, 12/8 three eighths.  Thread: ANY
double
cn_roll_beat(const CnRollLayout* layout, int32_t tick);

#endif // CN_ROLL_LAYOUT_H
