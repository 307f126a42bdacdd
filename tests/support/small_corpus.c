// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/small_corpus.h"

#include "dsp/base/random.h"
#include "dsp/music/chord.h"
#include "dsp/music/vocabulary.h"

#include <string.h>

#define MOTIF 12 // Notes that come again

// One after another of all kinds, every third one over another bass
static int16_t
some_chord(const uint32_t i)
{
  const int32_t chord = (int32_t)(29 * i % (12 * CN_N_CHORD_QUALITIES));
  return (int16_t)(i % 3 ? chord : chord + CN_CHORD_SLASH * (1 + (chord + 3) % 12));
}

static void
fill_piece(CnPiece* const piece, const uint32_t number)
{
  CnRandom random = cn_random(21, number, 0, 0, 0);
  int32_t  onset  = 0;
  for (uint32_t i = 0; i < piece->n_notes; ++i) {
    CnNote* const note = &piece->notes[i];
    onset += i % 3 ? 12 : 6;
    *note = (CnNote){.onset    = onset,
                     .duration = cn_duration_ticks((uint8_t)(i ? 4 * (i % 5) : number)),
                     .bar      = cn_bar_place((CnBar){0, 96}, onset),
                     .pitch    = (uint8_t)(45 + cn_random_below(&random, 30)),
                     .velocity = (uint8_t)(50 + 4 * (i % 7))};
    if (i >= MOTIF && cn_random_below(&random, 20)) {
      note->pitch = note[-MOTIF].pitch;
    }
    piece->low       = note->pitch < piece->low ? note->pitch : piece->low;
    piece->high      = note->pitch > piece->high ? note->pitch : piece->high;
    piece->chords[i] = some_chord(number + i / 8);
  }
}

void
cn_small_corpus_init(CnSmallCorpus* const small)
{
  memset(small, 0, sizeof(*small));
  CnCorpus* const corpus = &small->corpus;
  corpus->pieces         = small->pieces;
  corpus->n_pieces       = CN_SMALL_PIECES;
  corpus->longest        = CN_SMALL_NOTES;
  for (uint32_t p = 0; p < CN_SMALL_PIECES; ++p) {
    CnPiece* const piece = &small->pieces[p];
    *piece               = (CnPiece){.notes   = small->notes[p],
                                     .chords  = small->chords[p],
                                     .n_notes = CN_SMALL_NOTES,
                                     .split   = p < CN_SMALL_TRAIN                    ? CN_SPLIT_TRAIN
                                                : p < CN_SMALL_TRAIN + CN_SMALL_VALID ? CN_SPLIT_VALID
                                                                                      : CN_SPLIT_TEST,
                                     .low     = CN_PITCH_MAX,
                                     .high    = CN_PITCH_MIN};
    fill_piece(piece, p);
    ++corpus->n_in_split[piece->split];
    corpus->n_notes_in[piece->split] += piece->n_notes;
  }
}
