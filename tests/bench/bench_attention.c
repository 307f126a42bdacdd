// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_attention.c
   What one note costs a trunk of attention, by how many came before: heads and context are left out.

   Weights are random, as time does not depend on them.  The places take turns, so that a machine that is busy
   elsewhere is so for all of them; told is the median round.
*/

#include "tests/bench/timing.h"

#include "dsp/base/random.h"
#include "dsp/network/trunk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_PLACES = 4, N_ROUNDS = 31, N_EACH = 32 };

static const uint32_t places[N_PLACES] = {64, 512, 2000, 10000}; // Notes before
static const CnShape  shape            = {
                .cell = CN_CELL_ATTENTION, .hidden = 256, .head = 192, .layers = 4, .heads = 4, .window = 512};

static void
refuse(const bool is_refused)
{
  if (is_refused) {
    fprintf(stderr, "bench_attention: out of memory\n");
    exit(1);
  }
}

static CnModel*
make_model(void)
{
  CnLayout layout;
  CnRandom random = cn_random(6, 0, 0, 0, 0);
  refuse(cn_layout_init(&layout, &shape));
  float* const parameters = malloc(layout.n_parameters * sizeof(float));
  refuse(!parameters);
  for (size_t i = 0; i < layout.n_parameters; ++i) {
    parameters[i] = 0.1F * (cn_random_uniform(&random) - 0.5F);
  }
  CnModel* const model = cn_model_new(&layout, parameters);
  refuse(!model);
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

int
main(void)
{
  CnModel* const model = make_model();
  CnTrunk*       trunks[N_PLACES];
  double         times[N_PLACES][N_ROUNDS];
  for (unsigned p = 0; p < N_PLACES; ++p) {
    trunks[p] = cn_trunk_new(model, places[p] + N_EACH);
    refuse(!trunks[p]);
    for (uint32_t i = 0; i < places[p]; ++i) {
      absorb(trunks[p], i);
    }
  }
  for (unsigned round = 0; round < N_ROUNDS; ++round) {
    for (unsigned p = 0; p < N_PLACES; ++p) {
      times[p][round] = measure(trunks[p], places[p]);
    }
  }

  printf("attention, %u layers of %u, %u notes; %zu parameters\n", shape.layers, shape.hidden, shape.window,
         cn_layout_count(cn_model_layout(model)));
  printf("%-12s %12s %12s\n", "notes before", "us, median", "us, least");
  for (unsigned p = 0; p < N_PLACES; ++p) {
    qsort(times[p], N_ROUNDS, sizeof(double), cn_timing_compare);
    printf("%-12u %12.1f %12.1f\n", places[p], times[p][N_ROUNDS / 2], times[p][0]);
    cn_trunk_free(trunks[p]);
  }
  cn_model_free(model);
  return 0;
}
