// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file play.c
   Play by networks of 8 bits and of floats, and print a hash of the notes and one of all floats on their way.

   A program of its own and not a test: tests/whole/test_same_notes.c builds it by several compilers, for
   several processors, and compares what they print.  It is linked without libm: a note does not need it.

   Usage: play NOTES [KERNEL], where KERNEL is a number of CnDot8 that has to be there.
*/

#include "dsp/base/hash.h"
#include "dsp/base/random.h"
#include "dsp/kernel/dot8.h"
#include "dsp/network/composer.h"
#include "dsp/network/network.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_NOTES = 16384, SEED = 16, N_VECTORS = 300, ADAPTATION = 100 };

static const CnShape shapes[] = {
    {.cell = CN_CELL_GRU, .hidden = 96, .head = 48},
    {.cell = CN_CELL_LSTM, .hidden = 40, .head = 24},
    {.cell = CN_CELL_ATTENTION, .hidden = 48, .head = 24, .layers = 2, .heads = 3, .window = 64},
    {.cell     = CN_CELL_ATTENTION,
     .hidden   = 48,
     .head     = 24,
     .layers   = 2,
     .heads    = 3,
     .window   = 64,
     .distance = CN_DISTANCE_ROTARY},
};

static CnNote notes[MOST_NOTES + CN_SEGMENT_NOTES];

// --- The music

static void
refuse(const int is_refused, const char* const what)
{
  if (is_refused) {
    fprintf(stderr, "play: %s\n", what);
    exit(1);
  }
}

// Weights at random, which like short steps
static CnModel*
make_model(const CnShape* const shape, const bool is_eight)
{
  CnLayout layout;
  CnRandom random = cn_random(14, 0, 0, 0, 0);
  refuse(cn_layout_init(&layout, shape) != CN_STATUS_SUCCESS, "impossible shape");
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  refuse(!parameters, "out of memory");
  for (size_t i = 0; i < layout.n_parameters; ++i) {
    parameters[i] = 0.5F * (cn_random_uniform(&random) - 0.5F);
  }
  float* const bias = parameters + layout.place[cn_head_weight(CN_FACTOR_DT, CN_HEAD_OUT_BIAS)].offset;
  for (unsigned dt = 0; dt < CN_N_DTS; ++dt) {
    bias[dt] -= 0.2F * (float)dt;
  }
  CnModel* const model =
      is_eight ? cn_model_new_int8(&layout, parameters) : cn_model_new(&layout, parameters);
  free(parameters);
  refuse(!model, "out of memory");
  cn_model_set_adaptation(model, ADAPTATION);
  return model;
}

static uint32_t
start(void)
{
  for (int32_t i = 0; i < SEED; ++i) {
    notes[i] = (CnNote){.onset    = 12 * i,
                        .duration = 12,
                        .bar      = cn_bar_place((CnBar){0, 96}, 12 * i),
                        .pitch    = (uint8_t)(60 + 7 * i % 12),
                        .velocity = 70};
  }
  return SEED;
}

static uint64_t
play(const CnModel* const model, const uint32_t n_wanted)
{
  CnComposer* const composer = cn_composer_new(model);
  refuse(!composer, "out of memory");
  uint32_t n = start();
  for (int32_t segment = SEED + 1; n < SEED + n_wanted; ++segment) {
    const CnPlanRequest request = {
        .segment   = segment,
        .bar       = {0, 96},
        .params    = {.temperature = 0.95F, .top_p = 0.97F, .motif = 0.7F, .chord = CN_CHORD_NONE, .take = 1},
        .history   = notes,
        .n_history = n};
    uint32_t n_new = 0;
    refuse(cn_composer_plan(composer, &request, notes + n, &n_new) != CN_STATUS_SUCCESS, "no plan");
    n += n_new;
  }
  cn_composer_free(composer);
  return cn_hash_bytes(0, notes, n * sizeof(CnNote));
}

// --- The floats

static uint64_t
hash_floats(const CnModel* const model)
{
  CnNetwork* const network = cn_network_new(model, 0);
  CnContext* const context = cn_context_new(N_VECTORS);
  uint64_t         hash    = 0;
  refuse(!network || !context, "out of memory");
  cn_network_begin(network);
  for (unsigned i = 0; i < N_VECTORS; ++i) {
    CnNoteInput    input;
    CnHeadInput    site = {.n_rows = 0};
    float          logits[CN_MAX_CLASSES];
    CnConditioning next = {
        .onset = notes[i].onset + 6, .bar = notes[i].bar, .motif = true, .chord = CN_CHORD_NONE};
    refuse(cn_context_push(context, &notes[i]) != CN_STATUS_SUCCESS, "a note that cannot be");
    cn_context_input(context, &input);
    cn_network_absorb(network, &input);
    hash =
        cn_hash_bytes(hash, cn_network_vector(network), cn_model_layout(model)->shape.hidden * sizeof(float));
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      cn_context_head(context, (CnFactor)f, &next, &site);
      cn_network_logits(network, (CnFactor)f, &site, logits);
      hash               = cn_hash_bytes(hash, logits, cn_factor_classes((CnFactor)f) * sizeof(float));
      const unsigned any = (31 * i + f) % (unsigned)cn_factor_classes((CnFactor)f);
      cn_network_learn(network, context, (CnFactor)f, &next, any, logits); // It changes all that comes after
    }
  }
  cn_network_free(network);
  cn_context_free(context);
  return hash;
}

int
main(const int argc, char** const argv)
{
  const uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
  refuse(n < N_VECTORS || n > MOST_NOTES - SEED, "from 300 to 16000 notes");
  refuse(argc > 2 && (unsigned)strtoul(argv[2], NULL, 10) != cn_dot8_best(), "another kernel is chosen");
  for (unsigned i = 0; i < 2 * sizeof(shapes) / sizeof(shapes[0]); ++i) {
    const CnShape* const shape    = &shapes[i / 2];
    const bool           is_eight = i % 2 == 0;
    CnModel* const       model    = make_model(shape, is_eight);
    const uint64_t       music    = play(model, n);
    printf("%s %d %016" PRIx64 " %016" PRIx64 "\n", cn_cell_name(shape->cell), is_eight ? 8 : 32, music,
           hash_floats(model));
    cn_model_free(model);
  }
  return 0;
}
