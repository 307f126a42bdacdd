// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_note.c
   What one note costs, by architecture: the predictions of all its factors, on one thread, after a window's
   worth of notes.

   Weights are random, as time does not depend on them.  The models take turns, so that a machine that is
   busy elsewhere is so for all of them; told is the median round; beside it, what an
   instance may come to occupy so that it can go back.
*/

#include "tests/bench/notebook_weights.h"
#include "tests/bench/timing.h"

#include "tools/judge/evaluation.h"

#include "dsp/base/random.h"
#include "dsp/network/composer.h"
#include "dsp/network/network.h"
#include "dsp/notebook/network.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  N_NOTES  = 200, ///< Of the piece
  N_SEED   = 4,   ///< Notes a round of the notebook's networks, which is slow
  N_ROUNDS = 41,
  WINDOW   = 50, ///< [notes] that the notebook's networks reads
};

/// One model, and how it went
typedef struct {
  const char*        name;
  size_t             n_parameters;
  size_t             n_kept;    ///< [bytes] that one composer's network keeps of its notes, if it can go back
  CnModel*           model;     ///< Ours, or null
  CnEvaluator*       evaluator; ///< Ours
  CnNotebookModel*   seed;      ///< The seed's, or null
  CnNotebookNetwork* network;   ///< The seed's
  double             times[N_ROUNDS]; ///< [microseconds] a note
} Entry;

static CnNote  notes[N_NOTES];
static CnPiece piece = {.notes = notes, .n_notes = N_NOTES};

static void
make_piece(void)
{
  CnRandom random = cn_random(5, 0, 0, 0, 0);
  int32_t  onset  = 0;
  for (unsigned i = 0; i < N_NOTES; ++i) {
    onset += 6 * (int32_t)(1 + cn_random_below(&random, 3));
    notes[i] = (CnNote){.onset    = onset,
                        .duration = 12,
                        .bar      = cn_bar_place((CnBar){0, 96}, onset),
                        .pitch    = (uint8_t)(40 + cn_random_below(&random, 40)),
                        .velocity = (uint8_t)(40 + cn_random_below(&random, 40))};
  }
}

static Entry
make_ours(const char* const name, const CnCell cell, const uint32_t hidden, const uint32_t head)
{
  CnLayout layout;
  cn_bench_refuse(cn_layout_init(&layout, &(CnShape){.cell = cell, .hidden = hidden, .head = head}));
  float* const   parameters = cn_bench_weights(layout.n_parameters);
  CnModel* const model      = cn_model_new(&layout, parameters);
  free(parameters);
  cn_bench_refuse(!model);
  CnEvaluator* const evaluator = cn_evaluator_new(model, N_NOTES);
  cn_bench_refuse(!evaluator);
  CnNetwork* const network = cn_network_new(model, CN_COMPOSER_CAPACITY);
  cn_bench_refuse(!network);
  const size_t n_kept = cn_network_size(network);
  cn_network_free(network);
  return (Entry){.name         = name,
                 .n_parameters = cn_layout_count(&layout),
                 .n_kept       = n_kept,
                 .model        = model,
                 .evaluator    = evaluator};
}

static Entry
make_seed(const char* const name, const char* const pitch, const char* const timing)
{
  const char* const      texts[CN_N_NOTEBOOK_TASKS] = {pitch, timing};
  CnBenchNotebook        made                       = cn_bench_notebook(texts, WINDOW);
  CnNotebookModel* const model =
      cn_notebook_model_new(made.nets, &made.scale, NULL, (const float* const*)made.parameters);
  cn_bench_notebook_clear(&made);
  cn_bench_refuse(!model);
  CnNotebookNetwork* const network = cn_notebook_network_new(model);
  cn_bench_refuse(!network);
  return (Entry){.name         = name,
                 .n_parameters = cn_notebook_net_count(&made.nets[0]) + cn_notebook_net_count(&made.nets[1]),
                 .seed         = model,
                 .network      = network};
}

static void
clear(Entry* const entry)
{
  cn_evaluator_free(entry->evaluator);
  cn_model_free(entry->model);
  cn_notebook_network_free(entry->network);
  cn_notebook_model_free(entry->seed);
}

static void
measure(Entry* const entry, const unsigned round)
{
  const double began = cn_timing_now();
  unsigned     n     = N_NOTES - 1;
  if (entry->evaluator) {
    cn_evaluator_score(entry->evaluator, &piece, true, false, 0);
  } else {
    for (n = 0; n < N_SEED; ++n) {
      float logits[CN_N_PITCHES];
      float duration = 0.0F;
      float step     = 0.0F;
      cn_notebook_network_pitch(entry->network, notes, N_NOTES - n, logits);
      cn_notebook_network_timing(entry->network, notes, N_NOTES - n, &duration, &step);
    }
  }
  entry->times[round] = (cn_timing_now() - began) / n;
}

int
main(void)
{
  make_piece();
  Entry entries[] = {
      make_ours("LSTM 256, heads of 128", CN_CELL_LSTM, 256, 128),
      make_ours("GRU 256, heads of 128", CN_CELL_GRU, 256, 128),
      make_ours("GRU 512, heads of 192", CN_CELL_GRU, 512, 192),
      make_seed("seed 96,96 and 48,48", "96,96", "48,48"),
      make_seed("seed 512,256,128 and 256,256", "512,256,128", "256,256"),
  };
  enum { N_ENTRIES = sizeof(entries) / sizeof(entries[0]) };

  for (unsigned round = 0; round < N_ROUNDS; ++round) {
    for (unsigned i = 0; i < N_ENTRIES; ++i) {
      measure(&entries[i], round);
    }
  }
  printf("%-30s %12s %14s %12s %12s\n", "one note, one thread", "parameters", "us, median", "us, least",
         "KiB, most");
  for (unsigned i = 0; i < N_ENTRIES; ++i) {
    Entry* const entry = &entries[i];
    qsort(entry->times, N_ROUNDS, sizeof(double), cn_timing_compare);
    printf("%-30s %12zu %14.1f %12.1f %12zu\n", entry->name, entry->n_parameters, entry->times[N_ROUNDS / 2],
           entry->times[0], entry->n_kept / 1024);
    clear(entry);
  }
  return 0;
}
