// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file roll.h
   Scores as pictures: a piano roll of coloured notes, as many rows of bars as it takes.

   Colour tells a note's length.  Where a score has notes of both parts, the musician's are pale with an
   outline, Continuo's are filled, and a line stands where Continuo comes in.
*/

#ifndef CN_ROLL_H
#define CN_ROLL_H

#include "tools/picture/picture.h"

#include "dsp/base/fault.h"
#include "dsp/base/status.h"
#include "dsp/music/score.h"

#include <stddef.h>
#include <stdint.h>

/// What to draw
typedef struct {
  CnPictureFormat format;    ///<
  const char*     title;     ///< UTF-8, or null
  int             width;     ///< [pixels], CN_PICTURE_WIDTH_MIN..CN_PICTURE_WIDTH_MAX; the height follows
  int32_t         first_bar; ///< Number of the first bar, from 1
  int32_t         last_bar;  ///< Number of the last bar; 0, or beyond the end: to the end
} CnRollOptions;

/**
   Draw a score.

   @param score In canonical form.
   @param[out] data (size) bytes of the picture, to be freed with free(); null on failure.
   @param[out] fault What went wrong, in words; empty on success.  May be null.
   @return #CN_STATUS_SUCCESS; #CN_STATUS_BAD_ARG for a width or format out of range;
   #CN_STATUS_NOT_FOUND if there is not one note, or not in those bars; #CN_STATUS_TOO_LARGE if the
   picture would be; #CN_STATUS_NO_MEMORY; #CN_STATUS_IO if cairo fails for another reason.

   Thread: WORKER
*/
CnStatus
cn_roll_render(const CnScore* score, const CnRollOptions* options, uint8_t** data, size_t* size,
               CnFault fault);

/// A score among others on a sheet
typedef struct {
  const CnScore* score; ///< In canonical form
  const char*    name;  ///< Of any bytes; stands above
} CnRollPanel;

#define CN_ROLL_COLUMNS_MAX 4
#define CN_ROLL_PANELS_MAX 64

/**
   Draw scores side by side, each as one row of bars.

   Those beside each other share their keyboard and their width, and if one of them has notes of both parts,
   the ground of all is tinted as far as its phrase goes.

   @param panels (n_panels) row by row, 1..CN_ROLL_PANELS_MAX.
   @param n_columns 1..CN_ROLL_COLUMNS_MAX.
   @param[out] fault What went wrong, and in which score, in words; empty on success.
   @return As cn_roll_render().

   Thread: WORKER
*/
CnStatus
cn_roll_sheet_render(const CnRollPanel* panels, size_t n_panels, unsigned n_columns,
                     const CnRollOptions* options, uint8_t** data, size_t* size, CnFault fault);

#endif // CN_ROLL_H
