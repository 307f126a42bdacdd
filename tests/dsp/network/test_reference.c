// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  Forward pass, gradient and one step of AdamW against PyTorch; tests/reference/make_reference.py made
  the vectors.
*/

#include "dsp/file/safetensors.h"
#include "dsp/network/network.h"
#include "tools/base/file.h"
#include "tools/gradient/adamw.h"
#include "tools/gradient/gradient.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { T = 7, B = 3, H = 8, D = 8, N_ROWS = 9, N_COPIES = 5 };

static const double absolute_tolerance = 1e-5;
static const double relative_tolerance = 1e-4;

typedef struct {
  uint8_t*   data;
  CnTensors* tensors;
  CnLayout   layout;
  CnBatch    batch;
  float*     parameters; // (n_parameters)
  float*     gradient;   // (n_parameters)
} Fixture;

static void
check_close(const char* const name, const size_t i, const double value, const double reference)
{
  if (!(fabs(value - reference) <= absolute_tolerance + relative_tolerance * fabs(reference))) {
    fail_msg("%s[%zu] is %.8g, the reference has %.8g", name, i, value, reference);
  }
}

// A tensor of the reference, to be freed
static float*
read_tensor(const Fixture* const fixture, const char* const name, size_t* const n)
{
  char                      fault[128];
  const CnTensorInfo* const info = cn_tensors_find(fixture->tensors, name);
  assert_non_null(info);
  float* const values = calloc(info->n_elements, sizeof(float));
  assert_int_equal(cn_tensors_read(fixture->tensors, name, info->shape, info->rank, values, CN_FAULT(fault)),
                   CN_STATUS_SUCCESS);
  *n = info->n_elements;
  return values;
}

// The same hash as in make_reference.py
static float
hashed(const unsigned weight, const size_t i)
{
  const uint64_t key = i + UINT64_C(100003) * (weight + 1);
  return (float)((double)(uint32_t)(key * UINT64_C(2654435761)) / 4294967296.0 - 0.5);
}

static void
make_parameters(Fixture* const fixture)
{
  fixture->parameters = calloc(fixture->layout.n_parameters, sizeof(float));
  fixture->gradient   = calloc(fixture->layout.n_parameters, sizeof(float));
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place = &fixture->layout.place[w];
    for (size_t i = 0; i < (size_t)place->rows * place->columns; ++i) {
      fixture->parameters[place->offset + i] = hashed(w, i);
    }
  }
}

static void
read_factor(const Fixture* const fixture, const CnFactor factor)
{
  size_t n = 0;
  char   name[64];
  float* values[4];

  static const char* const parts[4] = {"rows", "copies", "lowest", "target"};
  for (unsigned p = 0; p < 4; ++p) {
    snprintf(name, sizeof(name), "batch.%s.%s", cn_factor_name(factor), parts[p]);
    values[p] = read_tensor(fixture, name, &n);
  }
  for (size_t i = 0; i < T * B; ++i) {
    CnHeadInput* const site = &fixture->batch.sites[factor * T * B + i];
    site->n_rows            = N_ROWS;
    site->n_copies          = N_COPIES;
    site->has_chroma        = factor == CN_FACTOR_PITCH;
    site->lowest            = (uint16_t)values[2][i];
    for (size_t r = 0; r < N_ROWS; ++r) {
      site->row[r] = (uint16_t)values[0][i * N_ROWS + r];
    }
    for (size_t c = 0; c < N_COPIES; ++c) {
      const float* const copy = &values[1][(i * N_COPIES + c) * 2];
      site->copy[c]           = (CnCopy){(uint8_t)copy[0], (uint8_t)copy[1]};
    }
    fixture->batch.targets[i].factor[factor] = (uint8_t)values[3][i];
  }
  for (unsigned p = 0; p < 4; ++p) {
    free(values[p]);
  }
}

// When the notes sound, which attention asks for
static void
read_places(Fixture* const fixture)
{
  size_t       n     = 0;
  float* const onset = read_tensor(fixture, "batch.onset", &n);
  float* const bar   = read_tensor(fixture, "batch.bar", &n);
  for (size_t i = 0; i < T * B; ++i) {
    fixture->batch.inputs[i].onset = (int32_t)onset[i];
    fixture->batch.inputs[i].bar   = (uint16_t)bar[i];
  }
  free(onset);
  free(bar);
}

static void
read_batch(Fixture* const fixture)
{
  size_t       n          = 0;
  float* const begins     = read_tensor(fixture, "batch.begins", &n);
  float* const has_target = read_tensor(fixture, "batch.has_target", &n);
  float* const input      = read_tensor(fixture, "batch.input", &n);
  float* const chroma     = read_tensor(fixture, "batch.chroma", &n);
  assert_int_equal(cn_batch_init(&fixture->batch, B, T), CN_STATUS_SUCCESS);
  for (size_t i = 0; i < T * B; ++i) {
    fixture->batch.begins[i]        = begins[i] > 0.0F;
    fixture->batch.has_target[i]    = has_target[i] > 0.0F;
    fixture->batch.inputs[i].n_rows = 8;
    for (size_t r = 0; r < 8; ++r) {
      fixture->batch.inputs[i].row[r] = (uint16_t)input[i * 8 + r];
    }
    memcpy(fixture->batch.sites[CN_FACTOR_PITCH * T * B + i].chroma, chroma + i * CN_N_CHROMA,
           CN_N_CHROMA * sizeof(float));
  }
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    read_factor(fixture, (CnFactor)f);
  }
  if (fixture->layout.shape.cell == CN_CELL_ATTENTION) {
    read_places(fixture);
  }
  free(begins);
  free(has_target);
  free(input);
  free(chroma);
}

static void
open_fixture(Fixture* const fixture, const CnCell cell, const CnDistance distance)
{
  char   path[64];
  char   fault[128];
  size_t size = 0;
  snprintf(path, sizeof(path), "tests/reference/%s%s.safetensors", cn_cell_name(cell),
           distance == CN_DISTANCE_ROTARY  ? "-rotary"
           : distance == CN_DISTANCE_NOTES ? "-notes"
                                           : "");
  *fixture = (Fixture){0};
  assert_int_equal(cn_file_read(path, 1 << 24, &fixture->data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_open(fixture->data, size, &fixture->tensors, CN_FAULT(fault)),
                   CN_STATUS_SUCCESS);
  CnShape shape = {.cell = cell, .hidden = H, .head = D};
  if (cell == CN_CELL_ATTENTION) {
    shape.layers   = 2;
    shape.heads    = 2;
    shape.window   = 4;
    shape.distance = distance;
  }
  assert_int_equal(cn_layout_init(&fixture->layout, &shape), CN_STATUS_SUCCESS);
  make_parameters(fixture);
  read_batch(fixture);
}

static void
close_fixture(Fixture* const fixture)
{
  cn_batch_clear(&fixture->batch);
  cn_tensors_free(fixture->tensors);
  free(fixture->data);
  free(fixture->parameters);
  free(fixture->gradient);
}

// Compare the rows of a weight that the reference has
static void
check_weight(const Fixture* const fixture, const char* const kind, const unsigned weight,
             const float* const vector)
{
  char   rows_name[64];
  char   name[64];
  size_t n_rows = 0;
  size_t n      = 0;
  snprintf(rows_name, sizeof(rows_name), "rows.%s", cn_weight_name(weight));
  snprintf(name, sizeof(name), "%s.%s", kind, cn_weight_name(weight));

  const CnWeightPlace* const place     = &fixture->layout.place[weight];
  float* const               rows      = read_tensor(fixture, rows_name, &n_rows);
  float* const               reference = read_tensor(fixture, name, &n);
  assert_true(n_rows > 0);
  assert_int_equal(n, n_rows * place->columns);
  for (size_t i = 0; i < n; ++i) {
    const size_t at = (size_t)rows[i / place->columns] * place->columns + i % place->columns;
    check_close(name, i, (double)vector[place->offset + at], (double)reference[i]);
  }
  free(rows);
  free(reference);
}

static CnLoss
compute_gradient(const Fixture* const fixture)
{
  CnLoss            loss     = {.n_notes = 0.0};
  CnGradient* const gradient = cn_gradient_new(&fixture->layout, B, T);
  assert_non_null(gradient);
  cn_gradient_compute(gradient, fixture->parameters, &fixture->batch, 1.0F / (T * B), 0.0F,
                      cn_random(0, 0, 0, 0, 0), &loss, fixture->gradient);
  cn_gradient_free(gradient);
  return loss;
}

static void
check_training_step(const CnCell cell, const CnDistance distance)
{
  Fixture fixture;
  size_t  n = 0;
  open_fixture(&fixture, cell, distance);

  const CnLoss loss   = compute_gradient(&fixture);
  float* const losses = read_tensor(&fixture, "losses", &n);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    check_close("losses", f, loss.nll[f], (double)losses[f]);
  }
  free(losses);

  float* const mean   = calloc(fixture.layout.n_parameters, sizeof(float));
  float* const square = calloc(fixture.layout.n_parameters, sizeof(float));
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place    = &fixture.layout.place[w];
    const CnAdamw              settings = {0.01F, 0.9F, 0.99F, 1e-8F, place->vector ? 0.0F : 0.1F, 1};
    if (place->rows && w < CN_WEIGHT_TEXTURE) { // The reference has no more; test_gradient has
      check_weight(&fixture, "gradient", w, fixture.gradient);
      cn_adamw_step(&settings, (size_t)place->rows * place->columns, 1.0F, fixture.gradient + place->offset,
                    mean + place->offset, square + place->offset, fixture.parameters + place->offset);
      check_weight(&fixture, "after", w, fixture.parameters);
    }
  }
  free(mean);
  free(square);
  close_fixture(&fixture);
}

// The network that plays, a note at a time, has to give the same losses as the one that learns
static void
check_playing(const CnCell cell, const CnDistance distance)
{
  Fixture fixture;
  size_t  n = 0;
  open_fixture(&fixture, cell, distance);
  CnModel* const   model             = cn_model_new(&fixture.layout, fixture.parameters);
  CnNetwork* const network           = cn_network_new(model, 0);
  float* const     h                 = read_tensor(&fixture, "h", &n);
  float* const     losses            = read_tensor(&fixture, "losses", &n);
  double           nll[CN_N_FACTORS] = {0.0};
  assert_non_null(network);

  for (size_t b = 0; b < B; ++b) {
    cn_network_begin(network);
    for (size_t t = 0; t < T; ++t) {
      const size_t at = t * B + b;
      if (fixture.batch.begins[at]) {
        cn_network_begin(network);
      }
      cn_network_absorb(network, &fixture.batch.inputs[at]);

      const float* const vector = cn_network_vector(network);
      for (size_t j = 0; j < H; ++j) {
        check_close("h", at * H + j, (double)vector[j], (double)h[at * H + j]);
      }
      for (unsigned f = 0; f < CN_N_FACTORS && fixture.batch.has_target[at]; ++f) {
        const CnHeadInput* const site = &fixture.batch.sites[f * T * B + at];
        float                    logits[CN_MAX_CLASSES];
        double                   sum = 0.0;
        cn_network_logits(network, (CnFactor)f, site, logits);
        for (size_t i = site->lowest; i < cn_factor_classes((CnFactor)f); ++i) {
          sum += exp((double)logits[i]);
        }
        nll[f] += log(sum) - (double)logits[fixture.batch.targets[at].factor[f]];
      }
    }
  }
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    check_close("losses", f, nll[f], (double)losses[f]);
  }

  free(h);
  free(losses);
  cn_network_free(network);
  cn_model_free(model);
  close_fixture(&fixture);
}

static void
test_lstm_training_step_is_that_of_pytorch(void** const state)
{
  (void)state;
  check_training_step(CN_CELL_LSTM, CN_DISTANCE_TIME);
}

static void
test_gru_training_step_is_that_of_pytorch(void** const state)
{
  (void)state;
  check_training_step(CN_CELL_GRU, CN_DISTANCE_TIME);
}

static void
test_lstm_plays_as_it_learnt(void** const state)
{
  (void)state;
  check_playing(CN_CELL_LSTM, CN_DISTANCE_TIME);
}

static void
test_gru_plays_as_it_learnt(void** const state)
{
  (void)state;
  check_playing(CN_CELL_GRU, CN_DISTANCE_TIME);
}

static void
test_attention_training_step_is_that_of_pytorch(void** const state)
{
  (void)state;
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    check_training_step(CN_CELL_ATTENTION, (CnDistance)d);
  }
}

static void
test_attention_plays_as_it_learnt(void** const state)
{
  (void)state;
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    check_playing(CN_CELL_ATTENTION, (CnDistance)d);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lstm_training_step_is_that_of_pytorch),
      cmocka_unit_test(test_gru_training_step_is_that_of_pytorch),
      cmocka_unit_test(test_lstm_plays_as_it_learnt),
      cmocka_unit_test(test_gru_plays_as_it_learnt),
      cmocka_unit_test(test_attention_training_step_is_that_of_pytorch),
      cmocka_unit_test(test_attention_plays_as_it_learnt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
