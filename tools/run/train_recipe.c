// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_recipe.h"

#define CHORDS_RATE 3e-3F    // Of a few rows that nobody has taught yet
#define FOLLOWING_RATE 5e-4F // Of rows of which a head hears dozens at once

// What suits corpora of some size
typedef struct {
  size_t      most_notes; // To learn from
  uint32_t    hidden;
  uint32_t    head;
  uint32_t    layers; // Of attention, which is half as wide
  uint32_t    n_streams;
  uint32_t    patience;
  double      epochs;
  float       dropout;
  const char* name;
} Size;

static const Size sizes[] = {{12000, 128, 128, 2, 32, 20, 120.0, 0.5F, "a handful of pieces"},
                             {100000, 128, 128, 2, 32, 12, 50.0, 0.4F, "a small corpus"},
                             {300000, 192, 128, 3, 32, 10, 30.0, 0.4F, "a corpus of middle size"},
                             {700000, 256, 128, 4, 32, 8, 20.0, 0.4F, "a large corpus"},
                             {3000000, 512, 192, 4, 32, 8, 20.0, 0.45F, "a very large corpus"},
                             {SIZE_MAX, 384, 192, 4, 64, 4, 6.0, 0.2F, "a huge corpus"}};

// What suits weights that know music already
static const Size tuning = {SIZE_MAX, 0, 0, 0, 32, 6, 20.0, 0.4F, "trained weights and a new corpus"};

CnRecipe
cn_recipe_open(void)
{
  return (CnRecipe){.shape          = {.cell = CN_CELL_GRU},
                    .n_threads      = 1,
                    .n_steps        = 64,
                    .seed           = 1,
                    .rate           = -1.0F,
                    .warmup         = 60,
                    .weight_decay   = 0.02F,
                    .clip           = 1.0F,
                    .dropout        = -1.0F,
                    .hide_motif     = 0.5F,
                    .hide_chord     = 0.6F,
                    .show_texture   = 0.85F,
                    .show_following = 0.25F,
                    .noise          = 0.4F,
                    .patience       = CN_PATIENCE_OPEN};
}

static const Size*
find_size(const size_t n_notes)
{
  const Size* size = sizes;
  while (n_notes > size->most_notes) {
    ++size;
  }
  return size;
}

static float
choose_rate(const CnRecipe* const recipe, const bool is_tuned)
{
  if (is_tuned) {
    return 3e-4F;
  }
  static const float rates[] = {[CN_CELL_LSTM] = 4e-3F, [CN_CELL_GRU] = 3e-3F, [CN_CELL_ATTENTION] = 1e-3F};
  return rates[recipe->shape.cell];
}

static void
complete_attention(CnShape* const shape, const Size* const size)
{
  if (!shape->hidden) {
    shape->hidden = size->hidden / 2;
  }
  if (!shape->layers) {
    shape->layers = size->layers;
  }
  if (!shape->heads) {
    shape->heads = 4;
  }
  if (!shape->window) {
    shape->window = 512;
  }
}

const char*
cn_recipe_complete(CnRecipe* const recipe, const size_t n_notes, const bool is_tuned)
{
  const Size* const size = is_tuned ? &tuning : find_size(n_notes);
  if (recipe->shape.cell == CN_CELL_ATTENTION && !is_tuned) {
    complete_attention(&recipe->shape, size);
  }
  if (!recipe->shape.hidden) {
    recipe->shape.hidden = size->hidden;
  }
  if (!recipe->shape.head) {
    recipe->shape.head = size->head;
  }
  if (!recipe->n_streams) {
    recipe->n_streams = size->n_streams;
  }
  if (recipe->epochs <= 0.0 && recipe->minutes <= 0.0) {
    recipe->epochs = size->epochs;
  }
  if (recipe->patience == CN_PATIENCE_OPEN) {
    recipe->patience = size->patience;
  }
  const bool is_table = recipe->lesson != CN_LESSON_ALL; // And no more
  if (recipe->dropout < 0.0F) {
    recipe->dropout = recipe->lesson == CN_LESSON_CHORDS ? 0.0F : size->dropout;
  }
  if (recipe->rate < 0.0F) {
    recipe->rate = recipe->lesson == CN_LESSON_CHORDS      ? CHORDS_RATE
                   : recipe->lesson == CN_LESSON_FOLLOWING ? FOLLOWING_RATE
                                                           : choose_rate(recipe, is_tuned);
  }
  recipe->weight_decay = is_table ? 0.0F : recipe->weight_decay; // What stays, does not shrink
  recipe->hide_chord   = recipe->lesson == CN_LESSON_CHORDS ? 0.0F : recipe->hide_chord;
  if (is_table) {
    recipe->show_following = recipe->lesson == CN_LESSON_FOLLOWING ? 1.0F : 0.0F;
  }
  while (recipe->n_streams % recipe->n_threads) {
    ++recipe->n_streams; // The same number of streams for each worker
  }
  return size->name;
}
