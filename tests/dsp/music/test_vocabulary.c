// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/chord.h"
#include "dsp/music/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static CnNote
make_note(const int32_t onset, const int32_t duration, const uint8_t pitch, const uint8_t velocity)
{
  return (CnNote){.onset = onset, .duration = duration, .bar = {0, 96}, .pitch = pitch, .velocity = velocity};
}

static void
test_tokens_have_the_classes_of_the_design(void** const state)
{
  (void)state;
  const CnNote  note  = make_note(110, 24, 60, 51);
  const CnToken token = cn_note_token(&note, 100);
  assert_int_equal(token.factor[CN_FACTOR_DT], 10);
  assert_int_equal(token.factor[CN_FACTOR_PITCH], 39);
  assert_int_equal(cn_duration_ticks(token.factor[CN_FACTOR_DURATION]), 24);
  assert_int_equal(token.factor[CN_FACTOR_VELOCITY], 12);
  assert_int_equal(cn_note_token(&note, 110 - 95).factor[CN_FACTOR_DT], 95);
  assert_int_equal(cn_note_token(&note, 110 - 96).factor[CN_FACTOR_DT], CN_DT_LONG);
  assert_int_equal(cn_note_token(&note, INT32_MIN).factor[CN_FACTOR_DT], CN_DT_LONG);
}

static void
test_durations_go_to_the_nearest_class(void** const state)
{
  (void)state;
  for (int32_t ticks = -5; ticks < 400; ++ticks) {
    const int32_t distance = abs(cn_duration_ticks(cn_duration_class(ticks)) - ticks);
    for (uint8_t c = 0; c < CN_N_DURATIONS; ++c) {
      assert_true(distance <= abs(cn_duration_ticks(c) - ticks));
    }
  }
  assert_int_equal(cn_duration_ticks(cn_duration_class(19)), 18); // Of two as near, the shorter
  assert_int_equal(cn_duration_ticks(cn_duration_class(INT32_MAX)), 288);
}

static void
test_classes_decode_to_themselves(void** const state)
{
  (void)state;
  for (uint8_t c = 0; c < CN_N_DURATIONS; ++c) {
    assert_int_equal(cn_duration_class(cn_duration_ticks(c)), c);
  }
  for (uint8_t c = 0; c < CN_N_VELOCITIES; ++c) {
    const CnNote note = make_note(0, 1, 60, cn_velocity_of_class(c));
    assert_int_equal(cn_note_token(&note, 0).factor[CN_FACTOR_VELOCITY], c);
    assert_in_range(note.velocity, 1, 127);
  }
}

static void
test_only_keys_of_a_piano_are_speakable(void** const state)
{
  (void)state;
  for (unsigned pitch = 0; pitch < 256; ++pitch) {
    const CnNote note = make_note(0, 1, (uint8_t)pitch, 64);
    assert_int_equal(cn_note_is_speakable(&note), pitch >= 21 && pitch <= 108);
  }
}

static void
test_bar_places_count_from_any_bar_line(void** const state)
{
  (void)state;
  assert_int_equal(cn_bar_place((CnBar){0, 96}, 100).offset, 4);
  assert_int_equal(cn_bar_place((CnBar){0, 96}, -1).offset, 95);
  assert_int_equal(cn_bar_place((CnBar){960, 72}, 10).offset, 10 - 960 + 14 * 72);
  assert_int_equal(cn_bar_place((CnBar){INT32_MIN, 1}, INT32_MAX).offset, 0);
}

static void
test_chords_have_their_pitch_classes(void** const state)
{
  static const struct {
    const char* name;
    uint16_t    classes;
  } chords[] = {{"C", 0x091},  {"Am", 0x211}, {"G7", 0x8A4}, {"Bdim", 0x824},
                {"F#", 0x442}, {"Gb", 0x442}, {"Ebm", 0x448}};

  (void)state;
  for (unsigned i = 0; i < sizeof(chords) / sizeof(*chords); ++i) {
    const int32_t chord = cn_chord_parse(chords[i].name);
    assert_int_not_equal(chord, CN_CHORD_NONE);
    assert_int_equal(cn_chord_pitch_classes(chord), chords[i].classes);
  }
  assert_int_equal(cn_chord_pitch_classes(CN_CHORD_NONE), 0xFFF);
}

static void
test_chord_names_are_read_back(void** const state)
{
  (void)state;
  for (int32_t chord = 0; chord < CN_N_CHORDS; ++chord) {
    char name[8];
    cn_chord_print(chord, name);
    assert_int_equal(cn_chord_parse(name), chord);
  }
  assert_int_equal(cn_chord_parse(""), CN_CHORD_NONE);
  assert_int_equal(cn_chord_parse("H"), CN_CHORD_NONE);
  assert_int_equal(cn_chord_parse("C13"), CN_CHORD_NONE);
}

static void
test_chords_are_recognised_by_what_sounds(void** const state)
{
  (void)state;
  for (int32_t chord = 0; chord < CN_N_CHORDS; ++chord) {
    float weights[12] = {0.0F};
    for (unsigned c = 0; c < 12; ++c) {
      weights[c] = (cn_chord_pitch_classes(chord) >> c & 1U) ? 10.0F : 0.5F;
    }
    weights[chord % 12] += 5.0F;
    assert_int_equal(cn_chord_estimate(weights), chord);
  }
  const float silence[12] = {0.0F};
  float       all[12];
  for (unsigned c = 0; c < 12; ++c) {
    all[c] = 1.0F;
  }
  assert_int_equal(cn_chord_estimate(silence), CN_CHORD_NONE);
  assert_int_equal(cn_chord_estimate(all), CN_CHORD_NONE);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tokens_have_the_classes_of_the_design),
      cmocka_unit_test(test_durations_go_to_the_nearest_class),
      cmocka_unit_test(test_classes_decode_to_themselves),
      cmocka_unit_test(test_only_keys_of_a_piano_are_speakable),
      cmocka_unit_test(test_bar_places_count_from_any_bar_line),
      cmocka_unit_test(test_chords_have_their_pitch_classes),
      cmocka_unit_test(test_chord_names_are_read_back),
      cmocka_unit_test(test_chords_are_recognised_by_what_sounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
