// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file scoring.h
   How well something predicts notes: the figures that all models and baselines share, and their table.

   A figure that a model has none of (the notebook's pair tells no velocity) is NaN: a dash in the table, null
   in JSON.
*/

#ifndef CN_SCORING_H
#define CN_SCORING_H

#include "tools/gradient/gradient.h"

#include <jansson.h>

#include <stdio.h>

#define CN_REPEAT_LENGTH 10 ///< Tokens of a match, for its continuation to count as a repeat

/// Times that are predicted as numbers
typedef enum {
  CN_TIMING_STEP,     ///< From the onset before to this one
  CN_TIMING_DURATION, ///< How long a note sounds
} CnTiming;

#define CN_N_TIMINGS 2

/// Errors of timing, summed over notes: what a note had, less the mean that was predicted
typedef struct {
  double absolute[CN_N_TIMINGS]; ///< [beats], a beat being a quarter note
  double squared[CN_N_TIMINGS];  ///< [beats squared]
  double n_notes;                ///<
} CnTimingError;

/// Figures over some notes; the first note of a piece is not among them
typedef struct {
  CnLoss        all;        ///< All notes
  CnLoss        non_repeat; ///< Those before which no motif of ten notes comes again
  CnTimingError timing;     ///< All notes
} CnScoring;

/// Add one scoring to another.  Thread: ANY
void
cn_scoring_add(CnScoring* sum, const CnScoring* scoring);

/// The likeliest of (CN_N_PITCHES) probabilities, the first of several.  Thread: ANY
unsigned
cn_likeliest_pitch(const float* p);

/**
   Predict a time by the mean of its classes; a factor that is not a time is left alone.

   @param p (cn_factor_classes(factor)) probabilities.
   @param[out] ticks By CnTiming [ticks].

   Thread: ANY
*/
void
cn_timing_predict(CnFactor factor, const float* p, double ticks[CN_N_TIMINGS]);

/**
   Count the timing of one note.

   @param ticks Predicted times by CnTiming [ticks].
   @param note The note that came.
   @param previous Onset of the note before [ticks].

   Thread: ANY
*/
void
cn_timing_error_add(CnTimingError* sum, const double ticks[CN_N_TIMINGS], const CnNote* note,
                    int32_t previous);

/// The figures as a JSON object, or null if memory could not be had.  Thread: ANY
json_t*
cn_scoring_json(const CnScoring* scoring);

/// Print the headings of the tables' columns.  Thread: ANY
void
cn_scoring_print_heading(FILE* file);

/**
   Print what was scored as one line of the table, and a second one for the notes that repeat nothing.

   @param name Of the model, in up to 16 letters.

   Thread: ANY
*/
void
cn_scoring_print(FILE* file, const char* name, const CnScoring* scoring);

#endif // CN_SCORING_H
