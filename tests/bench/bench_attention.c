// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_attention.c
   What one note costs a trunk of attention, by how many came before: heads and context are left out.

   By each distance, in floats, and in 8 bits, weights and what is kept of the notes alike.  Weights are
   random, as time does not depend on them.  All take turns, so that a machine that is busy elsewhere is so
   for all of them.
*/

#include "tests/bench/timing.h"
#include "tests/bench/weights.h"

#include "dsp/base/random.h"
#include "dsp/network/trunk.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_PLACES = 4, N_ROUNDS = 31, N_EACH = 32, N_ENTRIES = 6 };

static const uint32_t places[N_PLACES] = {64, 512, 2000, 10000}; // Notes before
static const CnShape  shape            = {
                .cell = CN_CELL_ATTENTION, .hidden = 256, .head = 192, .layers = 4, .heads = 4, .window = 512};

static CnModel*
make_model(const CnDistance distance, const CnNumber number)
{
  CnLayout layout;
  CnShape  measured = shape;
  measured.distance = distance;
  cn_bench_refuse(cn_layout_init(&layout, &measured));
  float* const   parameters = cn_bench_weights(layout.n_parameters);
  CnModel* const model =
      number == CN_NUMBER_INT8 ? cn_model_new_int8(&layout, parameters) : cn_model_new(&layout, parameters);
  cn_bench_refuse(!model);
  free(parameters);
  return model;
}

static void
absorb(CnTrunk* const trunk, const uint32_t note)
{
  CnRandom    random = cn_random(7, note, 0, 0, 0);
  CnNoteInput input  = {.n_rows = CN_INPUT_MAX_ROWS, .bar = 96, .onset = 8 * (int32_t)note};
  for (unsigned r = 0; r < CN_INPUT_MAX_ROWS; ++r) {
    input.row[r] = (uint16_t)cn_random_below(&random, CN_N_IN_ROWS);
  }
  cn_trunk_absorb(trunk, &input);
}

// Go on by some notes; from there it goes back again
static double
measure(CnTrunk* const trunk, const uint32_t place)
{
  const double began = cn_timing_now();
  for (uint32_t i = 0; i < N_EACH; ++i) {
    absorb(trunk, place + i);
  }
  const double us = (cn_timing_now() - began) / N_EACH;
  for (uint32_t i = cn_trunk_go_back(trunk, place); i < place; ++i) {
    absorb(trunk, i);
  }
  return us;
}

/// Trunks that stand at the places, and what a note took them in each round
typedef struct {
  CnModel* model;
  CnTrunk* trunks[N_PLACES];
  double   times[N_PLACES][N_ROUNDS];
} Entry;

static void
open_entry(Entry* const entry, const CnDistance distance, const CnNumber number)
{
  entry->model = make_model(distance, number);
  for (unsigned p = 0; p < N_PLACES; ++p) {
    entry->trunks[p] = cn_trunk_new(entry->model, places[p] + N_EACH);
    cn_bench_refuse(!entry->trunks[p]);
    for (uint32_t i = 0; i < places[p]; ++i) {
      absorb(entry->trunks[p], i);
    }
  }
}

static void
close_entry(Entry* const entry)
{
  for (unsigned p = 0; p < N_PLACES; ++p) {
    cn_trunk_free(entry->trunks[p]);
  }
  cn_model_free(entry->model);
}

int
main(void)
{
  static Entry entries[N_ENTRIES]; // By each distance in floats, in 8 bits
  for (unsigned e = 0; e < N_ENTRIES; ++e) {
    open_entry(&entries[e], (CnDistance)(e / 2), e % 2 ? CN_NUMBER_INT8 : CN_NUMBER_FLOAT);
  }
  for (unsigned round = 0; round < N_ROUNDS; ++round) {
    for (unsigned p = 0; p < N_PLACES; ++p) {
      for (unsigned e = 0; e < N_ENTRIES; ++e) {
        entries[e].times[p][round] = measure(entries[e].trunks[p], places[p]);
      }
    }
  }

  printf("attention, %u layers of %u, %u notes; %zu parameters\n", shape.layers, shape.hidden, shape.window,
         cn_layout_count(cn_model_layout(entries[0].model)));
  printf("%-8s %-12s %14s %10s %14s %10s\n", "distance", "notes before", "floats, median", "least",
         "8 bits, median", "least");
  for (unsigned p = 0; p < N_PLACES; ++p) {
    for (unsigned e = 0; e < N_ENTRIES; ++e) {
      double* const times = entries[e].times[p];
      qsort(times, N_ROUNDS, sizeof(double), cn_timing_compare);
      if (e % 2 == 0) {
        printf("%-8s %-12u", cn_distance_name((CnDistance)(e / 2)), places[p]);
      }
      printf(" %11.1f us %7.1f us%s", times[N_ROUNDS / 2], times[0], e % 2 ? "\n" : "");
    }
  }
  for (unsigned e = 0; e < N_ENTRIES; ++e) {
    close_entry(&entries[e]);
  }
  return 0;
}
