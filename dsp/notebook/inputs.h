// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file inputs.h
   What the first layer is given: the products of a window's notes with its input weights.

   A window mostly is the one before and a note more, without the oldest: what stays is not computed again.
   The result is the same, down to the bits.
*/

#ifndef CN_NOTEBOOK_INPUTS_H
#define CN_NOTEBOOK_INPUTS_H

#include "dsp/music/note.h"
#include "dsp/notebook/features.h"
#include "dsp/notebook/model.h"

#include <stddef.h>
#include <stdint.h>

/// Products of one network, with the notes that they are of: a ring
typedef struct {
  uint32_t       size;  ///< Notes of a window, at most
  uint32_t       first; ///< Where the oldest stands
  uint32_t       n;
  double         ticks; ///< [ticks] of the unit, by which they were made
  CnNotebookNote note[CN_NOTEBOOK_MAX_WINDOW];
  const float*   row[CN_NOTEBOOK_MAX_WINDOW]; ///< (n) the products of each, from the oldest to the latest
  float*         rows;                        ///< (size, width); borrowed
} CnNotebookInputs;

/**
   Make a ring of none.

   @param size Notes of a window, at most.
   @param rows Borrowed: `size` times as many floats as the matrix has rows.

   Thread: INIT
*/
void
cn_notebook_inputs_init(CnNotebookInputs* inputs, uint32_t size, float* rows);

/**
   Bring products up to date with the window at the end of some notes.

   @param input The first layer's matrix, always the same.
   @param notes, n_notes, ticks As for cn_notebook_features().
   @return Number of notes in the window: so many of `row` are to be read.

   Thread: ENGINE
*/
uint32_t
cn_notebook_inputs_read(CnNotebookInputs* inputs, const CnNotebookScale* scale, const CnLinear* input,
                        const CnNote* notes, uint32_t n_notes, double ticks);

#endif // CN_NOTEBOOK_INPUTS_H
