// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file stream_internal.h
   What the two parts of a stream share: where it is, and what of the notes so far is told truly.
*/

#ifndef CN_STREAM_INTERNAL_H
#define CN_STREAM_INTERNAL_H

#include "tools/corpus/stream.h"

#include "dsp/base/random.h"

#include <stdbool.h>

#define CN_STRETCH_NOTES 64 ///< Over which the motif match or the chord is hidden or shown

/// Streams of random numbers by purpose
enum {
  CN_DRAW_DEAL = 1,
  CN_DRAW_SHIFT,
  CN_DRAW_MOTIF,
  CN_DRAW_CHORD,
  CN_DRAW_VELOCITY,
  CN_DRAW_TEXTURE,
  CN_DRAW_NOISE,
  CN_DRAW_ERROR,
  CN_DRAW_OWN,
  CN_DRAW_FOLLOWING,
  CN_DRAW_LINES
};

/// A draw for a stretch of notes, kept until the next stretch
typedef struct {
  uint32_t piece; // Its n_started; 0: nothing was drawn yet
  uint32_t stretch;
  float    value;
} CnStretchDraw;

struct CnStream {
  CnStreamSettings settings;
  uint32_t         index;
  CnContext*       context;
  uint32_t*        order;     // (number of pieces) scratch of the deal
  uint64_t*        load;      // (n_streams) scratch of the deal: notes that each stream has got
  uint32_t*        hand;      // Pieces of this deal for this stream
  uint32_t         n_hand;    //
  uint32_t         n_played;  // Of the hand
  uint32_t         deal;      // Number of the deal
  uint32_t         n_started; // Pieces since the start
  const CnPiece*   piece;     // Being played, or null
  uint32_t         position;  // Next note in it
  int              shift;     // [semitones]
  int              louder;    // Added to the velocities
  const CnToken*   drawn;     // What the network has drawn for the next note, or null
  CnStretchDraw    motif;     // Decides whether matches are hidden
  CnStretchDraw    chord;     // Likewise
  CnStretchDraw    noise;     // Decides whether there are errors
  CnStretchDraw    shown;     // Decides whether the texture is told, of which the following is drawn
  CnStretchDraw    ahead;     // Decides whether what follows is told, of which the following is drawn
  CnRandom         lines;     // How far off its lines are
  bool             is_ahead;  // Whether there is anything
  CnFollowing      following; // From the next line on
  uint16_t         fields;    // Fields of the texture that are told, as bits
  CnTexture        texture;   // Around the next note
  CnFigure         figure;    // Of some bars before
  CnNote           window[CN_TEXTURE_NOTES_MAX]; // Scratch
};

/// A note of the piece as it is played: transposed, louder or softer.  Thread: ENGINE
CnNote
cn_stream_note(const CnStream* stream, uint32_t position);

/// Whether something that happens in a share of stretches does in that of the next note.  Thread: ENGINE
bool
cn_stream_draws(const CnStream* stream, uint32_t purpose, float share, CnStretchDraw* draw);

/// Push the next note: true, wrong, or as the network has drawn it; false if it was left out.
/// Thread: ENGINE
bool
cn_stream_tell(CnStream* stream);

#endif // CN_STREAM_INTERNAL_H
