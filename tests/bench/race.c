// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/bench/race.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  N_PIECES = 64,   ///< That are made up
  N_NOTES  = 2000, ///< Of each
};

static double
read_clock(const clockid_t clock)
{
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

CnRaceTime
cn_race_now(void)
{
  return (CnRaceTime){read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

size_t
cn_race_size(const char* const name, const size_t otherwise)
{
  const char* const text = getenv(name);
  return text ? (size_t)strtoul(text, NULL, 10) : otherwise;
}

/// Chords on the beats and a line in sixteenths, in bars of which most come again
static void
make_piece(CnPiece* const piece, const uint32_t number)
{
  *piece = (CnPiece){.notes   = calloc(N_NOTES, sizeof(CnNote)),
                     .chords  = calloc(N_NOTES, sizeof(int16_t)),
                     .n_notes = N_NOTES,
                     .split   = number % 8 ? CN_SPLIT_TRAIN : CN_SPLIT_VALID,
                     .low     = 36,
                     .high    = 84};
  for (uint32_t i = 0; piece->notes && piece->chords && i < N_NOTES; ++i) {
    const uint32_t beat   = i / 8;
    const uint32_t voice  = i % 8;
    CnRandom       random = cn_random(number, beat / 4 % 5 ? beat % 16 : beat, voice, 0, 0);
    const int32_t  onset  = (int32_t)(24 * beat + (voice < 4 ? 0 : 6 * (voice - 4)));
    piece->chords[i]      = CN_CHORD_NONE;
    piece->notes[i]       = (CnNote){.onset    = onset,
                                     .duration = voice < 4 ? 24 : 6,
                                     .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                     .pitch    = (uint8_t)(36 + 6 * voice + cn_random_below(&random, 6)),
                                     .velocity = (uint8_t)(48 + cn_random_below(&random, 32))};
  }
}

static bool
make_corpus(CnCorpus* const corpus)
{
  *corpus = (CnCorpus){.pieces = calloc(N_PIECES, sizeof(CnPiece)), .longest = N_NOTES};
  for (uint32_t p = 0; corpus->pieces && p < N_PIECES; ++p) {
    CnPiece* const piece = &corpus->pieces[p];
    make_piece(piece, p);
    ++corpus->n_pieces;
    ++corpus->n_in_split[piece->split];
    corpus->n_notes_in[piece->split] += piece->n_notes;
    if (!piece->notes || !piece->chords) {
      return false;
    }
  }
  return corpus->pieces != NULL;
}

bool
cn_race_corpus(CnCorpus* const corpus)
{
  const char* const folder     = getenv("CORPUS");
  char              fault[200] = "no memory";
  if (folder && *folder
          ? cn_corpus_load(folder, getenv("SPLIT"), 1, CN_LENGTHS_FINGERS, corpus, CN_FAULT(fault)) ||
                !corpus->n_pieces
          : !make_corpus(corpus)) {
    fprintf(stderr, "%s\n", fault);
    return false;
  }
  return true;
}

// The network of the race, by ARCH
static CnShape
race_shape(void)
{
  const char* const arch     = getenv("ARCH");
  const char* const distance = getenv("DISTANCE");
  CnShape shape = {.cell = CN_CELL_GRU, .hidden = (uint32_t)cn_race_size("HIDDEN", 256), .head = 128};
  if (arch && !strcmp(arch, "attention")) {
    shape.cell   = CN_CELL_ATTENTION;
    shape.layers = (uint32_t)cn_race_size("LAYERS", 4);
    shape.heads  = (uint32_t)cn_race_size("HEADS", 4);
    shape.window = (uint32_t)cn_race_size("WINDOW", 512);
    if (distance && *distance && !cn_distance_find(distance, &shape.distance)) {
      fprintf(stderr, "DISTANCE is none of time, rotary and notes\n");
      exit(2);
    }
  }
  return shape;
}

CnRecipe
cn_race_recipe(const size_t n_threads)
{
  return (CnRecipe){.shape        = race_shape(),
                    .n_threads    = (uint32_t)n_threads,
                    .n_streams    = CN_RACE_STREAMS,
                    .n_steps      = CN_RACE_STEPS,
                    .seed         = 1,
                    .epochs       = 1e6,
                    .rate         = 3e-3F,
                    .warmup       = 60,
                    .weight_decay = 0.02F,
                    .clip         = 1.0F,
                    .dropout      = (float)cn_race_size("DROPOUT", 40) / 100.0F,
                    .hide_motif   = 0.5F,
                    .hide_chord   = 0.6F};
}

bool
cn_race_streams(const CnCorpus* const corpus, const CnSplit split, CnStream** const streams)
{
  const CnRecipe   recipe   = cn_race_recipe(1);
  CnStreamSettings settings = {.corpus        = corpus,
                               .split         = split,
                               .n_streams     = CN_RACE_STREAMS,
                               .seed          = recipe.seed,
                               .lowest_shift  = -5,
                               .highest_shift = 6,
                               .loudness      = 12,
                               .hide_motif    = recipe.hide_motif,
                               .hide_chord    = recipe.hide_chord};
  if (split != CN_SPLIT_TRAIN) {
    settings.once       = true;
    settings.hide_motif = 0.0F;
    settings.hide_chord = 1.0F;
  }
  for (uint32_t b = 0; b < CN_RACE_STREAMS; ++b) {
    streams[b] = cn_stream_new(&settings, b);
    if (!streams[b]) {
      return false;
    }
  }
  return true;
}

void
cn_race_fill(CnStream** const streams, CnBatch* const batch)
{
  for (uint32_t b = 0; b < CN_RACE_STREAMS; ++b) {
    cn_stream_fill(streams[b], batch, b);
  }
}

bool
cn_race_write(FILE* const file, const CnBatch* const batch)
{
  const size_t n = batch->n_streams * batch->n_steps;
  return fwrite(batch->inputs, sizeof(*batch->inputs), n, file) == n &&
         fwrite(batch->sites, sizeof(*batch->sites), CN_N_FACTORS * n, file) == CN_N_FACTORS * n &&
         fwrite(batch->targets, sizeof(*batch->targets), n, file) == n &&
         fwrite(batch->begins, 1, n, file) == n && fwrite(batch->has_target, 1, n, file) == n;
}
