// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_train.c
   How fast training is, and what its products alone would cost in BLIS.

   bench_train.sh sets this beside PyTorch: see there.  The corpus is the folder CORPUS, or music that is
   made up.  The recipe is that of `continuo train`.
*/

#include "tests/bench/race.h"

#include "tools/gradient/adamw.h"
#include "tools/gradient/blas.h"
#include "tools/gradient/gradient_internal.h"
#include "tools/gradient/parameters.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  STREAMS   = CN_RACE_STREAMS,
  STEPS     = CN_RACE_STEPS,
  WARM_UP   = 4, ///< [batches] that are not timed
  MAX_PARTS = STREAMS,
};

/// Notes a second: by the clock, and as if each worker had had a processor to itself
static void
print_speed(const double notes, const CnRaceTime start, const CnRaceTime end, const size_t n_threads)
{
  printf("%.0f %.0f\n", notes / (end.wall - start.wall), notes * (double)n_threads / (end.cpu - start.cpu));
}

// --- Continuo

typedef struct {
  double     seconds; ///< To train for
  CnRaceTime start;   ///< After the warm-up
  CnRaceTime end;
  double     n_timed; ///< Batches since then
} Watch;

static bool
watch_step(void* const handle, const CnProgress* const progress)
{
  Watch* const watch = (Watch*)handle;
  if (progress->step == WARM_UP) {
    watch->start = cn_race_now();
  } else if (progress->step > WARM_UP) {
    watch->n_timed += 1.0;
    watch->end = cn_race_now();
  }
  return watch->end.wall - watch->start.wall < watch->seconds;
}

/// Train, without validation
static CnStatus
time_training(CnCorpus* const corpus, const size_t n_threads, const double seconds)
{
  const CnRecipe recipe  = cn_race_recipe(n_threads);
  const size_t   n_valid = corpus->n_in_split[CN_SPLIT_VALID];
  Watch          watch   = {.seconds = seconds};
  CnLayout       layout;
  if (cn_layout_init(&layout, &recipe.shape)) {
    return CN_STATUS_BAD_VALUE;
  }
  float* const parameters            = calloc(layout.n_parameters, sizeof(float));
  corpus->n_in_split[CN_SPLIT_VALID] = 0;
  const CnStatus status =
      parameters ? cn_train(corpus, &recipe, &layout, watch_step, &watch, parameters) : CN_STATUS_NO_MEMORY;
  corpus->n_in_split[CN_SPLIT_VALID] = n_valid;
  free(parameters);
  if (!status) {
    print_speed(STREAMS * STEPS * watch.n_timed, watch.start, watch.end, n_threads);
  }
  return status;
}

// --- The products alone

typedef struct {
  size_t streams;
  double until;
  size_t n_batches;
} Products;

/// c = a * b of these shapes, all in rows; the numbers do not matter
static void
multiply(const size_t m, const size_t n, const size_t k, float* const x)
{
  static const size_t far = (size_t)1 << 21;
  cn_gemm(m, n, k, (CnConstMatrix){x, (ptrdiff_t)k, 1}, (CnConstMatrix){x + far, (ptrdiff_t)n, 1}, 0.0F,
          (CnMatrix){x + 2 * far, (ptrdiff_t)n, 1});
}

/// The same with a (k, m) matrix on the left, as the gradient of a weight needs it
static void
multiply_transposed(const size_t m, const size_t n, const size_t k, float* const x)
{
  static const size_t far = (size_t)1 << 21;
  cn_gemm(m, n, k, (CnConstMatrix){x, 1, (ptrdiff_t)m}, (CnConstMatrix){x + far, (ptrdiff_t)n, 1}, 0.0F,
          (CnMatrix){x + 2 * far, (ptrdiff_t)n, 1});
}

/// A weight (n, k) of a layer over N notes: forward, its gradient, and that of its inputs
static void
run_layer(const size_t n_notes, const size_t n, const size_t k, float* const x)
{
  multiply(n_notes, n, k, x);
  multiply_transposed(n, k, n_notes, x);
  multiply(n_notes, k, n, x);
}

static void
run_products(const CnShape* const shape, const size_t n_streams, float* const x)
{
  const size_t n_notes = n_streams * STEPS;
  const size_t H       = shape->hidden;
  const size_t W       = H * cn_cell_gates(shape->cell);
  for (size_t t = 0; t < STEPS; ++t) {
    multiply(n_streams, W, H, x);
    multiply(n_streams, H, W, x);
  }
  multiply_transposed(W, H, n_notes, x);
  run_layer(n_notes, (size_t)CN_N_FACTORS * shape->head, H, x);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    run_layer(n_notes, cn_head_outputs((CnFactor)f), shape->head, x);
  }
  multiply(n_notes, shape->head, CN_N_CHROMA, x);
  multiply_transposed(CN_N_CHROMA, shape->head, n_notes, x);
}

static void*
repeat_products(void* const handle)
{
  Products* const products = (Products*)handle;
  const CnRecipe  recipe   = cn_race_recipe(1);
  float* const    x        = calloc((size_t)3 << 21, sizeof(float));
  while (x && cn_race_now().wall < products->until) {
    run_products(&recipe.shape, products->streams, x);
    ++products->n_batches;
  }
  free(x);
  return NULL;
}

/// As if there were nothing but products
static void
time_products(const size_t n_threads, const double seconds)
{
  Products         parts[MAX_PARTS];
  pthread_t        threads[MAX_PARTS];
  const CnRaceTime start = cn_race_now();
  size_t           notes = 0;
  cn_blas_init();
  for (size_t w = 0; w < n_threads; ++w) {
    parts[w] = (Products){STREAMS / n_threads, start.wall + seconds, 0};
    if (pthread_create(&threads[w], NULL, repeat_products, &parts[w])) {
      exit(1);
    }
  }
  for (size_t w = 0; w < n_threads; ++w) {
    pthread_join(threads[w], NULL);
    notes += parts[w].n_batches * parts[w].streams * STEPS;
  }
  print_speed((double)notes, start, cn_race_now(), n_threads);
}

// --- Layer by layer; nothing of it is freed before the end of the program

static CnStream*   train_streams[STREAMS];
static CnBatch     train_batch;
static CnGradient* train_gradient;
static float*      train_vectors[4]; ///< Parameters, gradient, its mean, its mean square

enum { LAYER_DATA, LAYER_FORWARD, LAYER_HEADS, LAYER_BACKWARD, LAYER_UPDATE, N_LAYERS };

/// What a training step does, by one thread, with the time of each part added to `times`
static void
run_layers(CnStream** const streams, CnBatch* const batch, CnGradient* const g, float* const vectors[4],
           double times[N_LAYERS])
{
  const size_t  n     = g->layout.n_parameters;
  const CnAdamw adamw = {3e-3F, 0.9F, 0.99F, 1e-8F, 0.02F, 1000};
  CnLoss        loss  = {.n_notes = 0.0};
  double        clocks[N_LAYERS + 1];
  clocks[LAYER_DATA] = cn_race_now().cpu;
  cn_race_fill(streams, batch);
  clocks[LAYER_FORWARD] = cn_race_now().cpu;
  g->parameters         = vectors[0];
  g->batch              = batch;
  g->out                = vectors[1];
  memset(g->out, 0, n * sizeof(float));
  g->tape->kind->forward(g, cn_race_recipe(1).dropout, cn_random(1, 2, 3, 4, 5));
  clocks[LAYER_HEADS] = cn_race_now().cpu;
  cn_heads_run(g, 1.0F / (STREAMS * STEPS), cn_race_recipe(1).dropout, cn_random(1, 2, 3, 4, 5), &loss);
  clocks[LAYER_BACKWARD] = cn_race_now().cpu;
  g->tape->kind->backward(g, cn_race_recipe(1).dropout);
  clocks[LAYER_UPDATE] = cn_race_now().cpu;
  cn_adamw_step(&adamw, n, 1.0F, vectors[1], vectors[2], vectors[3], vectors[0]);
  clocks[N_LAYERS] = cn_race_now().cpu;
  for (unsigned layer = 0; layer < N_LAYERS; ++layer) {
    times[layer] += clocks[layer + 1] - clocks[layer];
  }
}

static bool
time_layers(const CnCorpus* const corpus, const double seconds)
{
  static const char* const names[N_LAYERS] = {"making a batch", "trunk, forward",
                                              "heads, forward and backward", "trunk, backward", "optimiser"};
  const CnRecipe           recipe          = cn_race_recipe(1);
  double                   times[N_LAYERS] = {0.0};
  size_t                   n_batches       = 0;
  CnLayout                 layout;
  if (cn_layout_init(&layout, &recipe.shape) || cn_batch_init(&train_batch, STREAMS, STEPS) ||
      !cn_race_streams(corpus, CN_SPLIT_TRAIN, train_streams)) {
    return false;
  }
  train_gradient = cn_gradient_new(&layout, STREAMS, STEPS);
  for (unsigned v = 0; v < 4; ++v) {
    train_vectors[v] = calloc(layout.n_parameters, sizeof(float));
    if (!train_gradient || !train_vectors[v]) {
      return false;
    }
  }
  cn_parameters_init(&layout, 1, train_vectors[0]);
  for (const CnRaceTime start = cn_race_now(); cn_race_now().cpu < start.cpu + seconds; ++n_batches) {
    run_layers(train_streams, &train_batch, train_gradient, train_vectors, times);
  }
  for (unsigned layer = 0; layer < N_LAYERS; ++layer) {
    printf("  %-50s %7.2f ms\n", names[layer], 1e3 * times[layer] / (double)n_batches);
  }
  return true;
}

// --- Batches for others

/// The first batches of the training, as they are in memory
static bool
write_batches(const CnCorpus* const corpus, const size_t n_batches, const char* const path)
{
  FILE* const file = fopen(path, "wb");
  bool        good = file && !cn_batch_init(&train_batch, STREAMS, STEPS) &&
              cn_race_streams(corpus, CN_SPLIT_TRAIN, train_streams);
  for (size_t i = 0; good && i < n_batches; ++i) {
    cn_race_fill(train_streams, &train_batch);
    good = cn_race_write(file, &train_batch);
  }
  return file && !fclose(file) && good;
}

static int
print_usage(void)
{
  fprintf(stderr, "usage: bench_train train|products WORKERS\n"
                  "       bench_train layers\n"
                  "       bench_train batches N FILE\n");
  return 2;
}

int
main(const int argc, char** const argv)
{
  const char* const what    = argc > 1 ? argv[1] : "";
  const size_t      number  = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 1;
  const double      seconds = (double)cn_race_size("SECONDS_EACH", 4);
  static CnCorpus   corpus;
  bool              good = false;
  if (!number || (strcmp(what, "batches") && STREAMS % number)) {
    return print_usage();
  }
  if (strcmp(what, "products") && !cn_race_corpus(&corpus)) {
    return 1;
  }
  if (!strcmp(what, "train")) {
    good = !time_training(&corpus, number, seconds);
  } else if (!strcmp(what, "products")) {
    time_products(number, seconds);
    good = true;
  } else if (!strcmp(what, "layers")) {
    good = time_layers(&corpus, seconds);
  } else if (!strcmp(what, "batches") && argc == 4) {
    good = write_batches(&corpus, number, argv[3]);
  } else {
    return print_usage();
  }
  return good ? 0 : 1;
}
