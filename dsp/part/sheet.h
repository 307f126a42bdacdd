// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file sheet.h
   What the musician has written down for single bars: a chord, whether the bar is played another way, and
   whether it stands.

   A sparse map by the number of the bar, from 0 where the song or free running begins.  As a text, bars
   count from 1: "1:C 2:Am7 4:G7/B 4:+2" asks for three chords, and for the second other way to play bar 4;
   "5:keep" lets bar 5 stand as it is, and "6:rest" lets bar 6 be silent.
*/

#ifndef CN_SHEET_H
#define CN_SHEET_H

#include "dsp/base/attributes.h"
#include "dsp/base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define CN_SHEET_BARS 512        ///< Most bars that something is written down for
#define CN_SHEET_BAR_MAX 99999   ///< Number of the last bar
#define CN_SHEET_ANOTHER_MAX 999 ///< Ways to play a bar
#define CN_SHEET_TEXT_SIZE 24576 ///< [bytes] of the longest text, with its null

/// Whether what is played in a bar stands
typedef enum {
  CN_BAR_FREE,  ///< It is composed as all is
  CN_BAR_KEPT,  ///< Its notes stand, whatever is asked for
  CN_BAR_RESTS, ///< So does its silence
} CnBarStands;

/// What is written down for a bar
typedef struct {
  int32_t  bar;     ///< Its number
  int32_t  chord;   ///< CN_CHORD_NONE: none
  uint32_t another; ///< Number of another way to play it; 0: none
  uint32_t stands;  ///< CnBarStands
} CnSheetBar;

/// All that is written down, by bar
typedef struct {
  uint32_t   n_bars;
  CnSheetBar bars[CN_SHEET_BARS];
} CnSheet;

/// What is written down for a bar, which may be nothing.  Thread: ANY
CN_AUDIO CnSheetBar
cn_sheet_read(const CnSheet* sheet, int32_t bar);

/// True if something is written down for a bar.  Thread: ANY
CN_AUDIO bool
cn_sheet_has(const CnSheet* sheet, int32_t bar);

/// Write down something for a bar, or nothing.  False if there is no room.  Thread: ANY
CN_AUDIO bool
cn_sheet_write(CnSheet* sheet, CnSheetBar bar);

/**
   Read a sheet from a text; blanks and commas part its entries.

   @param[out] sheet Empty on failure.
   @return #CN_STATUS_SUCCESS, #CN_STATUS_BAD_SYNTAX, or #CN_STATUS_BAD_VALUE if a bar is out of range, or
   there are too many.

   Thread: AUDIO
*/
CN_AUDIO CnStatus
cn_sheet_parse(const char* text, CnSheet* sheet);

/**
   Write a sheet as a text that cn_sheet_parse() reads.

   @param[out] text CN_SHEET_TEXT_SIZE bytes.

   Thread: AUDIO
*/
CN_AUDIO void
cn_sheet_print(const CnSheet* sheet, char* text);

#endif // CN_SHEET_H
