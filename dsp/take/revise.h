// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file revise.h
   What the musician does to single bars of the take: keep, another, rest, and undo.

   *Keep* lets a bar's notes stand by value, against Take, controls and model.  *Another* composes a bar anew
   and *rest* silences it; all that is known after it is kept then, so that it changes alone.  Into what is
   kept then a bar that is played another way leads, if the planner can, and bars of one edit lead there
   together; those just before that are so since an earlier edit are kept, too, and lead where they led.  Bars
   are where those of the metre told last are.  All functions: the engine must be acquired.
*/

#ifndef CN_REVISE_H
#define CN_REVISE_H

#include "dsp/part/kept.h"
#include "dsp/part/sheet.h"
#include "dsp/take/command.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_UNDO_MOST 8 ///< Edits that can be taken back

typedef struct CnEngine CnEngine;

/// What was written down before an edit
typedef struct {
  CnSheet sheet;
  CnKept  kept;
} CnEdit;

/// What is kept, and what it takes to go back; all zero is nothing
typedef struct {
  CnKept    kept;
  bool      begins; ///< An edit, with the next thing that is written down
  uint32_t  n_edits;
  CnEdit    edits[CN_UNDO_MOST]; ///< The latest stands last
  CnCommand last;                ///< #CN_COMMAND_PLAN; bar.length 0: there was none
  int32_t   first;               ///< Bar from which on bars are to be composed another way
  int32_t   end;                 ///< The one after the last of them; `first`: there are none
} CnRevision;

/// Write down what a #CN_COMMAND_SHEET says of a bar, or begin an empty sheet.  Thread: ENGINE
void
cn_revise_write(CnEngine* engine, const CnCommand* command);

/// Compose the bars that are to be played another way, as no more are written down.  Thread: ENGINE
void
cn_revise_settle(CnEngine* engine);

/// Take the latest edit back, if there is one.  Thread: ENGINE
void
cn_revise_undo(CnEngine* engine);

#endif // CN_REVISE_H
