// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file features.h
   Notes as the notebook's networks read them: the one preprocessing of training and of playing.

   Notes of pitches that the scale leaves out are dropped.  Each other note is three numbers,

       pitch     (p - lowest) / (highest - lowest)
       duration  log(1 + duration) / log(1 + largest duration)
       step      the same of the time since the onset of the note before, 0 for the first note

   in the scale's unit, and none above 1.
*/

#ifndef CN_NOTEBOOK_FEATURES_H
#define CN_NOTEBOOK_FEATURES_H

#include "dsp/music/note.h"
#include "dsp/notebook/model.h"

#include <stdint.h>

/// A note of a window, as far as its features depend on it
typedef struct {
  int64_t step;     ///< [ticks] since the onset of the note before, 0 for the first note
  int32_t duration; ///< [ticks]
  uint8_t pitch;
} CnNotebookNote;

/**
   Find the window at the end of some notes.

   @param notes (n_notes) by onset, then pitch.
   @param[out] window (scale->window), of which as many are written as returned: from the oldest to the
   latest.
   @return Number of notes in the window.

   Thread: ENGINE
*/
uint32_t
cn_notebook_window(const CnNotebookScale* scale, const CnNote* notes, uint32_t n_notes,
                   CnNotebookNote* window);

/**
   Turn notes into numbers.

   @param window (n) notes of a window.
   @param ticks Ticks of the notes that make one of the scale's unit.
   @param[out] features (n, CN_NOTEBOOK_FEATURES) floats.

   Thread: ENGINE
*/
void
cn_notebook_window_features(const CnNotebookScale* scale, const CnNotebookNote* window, uint32_t n,
                            double ticks, float* features);

/**
   Read the window at the end of some notes: both in one.

   @param notes (n_notes) by onset, then pitch.
   @param ticks Ticks of the notes that make one of the scale's unit.
   @param[out] features (scale->window, CN_NOTEBOOK_FEATURES) floats, of which the first rows are written, as
   many as returned: from the oldest note to the latest.
   @return Number of notes in the window.

   Thread: ENGINE
*/
uint32_t
cn_notebook_features(const CnNotebookScale* scale, const CnNote* notes, uint32_t n_notes, double ticks,
                     float* features);

/// The last of the first `n` notes that is not left out; `n` if there is none.  Thread: ENGINE
uint32_t
cn_notebook_note_before(const CnNotebookScale* scale, const CnNote* notes, uint32_t n);

/// A time in the scale's unit as a number from 0 to 1; `range` is its duration or step.  Thread: ENGINE
float
cn_notebook_normalise(const float range[2], double time);

/// The time that a number from 0 to 1 stands for.  Thread: ENGINE
float
cn_notebook_denormalise(const float range[2], float number);

#endif // CN_NOTEBOOK_FEATURES_H
