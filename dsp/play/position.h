// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file position.h
   What a host tells of its transport.
*/

#ifndef CN_POSITION_H
#define CN_POSITION_H

#include <stdint.h>

/// Parts of a CnPosition that the host has told; an absent part is unchanged
typedef enum {
  CN_POSITION_FRAME         = 1 << 0,
  CN_POSITION_SPEED         = 1 << 1,
  CN_POSITION_BAR           = 1 << 2,
  CN_POSITION_BAR_BEAT      = 1 << 3,
  CN_POSITION_BEAT          = 1 << 4,
  CN_POSITION_BEAT_UNIT     = 1 << 5,
  CN_POSITION_BEATS_PER_BAR = 1 << 6,
  CN_POSITION_BPM           = 1 << 7,
} CnPositionPart;

/// What a host says of its transport, as in the LV2 time extension
typedef struct {
  uint32_t parts;         ///< CnPositionPart bits that are set below
  int64_t  frame;         ///< [frames] since the start of the song
  double   speed;         ///< 0: stopped, 1: rolling
  int64_t  bar;           ///< Number of the bar, from 0
  double   bar_beat;      ///< [beats of the metre] since the bar line
  double   beat;          ///< [beats of the metre] since the start of the song
  double   beat_unit;     ///< 4: a beat is a quarter note
  double   beats_per_bar; ///< [beats of the metre]
  double   bpm;           ///< [beats of the metre a minute]
} CnPosition;

#endif // CN_POSITION_H
