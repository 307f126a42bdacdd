// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/scratch.h"

#include "dsp/base/hash.h"
#include "dsp/file/safetensors.h"
#include "dsp/network/model.h"
#include "tools/base/file.h"
#include "tools/gradient/parameters.h"
#include "tools/judge/weights.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// How a weights file departs from a good one
typedef struct {
  const char* architecture;
  const char* vocabulary;
  const char* cell;
  const char* hidden;
  const char* head;
  unsigned    missing;   // Weight that is left out, plus 1
  unsigned    misshapen; // Weight that has a row too few, plus 1
  CnDtype     dtype;
  const char* chords;
  const char* adaptation;
} Recipe;

static const Recipe good = {"continuo", "1", "lstm", "16", "8", 0, 0, CN_DTYPE_F32, NULL, NULL};

typedef struct {
  CnLayout layout;
  float*   parameters;
} Fixture;

static int
setup(void** const state)
{
  Fixture* const fixture = calloc(1, sizeof(Fixture));
  const CnShape  shape   = {.cell = CN_CELL_LSTM, .hidden = 16, .head = 8};
  assert_int_equal(cn_layout_init(&fixture->layout, &shape), CN_STATUS_SUCCESS);
  fixture->parameters = calloc(fixture->layout.n_parameters, sizeof(float));
  cn_parameters_init(&fixture->layout, 1, fixture->parameters);
  *state = fixture;
  return 0;
}

static int
teardown(void** const state)
{
  Fixture* const fixture = *state;
  free(fixture->parameters);
  free(fixture);
  return 0;
}

static void
write_file(const Fixture* const fixture, const Recipe* const recipe, uint8_t** const data, size_t* const size)
{
  CnTensorsWriter* const writer         = cn_tensors_writer_new();
  const char* const      metadata[7][2] = {{"architecture", recipe->architecture},
                                           {"vocabulary", recipe->vocabulary},
                                           {"cell", recipe->cell},
                                           {"hidden", recipe->hidden},
                                           {"head", recipe->head},
                                           {"chords", recipe->chords},
                                           {"adaptation", recipe->adaptation}};
  for (unsigned m = 0; m < 7; ++m) {
    if (metadata[m][1]) {
      assert_int_equal(cn_tensors_writer_add_metadata(writer, metadata[m][0], metadata[m][1]),
                       CN_STATUS_SUCCESS);
    }
  }
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place    = &fixture->layout.place[w];
    const size_t               shape[2] = {place->rows - (recipe->misshapen == w + 1), place->columns};
    if (place->rows && recipe->missing != w + 1) {
      assert_int_equal(cn_tensors_writer_add(writer, cn_weight_name(w), recipe->dtype, shape,
                                             place->vector ? 1 : 2, fixture->parameters + place->offset),
                       CN_STATUS_SUCCESS);
    }
  }
  assert_int_equal(cn_tensors_writer_finish(writer, data, size), CN_STATUS_SUCCESS);
  cn_tensors_writer_free(writer);
}

// Load what a recipe makes; a fault has to be told in words
static CnStatus
load(const Fixture* const fixture, const Recipe* const recipe, CnModel** const model)
{
  uint8_t* data       = NULL;
  size_t   size       = 0;
  char     fault[128] = "";
  write_file(fixture, recipe, &data, &size);
  const CnStatus status = cn_model_load(data, size, model, CN_FAULT(fault));
  free(data);
  assert_int_equal(status != CN_STATUS_SUCCESS, *fault != '\0');
  assert_int_equal(status != CN_STATUS_SUCCESS, *model == NULL);
  return status;
}

static CnStatus
load_bad(const Fixture* const fixture, const Recipe recipe)
{
  CnModel* model = NULL;
  return load(fixture, &recipe, &model);
}

static void
test_good_file_gives_its_weights(void** const state)
{
  const Fixture* const fixture = *state;
  CnModel*             model   = NULL;
  assert_int_equal(load(fixture, &good, &model), CN_STATUS_SUCCESS);
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place  = &fixture->layout.place[w];
    const float* const         weight = cn_model_weight(model, w);
    assert_int_equal(weight == NULL, place->rows == 0);
    if (weight) {
      assert_memory_equal(weight, fixture->parameters + place->offset,
                          (size_t)place->rows * place->columns * sizeof(float));
    }
  }
  CnModel* const same = cn_model_new(&fixture->layout, fixture->parameters);
  assert_true(cn_model_id(model) == cn_model_id(same));
  cn_model_free(same);
  fixture->parameters[100] += 0.5F;
  CnModel* const other = cn_model_new(&fixture->layout, fixture->parameters);
  assert_true(cn_model_id(model) != cn_model_id(other));
  cn_model_free(other);
  cn_model_free(model);
}

// Files from before there were textures, more chords than those that every network knows, or what follows
static void
test_an_older_file_is_known_as_before(void** const state)
{
  static const unsigned since[] = {CN_WEIGHT_TEXTURE, CN_WEIGHT_CHORD, CN_WEIGHT_FOLLOWING};

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 3; ++k) {
    const CnWeightPlace* const place = &fixture->layout.place[since[k]];
    const size_t               n     = (size_t)place->rows * place->columns;
    Recipe                     old   = good;
    CnModel*                   model = NULL;
    old.missing                      = since[k] + 1; // What comes after it says nothing
    if (k) {                                         // What comes before it says something
      fixture->parameters[fixture->layout.place[since[k - 1]].offset] = 0.5F;
    }
    assert_int_equal(load(fixture, &old, &model), CN_STATUS_SUCCESS);
    for (size_t i = 0; i < n; ++i) {
      assert_true(cn_model_weight(model, since[k])[i] == 0.0F);
    }
    assert_false(cn_model_knows(model, since[k]));
    assert_int_equal(cn_model_knows(model, CN_WEIGHT_TEXTURE), k > 0);
    assert_true(cn_model_id(model) == cn_hash_words(CN_WORDS_START ^ (uint64_t)fixture->layout.shape.cell,
                                                    fixture->parameters, place->offset));
    cn_model_free(model);
  }
}

static void
test_an_older_file_stays_of_eight_bits(void** const state)
{
  const Fixture* const fixture = *state;
  Recipe               eight   = good;
  CnModel*             model   = NULL;
  eight.dtype                  = CN_DTYPE_I8;
  eight.missing                = CN_WEIGHT_CHORD + 1;
  assert_int_equal(load(fixture, &eight, &model), CN_STATUS_SUCCESS);
  assert_int_equal(cn_model_number(model), CN_NUMBER_INT8);
  cn_model_free(model);
}

// Save weights of which one number of a table is something or nothing, and open the file; `data` is to be
// freed
static CnTensors*
save_and_open(Fixture* const fixture, const char* const path, const unsigned weight, const float number,
              uint8_t** const data)
{
  size_t     size                                               = 0;
  CnTensors* tensors                                            = NULL;
  fixture->parameters[fixture->layout.place[weight].offset + 9] = number;
  assert_int_equal(cn_weights_save(path, &fixture->layout, fixture->parameters, CN_DTYPE_I8, NULL, 0),
                   CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_read(path, 1 << 20, data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_open(*data, size, &tensors, CN_NO_FAULT), CN_STATUS_SUCCESS);
  return tensors;
}

// Only weights that have learnt what follows have its table, and all others are the file that they were
static void
test_files_have_what_follows_if_it_is_known(void** const state)
{
  const char* const path = cn_scratch_own("following.safetensors");

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 2; ++k) {
    uint8_t*         data    = NULL;
    CnTensors* const tensors = save_and_open(fixture, path, CN_WEIGHT_FOLLOWING, k ? 0.5F : 0.0F, &data);
    assert_int_equal(cn_tensors_find(tensors, cn_weight_name(CN_WEIGHT_FOLLOWING)) != NULL, k);
    cn_tensors_free(tensors);
    free(data);
    CnModel* const read = cn_weights_load("test", path, NULL);
    CnModel* const made = cn_model_new_int8(&fixture->layout, fixture->parameters);
    assert_true(cn_model_id(read) == cn_model_id(made));
    assert_int_equal(cn_model_number(read), CN_NUMBER_INT8);
    assert_int_equal(cn_model_knows(read, CN_WEIGHT_FOLLOWING), k);
    cn_model_free(read);
    cn_model_free(made);
  }
  remove(path);
}

static void
test_files_say_which_chords_they_know(void** const state)
{
  const char* const path = cn_scratch_own("chords.safetensors");

  Fixture* const fixture = *state;
  for (unsigned k = 0; k < 2; ++k) {
    uint8_t*          data    = NULL;
    CnTensors* const  tensors = save_and_open(fixture, path, CN_WEIGHT_CHORD, k ? 0.5F : 0.0F, &data);
    const char* const chords  = cn_tensors_metadata(tensors, "chords");
    assert_int_equal(chords && !strcmp(chords, "tones"), k);
    assert_int_equal(cn_tensors_find(tensors, cn_weight_name(CN_WEIGHT_CHORD)) != NULL, k);
    cn_tensors_free(tensors);
    free(data);
    CnModel* const read = cn_weights_load("test", path, NULL);
    CnModel* const made = cn_model_new_int8(&fixture->layout, fixture->parameters);
    assert_true(cn_model_id(read) == cn_model_id(made));
    cn_model_free(read);
    cn_model_free(made);
  }
  remove(path);
}

static void
test_files_have_the_chords_that_they_say(void** const state)
{
  const Fixture* const fixture = *state;
  CnModel*             model   = NULL;
  Recipe               recipe  = good;
  recipe.chords                = "tones";
  assert_int_equal(load(fixture, &recipe, &model), CN_STATUS_SUCCESS);
  cn_model_free(model);
  recipe.missing = CN_WEIGHT_CHORD + 1;
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_SHAPE);
  recipe        = good;
  recipe.chords = "clusters";
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_UNSUPPORTED);
}

static void
test_eight_bits_are_rounded_rows(void** const state)
{
  const Fixture* const fixture = *state;
  Recipe               eight   = good;
  CnModel*             model   = NULL;
  eight.dtype                  = CN_DTYPE_I8; // Vectors, too, which are read as floats
  assert_int_equal(load(fixture, &eight, &model), CN_STATUS_SUCCESS);
  assert_int_equal(cn_model_number(model), CN_NUMBER_INT8);
  assert_null(cn_model_weight(model, CN_WEIGHT_RECURRENT));
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place = &fixture->layout.place[w];
    const float* const         exact = fixture->parameters + place->offset;
    float* const               read  = calloc((size_t)place->rows * place->columns + 1, sizeof(float));
    cn_model_read_weight(model, w, read);
    for (size_t r = 0; r < place->rows; ++r) {
      float most = 0.0F;
      for (size_t c = 0; c < place->columns; ++c) {
        most = fmaxf(most, fabsf(exact[r * place->columns + c]));
      }
      for (size_t c = 0; c < place->columns; ++c) {
        const size_t i = r * place->columns + c;
        assert_true(fabsf(read[i] - exact[i]) <= 0.501F * most / 127.0F + 1e-9F);
      }
    }
    free(read);
  }
  cn_model_free(model);
}

static void
test_rounded_model_is_as_from_its_file(void** const state)
{
  const char* const path = cn_scratch_own("eight.safetensors");

  const Fixture* const fixture = *state;
  assert_int_equal(cn_weights_save(path, &fixture->layout, fixture->parameters, CN_DTYPE_I8, NULL, 0),
                   CN_STATUS_SUCCESS);
  CnModel* const read = cn_weights_load("test", path, NULL);
  CnModel* const made = cn_model_new_int8(&fixture->layout, fixture->parameters);
  CnModel* const full = cn_model_new(&fixture->layout, fixture->parameters);
  assert_non_null(read);
  assert_true(cn_model_id(read) == cn_model_id(made));
  assert_true(cn_model_id(read) != cn_model_id(full));
  cn_model_free(read);
  cn_model_free(made);
  cn_model_free(full);
  remove(path);
}

static void
test_half_floats_are_near(void** const state)
{
  const Fixture* const fixture = *state;
  Recipe               half    = good;
  CnModel*             model   = NULL;
  half.dtype                   = CN_DTYPE_F16;
  assert_int_equal(load(fixture, &half, &model), CN_STATUS_SUCCESS);
  const CnWeightPlace* const place = &fixture->layout.place[CN_WEIGHT_RECURRENT];
  for (size_t i = 0; i < (size_t)place->rows * place->columns; ++i) {
    assert_true(fabsf(cn_model_weight(model, CN_WEIGHT_RECURRENT)[i] -
                      fixture->parameters[place->offset + i]) < 1e-3F);
  }
  cn_model_free(model);
}

static void
test_foreign_files_are_refused(void** const state)
{
  const Fixture* const fixture = *state;
  Recipe               recipe  = good;
  recipe.architecture          = NULL;
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_UNSUPPORTED);
  recipe.architecture = "llama";
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_UNSUPPORTED);
  recipe            = good;
  recipe.vocabulary = "2";
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_UNSUPPORTED);
  recipe      = good;
  recipe.cell = "transformer";
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_UNSUPPORTED);
}

// Files from before it was known learn nothing while they listen
static void
test_rate_of_adaptation_is_read(void** const state)
{
  static const struct {
    const char* text;
    float       rate;
  } rates[] = {{NULL, 0.0F}, {"0", 0.0F}, {"120", 0.12F}, {"1000", 1.0F}};

  const Fixture* const fixture = *state;
  Recipe               recipe  = good;
  for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    CnModel* model    = NULL;
    recipe.adaptation = rates[i].text;
    assert_int_equal(load(fixture, &recipe, &model), CN_STATUS_SUCCESS);
    assert_float_equal(cn_model_adaptation(model), rates[i].rate, 1e-6F);
    cn_model_free(model);
  }
  static const char* const bad[] = {"1001", "1000000", "-5", "0.12", "fast", ""};
  for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    recipe.adaptation = bad[i];
    assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_VALUE);
  }
}

static void
test_absurd_sizes_are_refused(void** const state)
{
  static const char* const sizes[] = {NULL,   "",   "0", "-16", "7", "16x", "99999999999999999999",
                                      "4096", "1e3"};

  const Fixture* const fixture = *state;
  for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); ++i) {
    Recipe recipe = good;
    recipe.hidden = sizes[i];
    assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_VALUE);
    recipe      = good;
    recipe.head = sizes[i];
    assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_VALUE);
  }
}

static void
test_other_sizes_than_the_weights_are_refused(void** const state)
{
  const Fixture* const fixture = *state;
  Recipe               recipe  = good;
  recipe.hidden                = "24"; // Not what the tensors are
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_SHAPE);
  recipe.hidden = "2048"; // More than the file can hold, so that nothing need be allocated
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_SHAPE);
  recipe      = good;
  recipe.cell = "gru";
  assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_SHAPE);
}

static void
test_each_weight_must_be_there_in_its_shape(void** const state)
{
  const Fixture* const fixture = *state;
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    Recipe recipe = good;
    if (fixture->layout.place[w].rows) {
      if (w < CN_WEIGHT_TEXTURE) { // Files from before there was one have none
        recipe.missing = w + 1;
        assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_SHAPE);
        recipe = good;
      }
      recipe.misshapen = w + 1;
      assert_int_equal(load_bad(fixture, recipe), CN_STATUS_BAD_SHAPE);
    }
  }
}

static void
test_values_that_are_not_finite_are_refused(void** const state)
{
  static const uint8_t bad[2][4] = {{0, 0, 0xC0, 0x7F}, {0, 0, 0x80, 0xFF}}; // NaN, -infinity

  const Fixture* const fixture = *state;
  for (unsigned b = 0; b < 2; ++b) {
    uint8_t* data       = NULL;
    size_t   size       = 0;
    CnModel* model      = NULL;
    char     fault[128] = "";
    write_file(fixture, &good, &data, &size);
    memcpy(data + size - 400, bad[b], 4);
    assert_int_equal(cn_model_load(data, size, &model, CN_FAULT(fault)), CN_STATUS_BAD_VALUE);
    assert_null(model);
    assert_true(strlen(fault) > 10);
    free(data);
  }
}

static void
test_files_cut_short_are_refused(void** const state)
{
  const Fixture* const fixture = *state;
  uint8_t*             data    = NULL;
  size_t               size    = 0;
  write_file(fixture, &good, &data, &size);
  for (size_t length = 0; length < size; length += length < 3000 ? 1 : 997) {
    CnModel*       model    = NULL;
    uint8_t* const cut      = malloc(length + 1); // So that a sanitizer sees what is read beyond
    char           fault[8] = "";
    memcpy(cut, data, length);
    assert_int_not_equal(cn_model_load(cut, length, &model, CN_FAULT(fault)), CN_STATUS_SUCCESS);
    assert_null(model);
    free(cut);
  }
  free(data);
}

// Though each weight is the same, another cell makes other music of them
static void
test_id_tells_cells_apart(void** const state)
{
  const Fixture* const fixture = *state;
  CnLayout             other   = fixture->layout;
  other.shape.cell             = CN_CELL_GRU;
  CnModel* const lstm          = cn_model_new(&fixture->layout, fixture->parameters);
  CnModel* const gru           = cn_model_new(&other, fixture->parameters);
  assert_true(cn_model_id(lstm) != cn_model_id(gru));
  cn_model_free(lstm);
  cn_model_free(gru);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_id_tells_cells_apart, setup, teardown),
      cmocka_unit_test_setup_teardown(test_good_file_gives_its_weights, setup, teardown),
      cmocka_unit_test_setup_teardown(test_an_older_file_is_known_as_before, setup, teardown),
      cmocka_unit_test_setup_teardown(test_an_older_file_stays_of_eight_bits, setup, teardown),
      cmocka_unit_test_setup_teardown(test_files_have_what_follows_if_it_is_known, setup, teardown),
      cmocka_unit_test_setup_teardown(test_files_say_which_chords_they_know, setup, teardown),
      cmocka_unit_test_setup_teardown(test_files_have_the_chords_that_they_say, setup, teardown),
      cmocka_unit_test_setup_teardown(test_eight_bits_are_rounded_rows, setup, teardown),
      cmocka_unit_test_setup_teardown(test_rounded_model_is_as_from_its_file, setup, teardown),
      cmocka_unit_test_setup_teardown(test_half_floats_are_near, setup, teardown),
      cmocka_unit_test_setup_teardown(test_foreign_files_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_rate_of_adaptation_is_read, setup, teardown),
      cmocka_unit_test_setup_teardown(test_absurd_sizes_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_other_sizes_than_the_weights_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_each_weight_must_be_there_in_its_shape, setup, teardown),
      cmocka_unit_test_setup_teardown(test_values_that_are_not_finite_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_files_cut_short_are_refused, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
