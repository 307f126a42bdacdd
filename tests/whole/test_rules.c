// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  What `continuo generate` is asked for, it does: with both of the plugin's own models.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"

#include "dsp/music/scale.h"
#include "dsp/music/score.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_PHRASE = 48, FIRST_BAR = 4, N_BARS = 14, FAR = 6, FAR_TAKES = 32 };

static const char* const models[] = {"plugin/models/default.safetensors.zst",
                                     "plugin/models/notebook.safetensors.zst"};
static char              folder[] = "/tmp/continuo-XXXXXX";

/// A phrase of chords and a melody, two bars and a half, some semitones above D major
static void
write_phrase(const char* const name, const unsigned shift)
{
  static const uint8_t tune[] = {74, 73, 74, 78, 81, 78, 76, 74, 73, 76, 79, 76};
  CnNote               notes[N_PHRASE];
  char                 path[64];
  for (unsigned i = 0; i < N_PHRASE; ++i) {
    const int32_t onset = (int32_t)(i / 2) * 12;
    notes[i]            = (CnNote){.onset    = onset,
                                   .duration = 12,
                                   .bar      = cn_bar_place((CnBar){0, 96}, onset),
                                   .pitch    = (uint8_t)(tune[i / 2 % 12] + shift - (i % 2 ? 0 : 12)),
                                   .velocity = 70};
  }
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  midi_file_write_notes(path, notes, N_PHRASE, NULL, 0);
}

static int
set_up(void** const state)
{
  (void)state;
  assert_non_null(mkdtemp(folder));
  write_phrase("phrase.mid", 0);
  write_phrase("after.mid", FAR);
  return 0;
}

static int
tear_down(void** const state)
{
  char path[64];
  (void)state;
  snprintf(path, sizeof(path), "%s/phrase.mid", folder);
  remove(path);
  snprintf(path, sizeof(path), "%s/after.mid", folder);
  remove(path);
  snprintf(path, sizeof(path), "%s/out.mid", folder);
  remove(path);
  return rmdir(folder);
}

/// Generate with options; the score's notes from N_PHRASE on are composed
static CnScore*
generate(const char* const model, const char* const options)
{
  char path[64];
  assert_int_equal(
      cn_run("generate -m %s -s %s/phrase.mid --bars 16 %s -o %s/out.mid", model, folder, options, folder),
      0);
  snprintf(path, sizeof(path), "%s/out.mid", folder);
  CnScore* const score = midi_file_read_score(path);
  assert_true(score->n_notes > N_PHRASE + 10);
  return score;
}

static void
check_classes(const char* const model, const char* const options, const uint16_t classes)
{
  CnScore* const score = generate(model, options);
  for (size_t i = N_PHRASE; i < score->n_notes; ++i) {
    if (!(classes >> score->notes[i].pitch % 12 & 1U)) {
      fail_msg("%s %s: key %u", model, options, score->notes[i].pitch);
    }
  }
  cn_score_free(score);
}

static void
test_scales_are_kept(void** const state)
{
  (void)state;
  for (unsigned m = 0; m < 2; ++m) {
    check_classes(models[m], "--scale 'Eb dorian'", cn_scale_classes(CN_SCALE_DORIAN, 3, NULL, 0));
    check_classes(models[m], "--scale 'F# whole-tone'", cn_scale_classes(CN_SCALE_WHOLE_TONE, 6, NULL, 0));
    check_classes(models[m], "--scale played", cn_scale_classes(CN_SCALE_MAJOR, 2, NULL, 0));
  }
}

static void
test_registers_are_kept(void** const state)
{
  (void)state;
  for (unsigned m = 0; m < 2; ++m) {
    CnScore* const score = generate(models[m], "--lowest 55 --highest 66");
    for (size_t i = N_PHRASE; i < score->n_notes; ++i) {
      assert_in_range(score->notes[i].pitch, 55, 66);
    }
    cn_score_free(score);
  }
}

/// Most composed notes that sound at once
static unsigned
measure_polyphony(const CnScore* const score)
{
  unsigned most = 0;
  for (size_t i = N_PHRASE; i < score->n_notes; ++i) {
    unsigned n = 0;
    for (size_t k = N_PHRASE; k < score->n_notes; ++k) {
      n += score->notes[k].onset <= score->notes[i].onset &&
           score->notes[k].onset + score->notes[k].duration > score->notes[i].onset;
    }
    most = n > most ? n : most;
  }
  return most;
}

static void
test_polyphony_is_kept(void** const state)
{
  (void)state;
  for (unsigned m = 0; m < 2; ++m) {
    for (unsigned limit = 1; limit <= 3; ++limit) {
      char options[32];
      snprintf(options, sizeof(options), "--polyphony %u", limit);
      CnScore* const score = generate(models[m], options);
      assert_in_range(measure_polyphony(score), 1, limit);
      cn_score_free(score);
    }
  }
}

/// Notes a quarter
static double
measure_density(const CnScore* const score)
{
  return (double)(score->n_notes - N_PHRASE) * 24.0 / (score->end - score->notes[N_PHRASE].onset);
}

/// Mean length, in octaves above a tick
static double
measure_length(const CnScore* const score)
{
  double sum = 0.0;
  for (size_t i = N_PHRASE; i < score->n_notes; ++i) {
    sum += log2(score->notes[i].duration);
  }
  return sum / (double)(score->n_notes - N_PHRASE);
}

/// Standard deviation of the notes that bars have, of their mean; the first and the last may not be whole
static double
measure_spread(const CnScore* const score)
{
  double n[N_BARS] = {0.0};
  double sum       = 0.0;
  double squares   = 0.0;
  for (size_t i = N_PHRASE; i < score->n_notes; ++i) {
    const int32_t bar = score->notes[i].onset / 96 - FIRST_BAR;
    n[bar >= 0 && bar < N_BARS ? bar : 0] += bar >= 0 && bar < N_BARS;
  }
  for (unsigned b = 0; b < N_BARS; ++b) {
    sum += n[b];
    squares += n[b] * n[b];
  }
  return sqrt(fmax(0.0, squares * N_BARS / (sum * sum) - 1.0));
}

static void
test_density_is_met_evenly(void** const state)
{
  enum { TAKES = 3 };

  (void)state;
  for (unsigned asked = 1; asked <= 6; ++asked) {
    double density = 0.0;
    double spread  = 0.0;
    for (unsigned take = 1; take <= TAKES; ++take) {
      char options[48];
      snprintf(options, sizeof(options), "--density %u --take %u", asked, take);
      CnScore* const score = generate(models[0], options);
      density += measure_density(score) / TAKES;
      spread += measure_spread(score) / TAKES;
      cn_score_free(score);
    }
    if (fabs(density / asked - 1.0) > (asked < 5 ? 0.15 : 0.3)) { // Of 16 bars; of more it comes nearer
      fail_msg("--density %u: %g notes a quarter", asked, density);
    }
    if (spread > 0.45) {
      fail_msg("--density %u: %g of the notes a bar", asked, spread);
    }
  }
}

static void
test_length_is_met(void** const state)
{
  (void)state;
  for (unsigned asked = 6; asked <= 48; asked *= 2) {
    char options[32];
    snprintf(options, sizeof(options), "--length %g", asked / 24.0);
    CnScore* const score  = generate(models[0], options);
    const double   length = measure_length(score);
    cn_score_free(score);
    if (fabs(length - log2(asked)) > 0.3) { // [octaves]
      fail_msg("%s: %g quarters", options, exp2(length) / 24.0);
    }
  }
}

/// The share of the notes of the last bar before what follows, over some takes, that are in a key far off
static double
measure_far(const char* const source)
{
  const int32_t  line  = 7 * 96; // After the phrase's three bars, and four more
  const unsigned far   = cn_scale_classes(CN_SCALE_MAJOR, (2 + FAR) % 12, NULL, 0);
  unsigned       n     = 0;
  unsigned       n_far = 0;
  for (unsigned take = 1; take <= FAR_TAKES; ++take) {
    char path[64];
    assert_int_equal(
        cn_run("generate -m %s %s --bars 4 --take %u --force -o %s/out.mid", models[0], source, take, folder),
        0);
    snprintf(path, sizeof(path), "%s/out.mid", folder);
    CnScore* const score = midi_file_read_score(path);
    for (size_t i = 0; i < score->n_notes; ++i) {
      const CnNote* const note    = &score->notes[i];
      const bool          is_last = note->onset >= line - 96 && note->onset < line;
      n += is_last;
      n_far += is_last && far >> note->pitch % 12 & 1U;
    }
    cn_score_free(score);
  }
  assert_true(n > 5 * FAR_TAKES);
  return (double)n_far / n;
}

/// In the bar before it the key of what follows is heard, as far as that may be from the phrase's
static void
test_what_follows_is_led_into(void** const state)
{
  char plain[128];
  char led[160];
  (void)state;
  snprintf(plain, sizeof(plain), "-p %s/phrase.mid", folder);
  snprintf(led, sizeof(led), "--between %s/phrase.mid %s/after.mid --candidates 1", folder, folder);
  const double without = measure_far(plain);
  const double with    = measure_far(led);
  if (with < without + 0.05) { // By so many takes it is 0.09; the mean of others differs by 0.02
    fail_msg("%g of the notes are in the key that follows, and %g where it is not known", with, without);
  }
}

static void
test_faults_are_named(void** const state)
{
  (void)state;
  static const char line[] = "generate -m %s -s %s/phrase.mid -o %s/out.mid %s";
  assert_int_equal(cn_run(line, models[0], folder, folder, "--scale 'H major'"), 2);
  cn_run_told("'H major' is not a scale");
  assert_int_equal(cn_run(line, models[0], folder, folder, "--scale Cm"), 2);
  assert_int_equal(cn_run(line, models[0], folder, folder, "--lowest 5"), 2);
  assert_int_equal(cn_run(line, models[0], folder, folder, "--polyphony 100"), 2);
  assert_int_equal(cn_run(line, models[0], folder, folder, "--density 9"), 2);
  assert_int_equal(cn_run(line, models[0], folder, folder, "--length -1"), 2);
  assert_int_equal(cn_run(line, models[0], folder, folder, "--motion high"), 2);
  assert_int_equal(cn_run(line, models[0], folder, folder, "--drift 65"), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scales_are_kept),
      cmocka_unit_test(test_registers_are_kept),
      cmocka_unit_test(test_polyphony_is_kept),
      cmocka_unit_test(test_density_is_met_evenly),
      cmocka_unit_test(test_length_is_met),
      cmocka_unit_test(test_faults_are_named),
      cmocka_unit_test(test_what_follows_is_led_into),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
