// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file bench_wall.c
   How long training takes until it predicts validation notes so well, motif matches shown.

   bench_wall.sh sets this beside PyTorch: see there.
*/

#include "tests/bench/race.h"

#include "tools/gradient/gradient.h"
#include "tools/gradient/parameters.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  N_EPOCHS = 4, ///< Length of the recipe
  PARTS    = 8, ///< Validations an epoch
};

typedef struct {
  double     target;  ///< [nats a note]
  double     before;  ///< Validation before this one
  CnRaceTime last;    ///< After the step before
  CnRaceTime trained; ///< Sum of the steps without a validation
  double     n_steps; ///< Of these
  uint64_t   step;    ///< Of the validation before
  double     reached; ///< Steps until the target
} Way;

static bool
go_on(void* const handle, const CnProgress* const progress)
{
  Way* const       way = (Way*)handle;
  const CnRaceTime now = cn_race_now();
  if (progress->is_validated) {
    const double nll = cn_loss_mean(&progress->valid);
    fprintf(stderr, "continuo: %5d batches, %.3f\n", (int)progress->step, nll);
    if (nll <= way->target) { // On a line between two validations
      const double share = way->before > nll ? (way->before - way->target) / (way->before - nll) : 1.0;
      way->reached       = (double)way->step + fmin(1.0, share) * (double)(progress->step - way->step);
    }
    way->before = nll;
    way->step   = progress->step;
  } else if (way->last.wall > 0.0) {
    way->trained.wall += now.wall - way->last.wall;
    way->trained.cpu += now.cpu - way->last.cpu;
    way->n_steps += 1.0;
  }
  way->last = now;
  return way->reached <= 0.0;
}

static bool
run_until(CnCorpus* const corpus, const double target)
{
  CnRecipe recipe = cn_race_recipe(1);
  Way      way    = {.target = target, .before = INFINITY};
  CnLayout layout;
  recipe.epochs = (double)N_EPOCHS * PARTS; // Of fewer notes: this is all that the number is used for
  corpus->n_notes_in[CN_SPLIT_TRAIN] /= PARTS;
  if (cn_layout_init(&layout, &recipe.shape)) {
    return false;
  }
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  if (!parameters || cn_train(corpus, &recipe, &layout, go_on, &way, parameters) || way.reached <= 0.0) {
    fprintf(stderr, "bench_wall: %.3f was not reached\n", target);
    free(parameters);
    return false;
  }
  printf("%.0f %.1f %.1f\n", way.reached, way.reached * way.trained.wall / way.n_steps,
         way.reached * way.trained.cpu / way.n_steps);
  free(parameters);
  return true;
}

static FILE*
open_file(const char* const folder, const char* const name)
{
  char path[4096];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  return fopen(path, "wb");
}

/// The weights to begin with, one after the other
static bool
write_weights(const char* const folder)
{
  const CnRecipe recipe = cn_race_recipe(1);
  FILE* const    file   = open_file(folder, "weights");
  CnLayout       layout;
  bool           good       = file && !cn_layout_init(&layout, &recipe.shape);
  float* const   parameters = good ? calloc(layout.n_parameters, sizeof(float)) : NULL;
  if (parameters) {
    cn_parameters_init(&layout, recipe.seed, parameters);
  }
  for (unsigned w = 0; parameters && w < CN_N_WEIGHTS; ++w) {
    const size_t n = (size_t)layout.place[w].rows * layout.place[w].columns;
    good           = good && fwrite(parameters + layout.place[w].offset, sizeof(float), n, file) == n;
  }
  free(parameters);
  return file && !fclose(file) && good;
}

static bool
write_split(const CnCorpus* const corpus, const CnSplit split, const size_t n_batches,
            const char* const folder)
{
  static CnStream* streams[CN_RACE_STREAMS];
  static CnBatch   batch;
  FILE* const      file = open_file(folder, split == CN_SPLIT_TRAIN ? "train" : "valid");
  bool             good = file && !cn_batch_init(&batch, CN_RACE_STREAMS, CN_RACE_STEPS) &&
              cn_race_streams(corpus, split, streams);
  for (size_t i = 0; good && i < n_batches; ++i) {
    cn_race_fill(streams, &batch);
    good = cn_race_write(file, &batch);
  }
  return file && !fclose(file) && good;
}

/// What PyTorch needs for as many batches; of the validation, until the longest stream has ended
static bool
write_all(const CnCorpus* const corpus, const size_t n_batches, const char* const folder)
{
  const size_t per_batch = (size_t)CN_RACE_STREAMS * CN_RACE_STEPS;
  const size_t n_valid = corpus->n_notes_in[CN_SPLIT_VALID] / per_batch + corpus->longest / CN_RACE_STEPS + 2;
  FILE* const  file    = open_file(folder, "run");
  const bool   good =
      file && fprintf(file, "%zu %d %d\n", corpus->n_notes_in[CN_SPLIT_TRAIN], N_EPOCHS, PARTS) > 0;
  return file && !fclose(file) && good && write_weights(folder) &&
         write_split(corpus, CN_SPLIT_TRAIN, n_batches, folder) &&
         write_split(corpus, CN_SPLIT_VALID, n_valid, folder);
}

int
main(const int argc, char** const argv)
{
  static CnCorpus corpus;
  bool            good = false;
  if (argc == 3 && !strcmp(argv[1], "until")) {
    good = cn_race_corpus(&corpus) && run_until(&corpus, strtod(argv[2], NULL));
  } else if (argc == 4 && !strcmp(argv[1], "write")) {
    good = cn_race_corpus(&corpus) && write_all(&corpus, (size_t)strtoul(argv[2], NULL, 10), argv[3]);
  } else {
    fprintf(stderr, "usage: bench_wall until NLL\n       bench_wall write BATCHES FOLDER\n");
  }
  return good ? 0 : 1;
}
