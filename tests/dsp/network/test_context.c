// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/base/random.h"
#include "dsp/network/context.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPACITY 300

static const CnConditioning some_next = {
    .onset = 100000, .bar = {0, 96}, .motif = true, .chord = CN_CHORD_NONE};

static CnNote
make_note(const int32_t onset, const uint8_t pitch)
{
  return (CnNote){.onset    = onset,
                  .duration = 12,
                  .bar      = cn_bar_place((CnBar){0, 96}, onset),
                  .pitch    = pitch,
                  .velocity = 80};
}

static void
push(CnContext* const context, const int32_t onset, const uint8_t pitch)
{
  const CnNote note = make_note(onset, pitch);
  assert_int_equal(cn_context_push(context, &note), CN_STATUS_SUCCESS);
}

// A few hundred notes with chords and motifs that come again
static void
make_piece(CnNote notes[CAPACITY])
{
  CnRandom random = cn_random(5, 0, 0, 0, 0);
  int32_t  onset  = 0;
  for (unsigned i = 0; i < CAPACITY; ++i) {
    onset += i % 4 ? 0 : 6 * (int32_t)cn_random_below(&random, 4);
    notes[i] = make_note(onset, (uint8_t)(40 + 5 * (i % 4) + i / 40 + cn_random_below(&random, 8) / 7));
    notes[i].duration = 1 + (int32_t)cn_random_below(&random, 60);
  }
}

static bool
has_row(const CnHeadInput* const site, const unsigned row)
{
  for (unsigned r = 0; r < site->n_rows; ++r) {
    if (site->row[r] == row) {
      return true;
    }
  }
  return false;
}

static bool
has_copy(const CnHeadInput* const site, const unsigned symbol, const unsigned gate)
{
  for (unsigned c = 0; c < site->n_copies; ++c) {
    if (site->copy[c].symbol == symbol && site->copy[c].gate == gate) {
      return true;
    }
  }
  return false;
}

static void
test_input_names_the_last_note(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  CnNoteInput      input;
  push(context, 24, 60);
  cn_context_input(context, &input);
  assert_int_equal(input.n_rows, 8);
  assert_int_equal(input.row[0], CN_IN_PITCH + 60 - CN_PITCH_MIN);
  assert_int_equal(input.row[2], CN_IN_BEGIN);

  push(context, 30, 62);
  cn_context_input(context, &input);
  assert_int_equal(input.row[2], CN_IN_DT + 6);
  assert_int_equal(input.row[5], CN_IN_METRE + 6);           // Tick 6 of the quarter
  assert_int_equal(input.row[6], CN_IN_METRE + 24 + 2);      // Third eighth of the bar
  assert_int_equal(input.row[7], CN_IN_METRE + 24 + 16 + 7); // A bar of eight eighths
  cn_context_free(context);
}

static void
test_motif_match_finds_what_followed_transposed(void** const state)
{
  static const uint8_t motif[] = {60, 64, 67, 65, 62, 69};

  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  for (unsigned i = 0; i < 6; ++i) {
    push(context, (int32_t)(12 * i), motif[i]);
  }
  assert_int_equal(cn_context_match_length(context), 0);
  push(context, 96, 50); // Elsewhere, then the motif again, a fourth higher and without its last note
  for (unsigned i = 0; i < 5; ++i) {
    push(context, 150 + (int32_t)(12 * i), (uint8_t)(motif[i] + 5));
  }
  assert_int_equal(cn_context_match_length(context), 2); // Four steps are the same, five are not
  assert_int_equal(cn_context_match_symbol(context, 0, CN_FACTOR_DT), 12);
  assert_int_equal(cn_context_match_symbol(context, 0, CN_FACTOR_PITCH), 69 + 5 - CN_PITCH_MIN);
  assert_int_equal(cn_context_match_symbol(context, 1, CN_FACTOR_PITCH), -1);

  CnHeadInput site;
  cn_context_head(context, CN_FACTOR_PITCH, &some_next, &site);
  assert_true(has_copy(&site, 74 - CN_PITCH_MIN, 0));
  assert_true(has_row(&site, CN_PITCH_MATCH + 74 - CN_PITCH_MIN));
  CnConditioning hidden = some_next;
  hidden.motif          = false;
  cn_context_head(context, CN_FACTOR_PITCH, &hidden, &site);
  assert_false(has_copy(&site, 74 - CN_PITCH_MIN, 0));
  cn_context_free(context);
}

static void
test_longer_motifs_match_longer(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  for (unsigned i = 0; i < 40; ++i) { // A pattern of 15 that comes again
    push(context, (int32_t)(12 * i), (uint8_t)(40 + (i % 15) * (i % 15) % 31));
  }
  assert_int_equal(cn_context_match_length(context), 10);
  assert_int_equal(cn_context_match_symbol(context, 2, CN_FACTOR_PITCH), 40 + 100 % 31 - CN_PITCH_MIN);
  cn_context_free(context);
}

static void
test_repeats_are_counted(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  unsigned         match   = 0;
  for (unsigned i = 0; i < 40; ++i) {
    push(context, (int32_t)(12 * i), (uint8_t)(60 + (i % 5) * (i % 5)));
    // The first step is unlike all others, and the first five are new; after that, once more every five notes
    assert_int_equal(cn_context_repeats(context, &match), i < 10 ? 0 : i / 5 - 1);
  }
  push(context, 12 * 40, 90);
  assert_int_equal(cn_context_repeats(context, &match), 0);
  cn_context_free(context);
}

static void
test_pitches_that_sounded_before_are_looked_back_on(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  CnHeadInput      site;
  CnNote           held = make_note(0, 40);
  held.duration         = 30;
  cn_context_push(context, &held);
  push(context, 24, 50);
  push(context, 96, 60);

  CnConditioning next = some_next;
  next.onset          = 120;
  next.bar            = cn_bar_place((CnBar){0, 96}, 120);
  cn_context_head(context, CN_FACTOR_PITCH, &next, &site);
  assert_true(has_copy(&site, 60 - CN_PITCH_MIN, CN_PITCH_GATE_SET + 2)); // Struck a beat before
  assert_true(has_copy(&site, 50 - CN_PITCH_MIN, CN_PITCH_GATE_SET + 6)); // Struck a bar before
  assert_true(has_copy(&site, 40 - CN_PITCH_MIN, CN_PITCH_GATE_SET + 7)); // Still sounding then
  assert_false(has_copy(&site, 40 - CN_PITCH_MIN, CN_PITCH_GATE_SET + 6));
  cn_context_free(context);
}

static void
test_rhythm_is_looked_back_on(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  CnHeadInput      site;
  push(context, 0, 60);
  push(context, 18, 62);
  push(context, 96, 60);
  cn_context_head(context, CN_FACTOR_DT, &some_next, &site);
  assert_true(has_copy(&site, 18, CN_DT_GATE_LAG + 2));  // A bar ago, the next one came after 18
  assert_true(has_copy(&site, 24, CN_DT_GATE_LAG + 0));  // A beat ago, ours was the next
  assert_false(has_copy(&site, 24, CN_DT_GATE_LAG + 3)); // Two bars ago there was nothing yet
  cn_context_free(context);
}

static void
test_chords_are_built_upwards(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  CnHeadInput      site;
  CnConditioning   next = some_next;
  push(context, 0, 60);
  next.onset = 0;
  cn_context_head(context, CN_FACTOR_PITCH, &next, &site);
  assert_int_equal(site.lowest, 61 - CN_PITCH_MIN);
  next.onset = 1;
  cn_context_head(context, CN_FACTOR_PITCH, &next, &site);
  assert_int_equal(site.lowest, 0);
  push(context, 0, CN_PITCH_MAX);
  cn_context_head(context, CN_FACTOR_DT, &next, &site);
  assert_int_equal(site.lowest, 1);
  cn_context_free(context);
}

static void
test_chroma_sums_to_one_and_forgets(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(CAPACITY);
  CnHeadInput      site;
  push(context, 0, 60);
  push(context, 96, 67);
  cn_context_head(context, CN_FACTOR_PITCH, &some_next, &site);
  const double faded = exp(-1.0);
  assert_true(fabs((double)site.chroma[7] - 1.0 / (1.0 + faded)) < 1e-6);
  assert_true(fabs((double)site.chroma[0] - faded / (1.0 + faded)) < 1e-6);
  assert_true(site.chroma[12] > site.chroma[0]); // Over 64 beats, less is forgotten
  cn_context_free(context);
}

// What was said of the first half of a piece must not change with what comes after it
static void
check_same_sites(const CnContext* const a, const CnContext* const b)
{
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    CnHeadInput site_a;
    CnHeadInput site_b;
    memset(&site_a, 0, sizeof(site_a));
    memset(&site_b, 0, sizeof(site_b));
    cn_context_head(a, (CnFactor)f, &some_next, &site_a);
    cn_context_head(b, (CnFactor)f, &some_next, &site_b);
    assert_memory_equal(&site_a, &site_b, sizeof(site_a));
  }
}

static void
test_truncating_is_as_if_never_pushed(void** const state)
{
  (void)state;
  CnNote           notes[CAPACITY];
  CnContext* const context = cn_context_new(CAPACITY);
  make_piece(notes);
  for (uint32_t i = 0; i < CAPACITY; ++i) {
    assert_int_equal(cn_context_push(context, &notes[i]), CN_STATUS_SUCCESS);
  }
  for (uint32_t size = CAPACITY - 1; size > 0; size -= 23) {
    CnContext* const fresh = cn_context_new(CAPACITY);
    for (uint32_t i = 0; i < size; ++i) {
      cn_context_push(fresh, &notes[i]);
    }
    cn_context_truncate(context, size);
    assert_int_equal(cn_context_size(context), size);
    check_same_sites(context, fresh);
    for (uint32_t i = size; i < size + 3 && i < CAPACITY; ++i) { // And it goes on alike
      cn_context_push(fresh, &notes[i]);
      cn_context_push(context, &notes[i]);
      check_same_sites(context, fresh);
    }
    cn_context_free(fresh);
    if (size <= 23) {
      break;
    }
  }
  cn_context_free(context);
}

static void
test_bad_notes_are_refused(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(2);
  CnNote           note    = make_note(10, 60);
  const CnNote     early   = make_note(9, 60);
  const CnNote     high    = make_note(10, CN_PITCH_MAX + 1);
  CnNote           loud    = make_note(10, 60);
  loud.velocity            = 128;
  assert_int_equal(cn_context_push(context, &note), CN_STATUS_SUCCESS);
  assert_int_equal(cn_context_push(context, &early), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_context_push(context, &high), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_context_push(context, &loud), CN_STATUS_BAD_ARG);
  assert_int_equal(cn_context_push(context, &note), CN_STATUS_SUCCESS);
  assert_int_equal(cn_context_push(context, &note), CN_STATUS_OVERFLOW);
  assert_int_equal(cn_context_size(context), 2);
  cn_context_free(context);
}

// All that can follow at once, with more strokes in some places than there is room for
static CnFollowing
make_following(CnRandom* const random, const int32_t onset, const CnBar bar)
{
  CnFollowing following = {.line      = onset + (int32_t)cn_random_below(random, 2000),
                           .harmony   = 0xFFF,
                           .scale     = 0xFFF,
                           .bass      = (uint8_t)(CN_PITCH_MIN + cn_random_below(random, CN_N_PITCHES)),
                           .top       = CN_PITCH_MAX,
                           .figure    = {.length = bar.length},
                           .n_strokes = CN_FOLLOWING_STROKES};
  memset(&following.texture, CN_N_TEXTURE_LEVELS, sizeof(following.texture));
  for (unsigned s = 0; s < CN_FOLLOWING_STROKES; ++s) {
    following.stroke[s] = (CnStroke){(uint8_t)(s / 24), (uint8_t)(CN_PITCH_MIN + s % CN_N_PITCHES)};
  }
  return following;
}

static void
check_rows(const uint16_t* const row, const unsigned n, const unsigned n_most, const unsigned n_rows)
{
  assert_true(n <= n_most);
  for (unsigned r = 0; r < n; ++r) {
    assert_true(row[r] < n_rows);
  }
}

static void
check_bounds(const CnFactor factor, const CnHeadInput* const site)
{
  static const unsigned n_rows[CN_N_FACTORS]  = {CN_N_DT_ROWS, CN_N_PITCH_ROWS, CN_N_DURATION_ROWS,
                                                 CN_N_VELOCITY_ROWS};
  static const unsigned n_gates[CN_N_FACTORS] = {CN_N_DT_GATES, CN_N_PITCH_GATES, CN_N_DURATION_GATES,
                                                 CN_N_VELOCITY_GATES};

  assert_true(site->lowest < cn_factor_classes(factor) || factor == CN_FACTOR_PITCH);
  check_rows(site->row, site->n_rows, CN_HEAD_MAX_ROWS, n_rows[factor]);
  check_rows(site->chord, site->n_chords, factor == CN_FACTOR_PITCH ? CN_CHORD_MAX_ROWS - 1 : 0,
             CN_N_CHORD_ROWS);
  check_rows(site->following, site->n_followings, CN_FOLLOWING_MAX_ROWS, CN_N_FOLLOWING_ROWS);
  assert_true(site->n_copies <= CN_HEAD_MAX_COPIES);
  for (unsigned c = 0; c < site->n_copies; ++c) {
    assert_true(site->copy[c].gate < n_gates[factor] && site->copy[c].symbol < cn_factor_classes(factor));
  }
}

static void
test_rows_stay_in_their_tables(void** const state)
{
  (void)state;
  CnContext* const context = cn_context_new(4000);
  CnRandom         random  = cn_random(11, 0, 0, 0, 0);
  int32_t          onset   = -20000;
  for (unsigned i = 0; i < 4000; ++i) { // Anything that a host might come up with
    onset += cn_random_below(&random, 3) ? 0 : (int32_t)cn_random_below(&random, 300);
    const CnBar          bar       = {-777, (uint16_t)(1 + cn_random_below(&random, i % 2 ? 65535 : 200))};
    const CnNote         note      = {.onset    = onset,
                                      .duration = 1 + (int32_t)cn_random_below(&random, 1000000),
                                      .bar      = cn_bar_place(bar, onset),
                                      .pitch    = (uint8_t)(CN_PITCH_MIN + cn_random_below(&random, CN_N_PITCHES)),
                                      .velocity = (uint8_t)(1 + cn_random_below(&random, 127))};
    const CnFollowing    following = make_following(&random, onset, bar);
    const CnConditioning next      = {.onset     = onset + (int32_t)cn_random_below(&random, 200),
                                      .bar       = note.bar,
                                      .pitch     = (uint8_t)cn_random_below(&random, CN_N_PITCHES),
                                      .duration  = (uint8_t)cn_random_below(&random, CN_N_DURATIONS),
                                      .motif     = true,
                                      .chord     = (int32_t)cn_random_below(&random, CN_CHORD_END + 1) - 1,
                                      .following = &following};
    CnNoteInput          input;
    assert_int_equal(cn_context_push(context, &note), CN_STATUS_SUCCESS);
    cn_context_input(context, &input);
    assert_true(input.n_rows <= CN_INPUT_MAX_ROWS);
    for (unsigned r = 0; r < input.n_rows; ++r) {
      assert_true(input.row[r] < CN_N_IN_ROWS);
    }
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      CnHeadInput site;
      cn_context_head(context, (CnFactor)f, &next, &site);
      check_bounds((CnFactor)f, &site);
    }
  }
  cn_context_free(context);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_input_names_the_last_note),
      cmocka_unit_test(test_motif_match_finds_what_followed_transposed),
      cmocka_unit_test(test_longer_motifs_match_longer),
      cmocka_unit_test(test_repeats_are_counted),
      cmocka_unit_test(test_pitches_that_sounded_before_are_looked_back_on),
      cmocka_unit_test(test_rhythm_is_looked_back_on),
      cmocka_unit_test(test_chords_are_built_upwards),
      cmocka_unit_test(test_chroma_sums_to_one_and_forgets),
      cmocka_unit_test(test_truncating_is_as_if_never_pushed),
      cmocka_unit_test(test_bad_notes_are_refused),
      cmocka_unit_test(test_rows_stay_in_their_tables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
