// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file histogram.h
   How often each key is struck in a corpus, as a picture.
*/

#ifndef CN_HISTOGRAM_H
#define CN_HISTOGRAM_H

#include "tools/corpus/corpus.h"
#include "tools/picture/picture.h"

#include "dsp/music/vocabulary.h"

#include <stdint.h>

/// Notes by key, from CN_PITCH_MIN
typedef struct {
  uint64_t    counts[CN_N_PITCHES];
  uint64_t    n_notes;
  size_t      n_pieces;
  const char* title; ///< Borrowed; any bytes
} CnHistogram;

/// Count the notes of all pieces.  Thread: ANY
CnHistogram
cn_histogram_count(const CnCorpus* corpus);

/// The page that shows a histogram, which it borrows.  Thread: WORKER
CnPage
cn_histogram_page(const CnHistogram* histogram, CnPictureFormat format, int width);

#endif // CN_HISTOGRAM_H
