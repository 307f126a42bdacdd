// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_eight.c
   What one note costs by 8 bits, by floats, and by RTNeural where it was built with it (make RTNEURAL=path
   bench): the network alone, once its inputs are known.  RTNeural's has the same products, gates and heads,
   but no sums of rows of tables, which ours has for its inputs.

   Warm: one note after the other.  Cold: before each, so much other memory is read that no cache has the
   weights. All take turns, so that a machine that is busy elsewhere is so for all of them; told are the least
   and the median round, and the ratio of medians to RTNeural's.  Then how long it takes to load a file of 8
   bits, and a note of the notebook's networks in the sizes that are shipped, by floats and by 8 bits.
*/

#include "tests/bench/notebook_weights.h"
#include "tests/bench/timing.h"
#include "tests/support/scratch.h"

#include "dsp/base/random.h"
#include "dsp/network/network.h"
#include "dsp/notebook/network.h"
#include "tools/base/file.h"
#include "tools/judge/weights.h"
#include "tools/notebook/weights.h"

#include "tests/bench/peer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SHIPPED "plugin/models/default.safetensors.zst"
#define EVICTION ((size_t)48 << 20) ///< [bytes] more than caches have
#define LINE 64                     ///< [bytes]

enum { WINDOW = 50, N_NOTES = 100, N_ROUNDS = 41, N_COLD = 41, N_WINDOWS = 161, N_SIZES = 2, N_KINDS = 3 };

/// How the same is computed
typedef enum { BY_FLOATS, BY_BYTES, BY_PEER } Kind;

static const char* const kind_names[N_KINDS] = {"floats", "8 bits", "RTNeural"};
static const CnShape     shapes[N_SIZES]     = {{.cell = CN_CELL_GRU, .hidden = 256, .head = 128},
                                                {.cell = CN_CELL_GRU, .hidden = 512, .head = 192}};

typedef struct {
  Kind       kind;
  CnModel*   model;
  CnNetwork* network;
  CnPeer*    peer;
  double     warm[N_ROUNDS]; ///< [microseconds] a note
  double     cold[N_COLD];   ///< [microseconds] a note
} Entry;

/// What the networks are given for a note
typedef struct {
  CnNoteInput input;
  CnHeadInput site[CN_N_FACTORS];
} Given;

static Given            given[N_NOTES];
static volatile uint8_t eviction[EVICTION];

// Notes at random, and what a network is told of them
static void
make_given(void)
{
  CnContext* const context = cn_context_new(N_NOTES);
  CnRandom         random  = cn_random(5, 0, 0, 0, 0);
  int32_t          onset   = 0;
  cn_bench_refuse(!context);
  for (unsigned i = 0; i < N_NOTES; ++i) {
    onset += 6 * (int32_t)(1 + cn_random_below(&random, 3));
    const CnNote         note = {.onset    = onset,
                                 .duration = 12,
                                 .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                 .pitch    = (uint8_t)(40 + cn_random_below(&random, 40)),
                                 .velocity = (uint8_t)(40 + cn_random_below(&random, 40))};
    const CnConditioning next = {.onset = onset + 6, .bar = note.bar, .motif = true, .chord = CN_CHORD_NONE};
    cn_context_push(context, &note);
    cn_context_input(context, &given[i].input);
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      cn_context_head(context, (CnFactor)f, &next, &given[i].site[f]);
    }
  }
  cn_context_free(context);
}

#ifdef CN_HAS_RTNEURAL

static CnPeer*
make_peer(const CnShape* const shape)
{
  int n_outputs[CN_N_FACTORS];
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    n_outputs[f] = (int)cn_head_outputs((CnFactor)f);
  }
  return cn_peer_new((int)shape->hidden, (int)shape->head, n_outputs);
}

#else

static CnPeer*
make_peer(const CnShape* const shape)
{
  (void)shape;
  return NULL;
}

void
cn_peer_note(CnPeer* const peer)
{
  (void)peer;
}

void
cn_peer_free(CnPeer* const peer)
{
  (void)peer;
}

#endif

static Entry
make_entry(const CnShape* const shape, const Kind kind)
{
  Entry    entry = {.kind = kind};
  CnLayout layout;
  if (kind == BY_PEER) {
    entry.peer = make_peer(shape);
    return entry;
  }
  cn_bench_refuse(cn_layout_init(&layout, shape) != CN_STATUS_SUCCESS);
  float* const parameters = cn_bench_weights(layout.n_parameters);
  entry.model = kind == BY_BYTES ? cn_model_new_int8(&layout, parameters) : cn_model_new(&layout, parameters);
  free(parameters);
  cn_bench_refuse(!entry.model);
  entry.network = cn_network_new(entry.model, 0);
  cn_bench_refuse(!entry.network);
  cn_network_begin(entry.network);
  return entry;
}

static void
clear(Entry* const entry)
{
  cn_network_free(entry->network);
  cn_model_free(entry->model);
  cn_peer_free(entry->peer);
}

// Absorb a note, and predict the one after it
static void
compute(const Entry* const entry, const Given* const note)
{
  float logits[CN_MAX_CLASSES];
  if (entry->kind == BY_PEER) {
    cn_peer_note(entry->peer);
    return;
  }
  cn_network_absorb(entry->network, &note->input);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    cn_network_logits(entry->network, (CnFactor)f, &note->site[f], logits);
  }
}

static void
measure_warm(Entry* const entry, const unsigned round)
{
  compute(entry, &given[0]);
  const double began = cn_timing_now();
  for (unsigned i = 1; i < N_NOTES; ++i) {
    compute(entry, &given[i]);
  }
  entry->warm[round] = (cn_timing_now() - began) / (N_NOTES - 1);
}

static void
measure_cold(Entry* const entry, const unsigned round)
{
  enum { N = 4 };
  double sum = 0.0;
  for (unsigned i = 0; i < N; ++i) {
    for (size_t at = 0; at < EVICTION; at += LINE) {
      ++eviction[at];
    }
    const double began = cn_timing_now();
    compute(entry, &given[i]);
    sum += cn_timing_now() - began;
  }
  entry->cold[round] = sum / N;
}

static void
tell(const CnShape* const shape, Entry entries[N_KINDS])
{
  for (unsigned k = 0; k < N_KINDS; ++k) {
    qsort(entries[k].warm, N_ROUNDS, sizeof(double), cn_timing_compare);
    qsort(entries[k].cold, N_COLD, sizeof(double), cn_timing_compare);
  }
  const Entry* const peer = &entries[BY_PEER];
  for (unsigned k = 0; k < N_KINDS; ++k) {
    const Entry* const entry = &entries[k];
    if (entry->kind != BY_PEER || entry->peer) {
      printf("GRU %-4u %-10s %9.1f %9.1f %9.1f", shape->hidden, kind_names[k], entry->warm[0],
             entry->warm[N_ROUNDS / 2], entry->cold[N_COLD / 2]);
    }
    if (peer->peer) {
      printf(" %9.2f %9.2f", entry->warm[N_ROUNDS / 2] / peer->warm[N_ROUNDS / 2],
             entry->cold[N_COLD / 2] / peer->cold[N_COLD / 2]);
    }
    printf("\n");
  }
}

static void
race(const CnShape* const shape)
{
  Entry entries[N_KINDS];
  for (unsigned k = 0; k < N_KINDS; ++k) {
    entries[k] = make_entry(shape, (Kind)k);
  }
  const unsigned n = entries[BY_PEER].peer ? N_KINDS : N_KINDS - 1;
  for (unsigned round = 0; round < N_ROUNDS; ++round) {
    for (unsigned k = 0; k < n; ++k) {
      measure_warm(&entries[k], round);
    }
  }
  for (unsigned round = 0; round < N_COLD; ++round) {
    for (unsigned k = 0; k < n; ++k) {
      measure_cold(&entries[k], round);
    }
  }
  tell(shape, entries);
  for (unsigned k = 0; k < N_KINDS; ++k) {
    clear(&entries[k]);
  }
}

// The least that a file takes to load [us]
static double
time_loading(const char* const path)
{
  double least = 1e9;
  for (unsigned i = 0; i < 5; ++i) {
    const double   began = cn_timing_now();
    CnModel* const model = cn_weights_load("bench_eight", path, NULL);
    const double   took  = cn_timing_now() - began;
    cn_bench_refuse(!model);
    least = took < least ? took : least;
    cn_model_free(model);
  }
  return least;
}

// How long a file of 8 bits takes to load
static void
tell_loading(const CnShape* const shape)
{
  const char* const path = cn_scratch_own("eight.safetensors");
  CnLayout          layout;
  cn_bench_refuse(cn_layout_init(&layout, shape) != CN_STATUS_SUCCESS);
  float* const parameters = cn_bench_weights(layout.n_parameters);
  cn_bench_refuse(cn_weights_save(path, &layout, parameters, CN_DTYPE_I8, NULL, 0) != CN_STATUS_SUCCESS);
  free(parameters);
  printf("GRU %u: a file of 8 bits is loaded in %.1f ms\n", shape->hidden, 1e-3 * time_loading(path));
  remove(path);
}

// --- The notebook's networks, as they are shipped, and in their author's sizes

static const char* const stacks[][CN_N_NOTEBOOK_TASKS] = {{"96,96", "48,48"}, {"512,256,128", "256,256"}};

// Of random weights, as a file of one kind of numbers has them
static CnNotebookModel*
make_notebook(const char* const texts[CN_N_NOTEBOOK_TASKS], const CnDtype dtype)
{
  const char* const path  = cn_scratch_own("notebook.safetensors");
  CnBenchNotebook   made  = cn_bench_notebook(texts, WINDOW);
  CnNotebookModel*  model = NULL;
  uint8_t*          data  = NULL;
  size_t            size  = 0;
  char              fault[128];
  cn_bench_refuse(cn_notebook_weights_save(path, made.nets, &made.scale, NULL,
                                           (const float* const*)made.parameters, dtype, NULL, 0) ||
                  cn_file_read(path, 1 << 26, &data, &size) ||
                  cn_notebook_model_load(data, size, &model, CN_FAULT(fault)));
  remove(path);
  free(data);
  cn_bench_notebook_clear(&made);
  return model;
}

static void
tell_notebook(const char* const texts[CN_N_NOTEBOOK_TASKS])
{
  static const CnDtype     dtypes[] = {CN_DTYPE_F32, CN_DTYPE_I8};
  static const char* const names[]  = {"floats", "8 bits"};
  static CnNote            notes[WINDOW + N_WINDOWS];
  CnNotebookModel*         model[2];
  CnNotebookNetwork*       network[2];
  double                   took[2][N_WINDOWS];
  for (int i = 0; i < WINDOW + N_WINDOWS; ++i) {
    notes[i] = (CnNote){.onset = 6 * i, .duration = 12, .pitch = (uint8_t)(40 + 7 * i % 40), .velocity = 70};
  }
  for (unsigned k = 0; k < 2; ++k) {
    model[k]   = make_notebook(texts, dtypes[k]);
    network[k] = cn_notebook_network_new(model[k]);
    cn_bench_refuse(!network[k]);
  }
  for (unsigned i = 0; i < 2 * N_WINDOWS; ++i) {
    float               logits[CN_N_PITCHES];
    float               times[2];
    const CnNote* const from  = notes + i / 2; // As in playing: the window before, a note later
    const double        began = cn_timing_now();
    cn_notebook_network_pitch(network[i % 2], from, WINDOW + 1, logits);
    cn_notebook_network_timing(network[i % 2], from, WINDOW + 1, &times[0], &times[1]);
    took[i % 2][i / 2] = cn_timing_now() - began;
  }
  for (unsigned k = 0; k < 2; ++k) {
    qsort(took[k], N_WINDOWS, sizeof(double), cn_timing_compare);
    printf("%-11s and %-7s %-6s %9.1f %9.1f\n", texts[0], texts[1], names[k], took[k][0],
           took[k][N_WINDOWS / 2]);
    cn_notebook_network_free(network[k]);
    cn_notebook_model_free(model[k]);
  }
}

int
main(void)
{
  make_given();
  printf("%-19s %9s %9s %9s %9s %9s\n", "one note, us", "least", "median", "cold", "to peer", "cold");
  for (unsigned i = 0; i < N_SIZES; ++i) {
    race(&shapes[i]);
  }
  for (unsigned i = 0; i < N_SIZES; ++i) {
    tell_loading(&shapes[i]);
  }
  printf("The shipped model, compressed, is loaded in %.1f ms\n", 1e-3 * time_loading(SHIPPED));
  printf("%-31s %9s %9s\n", "one note of the notebook's, us", "least", "median");
  for (unsigned i = 0; i < sizeof(stacks) / sizeof(stacks[0]); ++i) {
    tell_notebook(stacks[i]);
  }
  return 0;
}
