// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file turn.h
   Whose turn it is, in words that can be read from across the room.
*/

#ifndef CN_TURN_H
#define CN_TURN_H

#include "plugin/draw/paint.h"
#include "plugin/wire/scene.h"

#include <stdbool.h>

/// Whose turn it is
typedef enum {
  CN_TURN_UNKNOWN, ///< The plugin has told nothing yet
  CN_TURN_REFUSED, ///< No model plays
  CN_TURN_OFF,     ///< Play is off: it only listens
  CN_TURN_WAITS,   ///< The transport stands
  CN_TURN_HELD,    ///< It plays what is held
  CN_TURN_PLAYS,   ///< Continuo's
  CN_TURN_ENTERS,  ///< The musician's, and where Continuo comes in is known
  CN_TURN_LISTENS, ///< The musician's
} CnTurnKind;

/// The same in words
typedef struct {
  CnTurnKind kind;
  char       headline[64];
  char       detail[160];
  bool       warns; ///< The detail says what is wrong, and what to do
} CnTurn;

/// Find out whose turn it is at `tick` [ticks]; `play` and `hold` are the controls.  Thread: WORKER
CnTurn
cn_turn(const CnScene* scene, double tick, bool play, bool hold);

/// Draw that, the transport, and by which model it plays.  Thread: WORKER
void
cn_turn_draw(cairo_t* cr, const CnTheme* theme, const CnBox* box, const CnScene* scene, const CnTurn* turn,
             double tick);

/// Draw all that is known of the model, at the top of a box.  Thread: WORKER
void
cn_turn_draw_card(cairo_t* cr, const CnTheme* theme, const CnBox* box, const CnScene* scene);

/// Draw the same into a line, as a stripe of its colour or, with a word, as the headline.  Thread: WORKER
void
cn_turn_draw_line(cairo_t* cr, const CnTheme* theme, const CnBox* box, const CnTurn* turn, bool has_word);

#endif // CN_TURN_H
