// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file command.h
   What the audio thread tells the engine.
*/

#ifndef CN_COMMAND_H
#define CN_COMMAND_H

#include "dsp/compose/plan.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stdint.h>

/// Kinds of commands, with the members that they use
typedef enum {
  CN_COMMAND_ON,    ///< The musician struck a key: tick, played, pitch, velocity, channel, bar
  CN_COMMAND_OFF,   ///< The musician's note ended: tick, pitch, channel
  CN_COMMAND_LIFT,  ///< The finger left the key of a note that a pedal holds: tick, pitch, channel
  CN_COMMAND_HALT,  ///< The transport stopped or left: tick; the musician's notes end
  CN_COMMAND_PASS,  ///< The transport rolls anew from somewhere
  CN_COMMAND_SONG,  ///< Tempo and metre with which it rolls from here on: tick, bar, microseconds, numerator,
                    ///< denominator
  CN_COMMAND_PLAN,  ///< Plan a segment: segment, bar, bar_number, params, again, tempo, closes, close
  CN_COMMAND_MODE,  ///< How the musician is heard from now on: tick, params.role, hold
  CN_COMMAND_SHEET, ///< Write down something for a bar: bar_number, or CN_SHEET_ALL, params.chord, another,
                    ///< stands
  CN_COMMAND_EDIT,  ///< What is written down from here on is one edit, which can be taken back
  CN_COMMAND_UNDO,  ///< Take the latest edit back
  CN_COMMAND_ANEW,  ///< Forget what was composed from a segment on: segment
  CN_COMMAND_STRUCK, ///< Notes of the continuation have begun to sound: tick, ticks
} CnCommandKind;

#define CN_SHEET_ALL INT32_MIN ///< Number of no bar: the sheet becomes empty

/// One command
typedef struct {
  uint8_t  kind;         ///< CnCommandKind
  uint8_t  pitch;        ///< MIDI note number
  uint8_t  velocity;     ///< 1..127
  uint8_t  channel;      ///< 0..15
  bool     hold;         ///< The take is frozen
  bool     again;        ///< The segment's cut is past: what is stored stands, whatever params and bar say
  bool     closes;       ///< The musician has ended the continuation, which comes to its close
  int32_t  close;        ///< [ticks] of the bar line where it does, if it `closes`
  int32_t  tick;         ///< [ticks] nearest to the event
  int32_t  played;       ///< [ticks] before which the continuation had sounded at the event
  int32_t  segment;      ///< Number of the segment
  uint32_t ticks;        ///< At which something was struck, as bits: the lowest is `tick`
  CnBar    bar;          ///< Metre at the event or at the start of the segment
  int32_t  bar_number;   ///< Number of that bar, from 0 where the song or free running begins
  uint32_t another;      ///< Number of another way to play a bar; 0: none
  uint8_t  stands;       ///< CnBarStands of a bar
  float    tempo;        ///< [quarters a minute] now; 0: not known
  CnParams params;       ///< Parameters of the segment
  uint32_t microseconds; ///< Of a quarter
  uint8_t  numerator;    ///< Of the metre, as it is written
  uint8_t  denominator;  ///< 1, 2, 4 .. 64
} CnCommand;

#endif // CN_COMMAND_H
