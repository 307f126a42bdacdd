// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file attention.h
   What the notes of an attention trunk are to one another: how far apart they are, by one of three measures.

   Of time, and of notes, each head has a learnt bias for each span, shared by all layers (after Shaw et al.
   2018 and Raffel et al. 2020).  Spans of time count what musicians count: the chord, sixteenths within a
   bar, the same place some bars ago, and roughly what lies further back.  Those of notes count as Raffel et
   al. count tokens: exactly nearby, and by logarithms further back.

   Rotary, there are no biases: queries and keys are turned by their notes' onsets, so that their products
   hang on the time between these (Su et al. 2021, who count tokens).  Periods are whole ticks, so a turn is
   exact however long a song is.
*/

#ifndef CN_ATTENTION_H
#define CN_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// By what notes are apart
typedef enum {
  CN_DISTANCE_TIME,   ///< Biases by spans of musical time
  CN_DISTANCE_ROTARY, ///< Queries and keys turned by their onsets
  CN_DISTANCE_NOTES,  ///< Biases by how many notes ago
} CnDistance;

#define CN_SPAN_SIXTEENTHS 24 ///< A note counts to the next one, up to a bar of 12/8
#define CN_SPAN_BARS 16       ///< Bars ago, at the same place
#define CN_SPAN_FARS 9        ///< Bounds of what lies between and beyond

#define CN_SPAN_EXACT 16  ///< Notes that are counted one by one, the note itself included
#define CN_SPAN_OCTAVES 8 ///< Twice as far, and so on: up to 4095 notes, beyond which no window goes

/// Spans of time, by block
enum {
  CN_SPAN_SELF      = 0, ///< The note itself
  CN_SPAN_CHORD     = 1, ///< Another note of the same onset
  CN_SPAN_SIXTEENTH = 2,
  CN_SPAN_BAR       = CN_SPAN_SIXTEENTH + CN_SPAN_SIXTEENTHS,
  CN_SPAN_FAR       = CN_SPAN_BAR + CN_SPAN_BARS,
  CN_N_SPANS        = CN_SPAN_FAR + CN_SPAN_FARS,
  CN_N_NOTE_SPANS   = CN_SPAN_EXACT + 4 * CN_SPAN_OCTAVES, ///< Of notes, four to an octave
};

/// Times as wide as the trunk is the hidden layer of each block
#define CN_FORWARD_WIDTH 2U

/// "time", "rotary" or "notes".  Thread: ANY
const char*
cn_distance_name(CnDistance distance);

/// Find a distance by its name.  @return Whether there is one; else `distance` stays.  Thread: ANY
bool
cn_distance_find(const char* name, CnDistance* distance);

/// Number of spans of which each head has a bias; 0 where there are none.  Thread: ANY
uint32_t
cn_distance_spans(CnDistance distance);

/**
   The span from a note back to an earlier one, or to itself.

   @param notes From there to here; 0: it is the note itself.
   @param ticks Between the two onsets [ticks], not negative.
   @param bar Length of the later note's bar [ticks], not 0.
   @return Below cn_distance_spans(); 0 where there are none.

   Thread: ANY
*/
unsigned
cn_attention_span(CnDistance distance, uint32_t notes, int32_t ticks, uint32_t bar);

/**
   How far the queries and keys of a note are turned, for cn_attend_rotate().

   Each pair of numbers has a period of its own, from a sixteenth to some 64 bars.

   @param ticks The note's onset, from wherever [ticks].
   @param width K of a head.
   @param[out] rotation (K) floats: cosines of all pairs, then their sines.

   Thread: ANY
*/
void
cn_attention_rotation(int32_t ticks, size_t width, float* rotation);

#endif // CN_ATTENTION_H
