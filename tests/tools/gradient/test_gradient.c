// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The backward pass against finite differences, and the batched forward pass against the one that plays.
*/

#include "dsp/music/chord.h"
#include "tools/gradient/parameters.h"
#include "tools/learn/trainer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_STREAMS = 3, N_STEPS = 9, N_PIECES = 4 };

static const CnRandom some_random = {{1, 2}, {3, 4, 5}, 0};

typedef struct {
  CnCorpus corpus;
  CnNote   notes[N_PIECES][40];
  int16_t  chords[N_PIECES][40];
  CnPiece  pieces[N_PIECES];
} Fixture;

// None, or chords with tones more and less than those that all networks know, and other basses
static int16_t
some_chord(const unsigned piece, const unsigned note)
{
  static const char* const names[N_PIECES] = {"Cm7/Bb", "F#sus4", "G7sus4/A", "Abmaj9"};
  return (int16_t)(note / 8 % 2 ? CN_CHORD_NONE : cn_chord_parse(names[piece]));
}

// Pieces short enough to begin and end inside a batch, with motifs that come again
static void
make_corpus(Fixture* const fixture)
{
  memset(fixture, 0, sizeof(*fixture));
  for (unsigned p = 0; p < N_PIECES; ++p) {
    CnPiece* const piece  = &fixture->pieces[p];
    CnRandom       random = cn_random(7, p, 0, 0, 0);
    int32_t        onset  = 0;
    *piece                = (CnPiece){.notes      = fixture->notes[p],
                                      .chords     = fixture->chords[p],
                                      .n_notes    = 12 + 9 * p,
                                      .low        = 50,
                                      .high       = 80,
                                      .is_notated = p % 3 == 1};
    for (unsigned i = 0; i < piece->n_notes; ++i) {
      onset += i % 3 ? 6 * (1 + (int32_t)(i % 2)) : 12;
      piece->notes[i]  = (CnNote){.onset    = onset,
                                  .duration = 6 + (int32_t)cn_random_below(&random, 30),
                                  .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                  .pitch    = (uint8_t)(50 + 5 * (i % 6) + (i % 7 == 6)),
                                  .velocity = (uint8_t)(30 + 4 * (i % 9))};
      piece->chords[i] = some_chord(p, i);
    }
    fixture->corpus.n_in_split[CN_SPLIT_TRAIN] += 1;
    fixture->corpus.n_notes_in[CN_SPLIT_TRAIN] += piece->n_notes;
    fixture->corpus.longest =
        piece->n_notes > fixture->corpus.longest ? piece->n_notes : fixture->corpus.longest;
  }
  fixture->corpus.pieces   = fixture->pieces;
  fixture->corpus.n_pieces = N_PIECES;
}

static CnStreamSettings
some_settings(const Fixture* const fixture)
{
  return (CnStreamSettings){.corpus         = &fixture->corpus,
                            .n_streams      = N_STREAMS,
                            .seed           = 3,
                            .lowest_shift   = -5,
                            .highest_shift  = 6,
                            .hide_motif     = 0.0F,
                            .hide_chord     = 0.0F,
                            .show_texture   = 1.0F,
                            .show_following = 1.0F,
                            .noise          = 0.5F};
}

static void
fill_batch(const Fixture* const fixture, CnBatch* const batch)
{
  const CnStreamSettings settings = some_settings(fixture);
  assert_int_equal(cn_batch_init(batch, N_STREAMS, N_STEPS), CN_STATUS_SUCCESS);
  for (uint32_t b = 0; b < N_STREAMS; ++b) {
    CnStream* const stream = cn_stream_new(&settings, b);
    assert_non_null(stream);
    cn_stream_fill(stream, batch, b); // Not from the start of a piece alone
    cn_stream_fill(stream, batch, b);
    cn_stream_free(stream);
  }
}

static double
total(const CnLoss* const loss)
{
  double sum = 0.0;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    sum += loss->nll[f];
  }
  return sum;
}

// Loss of a batch on its own; with the same `dropout`, the same outputs are dropped each time
static double
loss_at(const CnLayout* const layout, const CnBatch* const batch, const float* const parameters,
        const float dropout)
{
  CnLoss            loss     = {.n_notes = 0.0};
  CnGradient* const gradient = cn_gradient_new(layout, N_STREAMS, N_STEPS);
  float* const      unused   = calloc(layout->n_parameters, sizeof(float));
  assert_non_null(gradient);
  if (dropout > 0.0F) {
    cn_gradient_compute(gradient, parameters, batch, 1.0F, dropout, some_random, &loss, unused);
  } else {
    cn_gradient_evaluate(gradient, parameters, batch, &loss);
  }
  cn_gradient_free(gradient);
  free(unused);
  return total(&loss);
}

// Weights away from zero, biases and gates too, and hidden layers far from the kink of ReLU
static void
make_parameters(const CnLayout* const layout, float* const parameters)
{
  cn_parameters_init(layout, 5, parameters);
  CnRandom noise = cn_random(1, 2, 3, 4, 5);
  for (size_t i = 0; i < layout->n_parameters; ++i) {
    parameters[i] += 0.2F * (cn_random_uniform(&noise) - 0.5F);
  }
  float* const bias = parameters + layout->place[CN_WEIGHT_HIDDEN_BIAS].offset;
  for (size_t i = 0; i < CN_N_FACTORS * layout->shape.head; ++i) { // Most on, some off
    bias[i] += i % 4 ? 3.0F : -3.0F;
  }
}

// A small network; attention hears beyond a batch, and not as far as a piece goes
static CnShape
some_shape(const CnCell cell, const uint32_t layers)
{
  const bool is_attention = cell == CN_CELL_ATTENTION;
  return (CnShape){.cell   = cell,
                   .hidden = 16,
                   .head   = 8,
                   .layers = layers,
                   .heads  = is_attention ? 2 : 0,
                   .window = is_attention ? 13 : 0};
}

static CnShape
attention_by(const CnDistance distance)
{
  CnShape shape  = some_shape(CN_CELL_ATTENTION, 2);
  shape.distance = distance;
  return shape;
}

// Each weight in turn: the slope along a random direction
static void
check_gradient(const CnShape shape, const float dropout)
{
  CnLayout layout;
  Fixture  fixture;
  CnBatch  batch;
  CnLoss   loss = {.n_notes = 0.0};
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
  make_corpus(&fixture);
  fill_batch(&fixture, &batch);

  const size_t      n          = layout.n_parameters;
  float* const      parameters = calloc(n, sizeof(float));
  float* const      out        = calloc(n, sizeof(float));
  float* const      moved      = calloc(n, sizeof(float));
  CnGradient* const gradient   = cn_gradient_new(&layout, N_STREAMS, N_STEPS);
  make_parameters(&layout, parameters);
  cn_gradient_compute(gradient, parameters, &batch, 1.0F, dropout, some_random, &loss, out);
  assert_true(loss.n_notes > 10.0 && loss.n_notes < N_STREAMS * N_STEPS); // Some pieces end inside
  assert_true(loss.n_velocities > 10.0 && loss.n_velocities < loss.n_notes);

  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnWeightPlace* const place = &layout.place[w];
    const size_t               size  = (size_t)place->rows * place->columns;
    const float                step  = 2e-3F;
    double                     slope = 0.0;
    double                     ends[2];
    for (unsigned side = 0; size && side < 2; ++side) {
      CnRandom direction = cn_random(9, w, 0, 0, 0);
      memcpy(moved, parameters, n * sizeof(float));
      slope = 0.0;
      for (size_t i = place->offset; i < place->offset + size; ++i) {
        const float d = cn_random_uniform(&direction) < 0.5F ? -1.0F : 1.0F;
        moved[i] += (side ? step : -step) * d;
        slope += (double)out[i] * (double)d;
      }
      ends[side] = loss_at(&layout, &batch, moved, dropout);
    }
    if (size) {
      const double difference = (ends[1] - ends[0]) / (2.0 * (double)step);
      if (fabs(difference - slope) > 0.02 + 0.01 * fabs(slope)) {
        fail_msg("%s: slope %g by differences, %g by the backward pass", cn_weight_name(w), difference,
                 slope);
      }
    }
  }

  cn_gradient_free(gradient);
  cn_batch_clear(&batch);
  free(parameters);
  free(out);
  free(moved);
}

// Loss over chords as they are, or the nearest ones that every network knows, in batches
static double
loss_of_chords(const CnLayout* const layout, const float* const parameters, const bool nearest)
{
  Fixture fixture;
  CnBatch batch;
  make_corpus(&fixture);
  for (unsigned i = 0; i < N_PIECES * 40; ++i) {
    int16_t* const chord = &fixture.chords[i / 40][i % 40];
    *chord               = (int16_t)(nearest ? cn_chord_nearest(*chord) : *chord);
  }
  fill_batch(&fixture, &batch);
  const double loss = loss_at(layout, &batch, parameters, 0.0F);
  cn_batch_clear(&batch);
  return loss;
}

// What older weights have lost, is lost before the first step
static void
test_other_chords_begin_as_the_nearest(void** const state)
{
  (void)state;
  for (unsigned cell = CN_CELL_LSTM; cell <= CN_CELL_ATTENTION; ++cell) {
    const CnShape shape = some_shape((CnCell)cell, 1);
    CnLayout      layout;
    assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
    const CnWeightPlace* const place      = &layout.place[CN_WEIGHT_CHORD];
    float* const               parameters = calloc(layout.n_parameters, sizeof(float));
    make_parameters(&layout, parameters);
    assert_true(fabs(loss_of_chords(&layout, parameters, false) - loss_of_chords(&layout, parameters, true)) >
                0.01);
    memset(parameters + place->offset, 0, (size_t)place->rows * place->columns * sizeof(float));
    assert_true(loss_of_chords(&layout, parameters, false) == loss_of_chords(&layout, parameters, true));
    free(parameters);
  }
}

// What is left out, is all that is not the heads' own
static void
test_a_held_trunk_leaves_the_heads_gradient(void** const state)
{
  (void)state;
  for (unsigned cell = CN_CELL_LSTM; cell <= CN_CELL_ATTENTION; ++cell) {
    const CnShape shape = some_shape((CnCell)cell, 1);
    CnLayout      layout;
    Fixture       fixture;
    CnBatch       batch;
    assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
    make_corpus(&fixture);
    fill_batch(&fixture, &batch);
    float* const parameters = calloc(layout.n_parameters, sizeof(float));
    float*       out[2];
    CnLoss       loss[2] = {{.n_notes = 0.0}, {.n_notes = 0.0}};
    make_parameters(&layout, parameters);
    for (unsigned k = 0; k < 2; ++k) {
      CnGradient* const gradient = cn_gradient_new(&layout, N_STREAMS, N_STEPS);
      out[k]                     = calloc(layout.n_parameters, sizeof(float));
      if (k) {
        cn_gradient_hold_trunk(gradient);
      }
      for (unsigned batches = 0; batches < 2; ++batches) { // What is carried is the same
        cn_gradient_compute(gradient, parameters, &batch, 1.0F, 0.3F, some_random, &loss[k], out[k]);
      }
      cn_gradient_free(gradient);
    }
    assert_memory_equal(&loss[0], &loss[1], sizeof(loss[0]));
    for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
      const CnWeightPlace* const place = &layout.place[w];
      const size_t               size  = (size_t)place->rows * place->columns * sizeof(float);
      const bool is_head = (w >= CN_WEIGHT_HEADS && w < CN_WEIGHT_SPANS) || w >= CN_WEIGHT_TEXTURE ||
                           w == CN_WEIGHT_HIDDEN_BIAS;
      for (size_t i = place->offset; !is_head && i < place->offset + size / sizeof(float); ++i) {
        assert_true(out[1][i] == 0.0F);
      }
      if (is_head) {
        assert_memory_equal(out[0] + place->offset, out[1] + place->offset, size);
      }
    }
    cn_batch_clear(&batch);
    free(parameters);
    free(out[0]);
    free(out[1]);
  }
}

static void
test_lstm_gradient_is_the_slope(void** const state)
{
  (void)state;
  check_gradient(some_shape(CN_CELL_LSTM, 0), 0.0F);
  check_gradient(some_shape(CN_CELL_LSTM, 3), 0.0F);
}

static void
test_gru_gradient_is_the_slope(void** const state)
{
  (void)state;
  check_gradient(some_shape(CN_CELL_GRU, 0), 0.0F);
  check_gradient(some_shape(CN_CELL_GRU, 2), 0.0F);
}

static void
test_attention_gradient_is_the_slope(void** const state)
{
  (void)state;
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    check_gradient(attention_by((CnDistance)d), 0.0F);
    check_gradient(attention_by((CnDistance)d), 0.4F);
  }
}

static void
test_gradient_is_the_slope_with_dropout(void** const state)
{
  (void)state;
  check_gradient(some_shape(CN_CELL_LSTM, 0), 0.5F);
  check_gradient(some_shape(CN_CELL_GRU, 2), 0.5F);
}

static void
test_dropout_drops_something(void** const state)
{
  (void)state;
  const CnShape shape = {.cell = CN_CELL_LSTM, .hidden = 16, .head = 8};
  CnLayout      layout;
  Fixture       fixture;
  CnBatch       batch;
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
  make_corpus(&fixture);
  fill_batch(&fixture, &batch);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  make_parameters(&layout, parameters);
  const double whole = loss_at(&layout, &batch, parameters, 0.0F);
  const double some  = loss_at(&layout, &batch, parameters, 0.001F); // Rounded to none
  const double half  = loss_at(&layout, &batch, parameters, 0.5F);
  assert_true(fabs(some - whole) < 1e-6 * whole);
  assert_true(fabs(half - whole) > 1e-2 * whole);
  cn_batch_clear(&batch);
  free(parameters);
}

// Notes of all streams in batches of `n_steps`, one after another
static double
loss_in_steps(const CnLayout* const layout, const Fixture* const fixture, const float* const parameters,
              const size_t n_steps)
{
  const CnStreamSettings settings = some_settings(fixture);
  CnGradient* const      gradient = cn_gradient_new(layout, N_STREAMS, n_steps);
  CnLoss                 loss     = {.n_notes = 0.0};
  CnStream*              streams[N_STREAMS];
  CnBatch                batch;
  assert_int_equal(cn_batch_init(&batch, N_STREAMS, n_steps), CN_STATUS_SUCCESS);
  for (uint32_t b = 0; b < N_STREAMS; ++b) {
    streams[b] = cn_stream_new(&settings, b);
  }
  for (size_t t = 0; t < (size_t)4 * N_STEPS; t += n_steps) {
    for (uint32_t b = 0; b < N_STREAMS; ++b) {
      cn_stream_fill(streams[b], &batch, b);
    }
    cn_gradient_evaluate(gradient, parameters, &batch, &loss);
  }
  for (uint32_t b = 0; b < N_STREAMS; ++b) {
    cn_stream_free(streams[b]);
  }
  cn_batch_clear(&batch);
  cn_gradient_free(gradient);
  return total(&loss);
}

static void
test_state_is_carried_over_the_seam(void** const state)
{
  const CnShape shapes[] = {some_shape(CN_CELL_LSTM, 2), some_shape(CN_CELL_GRU, 2),
                            attention_by(CN_DISTANCE_TIME), attention_by(CN_DISTANCE_ROTARY),
                            attention_by(CN_DISTANCE_NOTES)};

  (void)state;
  for (unsigned i = 0; i < sizeof(shapes) / sizeof(shapes[0]); ++i) {
    const CnShape shape = shapes[i];
    CnLayout      layout;
    Fixture       fixture;
    assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
    make_corpus(&fixture);
    float* const parameters = calloc(layout.n_parameters, sizeof(float));
    make_parameters(&layout, parameters);
    const double whole = loss_in_steps(&layout, &fixture, parameters, (size_t)2 * N_STEPS);
    const double parts = loss_in_steps(&layout, &fixture, parameters, N_STEPS);
    assert_true(fabs(whole - parts) < 1e-6 * whole);
    free(parameters);
  }
}

// Of many draws at one place each class has the share that the loss says
static void
test_draws_have_the_likelihood_that_the_loss_says(void** const state)
{
  enum { N_DRAWS = 4000, AT = N_STREAMS * N_STEPS / 2 };

  (void)state;
  static Fixture fixture;
  CnBatch        batch;
  CnLayout       layout;
  CnToken        drawn[N_STREAMS * N_STEPS];
  const CnShape  shape = {.cell = CN_CELL_GRU, .hidden = 8, .head = 8};
  make_corpus(&fixture);
  fill_batch(&fixture, &batch);
  assert_int_equal(cn_layout_init(&layout, &shape), CN_STATUS_SUCCESS);
  float* const parameters = calloc(layout.n_parameters, sizeof(float));
  cn_parameters_init(&layout, 1, parameters);
  CnGradient* const gradient = cn_gradient_new(&layout, N_STREAMS, N_STEPS);
  memset(batch.has_target, 0, (size_t)N_STREAMS * N_STEPS);
  batch.has_target[AT] = true;

  unsigned n_drawn[CN_N_FACTORS][CN_MAX_CLASSES] = {{0}};
  for (unsigned i = 0; i < N_DRAWS; ++i) {
    cn_gradient_draw(gradient, parameters, &batch, cn_random(2, i, 0, 0, 0), drawn);
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      ++n_drawn[f][drawn[AT].factor[f]];
    }
  }
  for (unsigned c = 0; c < CN_N_DURATIONS; ++c) {
    CnLoss loss = {.n_notes = 0.0};

    batch.targets[AT].factor[CN_FACTOR_DURATION] = (uint8_t)c;
    cn_gradient_reset(gradient); // As no draw carries anything
    cn_gradient_evaluate(gradient, parameters, &batch, &loss);
    const double share = exp(-loss.nll[CN_FACTOR_DURATION]);
    const double found = (double)n_drawn[CN_FACTOR_DURATION][c] / N_DRAWS;
    assert_true(fabs(share - found) < 5.0 * sqrt(share / N_DRAWS));
    cn_gradient_reset(gradient);
  }
  for (unsigned p = 0; p < batch.sites[CN_FACTOR_PITCH * N_STREAMS * N_STEPS + AT].lowest; ++p) {
    assert_int_equal(n_drawn[CN_FACTOR_PITCH][p], 0);
  }
  cn_gradient_free(gradient);
  cn_batch_clear(&batch);
  free(parameters);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_other_chords_begin_as_the_nearest),
      cmocka_unit_test(test_a_held_trunk_leaves_the_heads_gradient),
      cmocka_unit_test(test_lstm_gradient_is_the_slope),
      cmocka_unit_test(test_gru_gradient_is_the_slope),
      cmocka_unit_test(test_attention_gradient_is_the_slope),
      cmocka_unit_test(test_gradient_is_the_slope_with_dropout),
      cmocka_unit_test(test_dropout_drops_something),
      cmocka_unit_test(test_state_is_carried_over_the_seam),
      cmocka_unit_test(test_draws_have_the_likelihood_that_the_loss_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
