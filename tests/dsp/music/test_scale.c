// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/music/scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/// Steps in semitones from the root to the root, as textbooks have them
typedef struct {
  CnScale     scale;
  const char* steps;
} Scale;

static const Scale textbook[] = {
    {CN_SCALE_MAJOR, "2212221"},           {CN_SCALE_MINOR, "2122122"},
    {CN_SCALE_HARMONIC_MINOR, "2122131"},  {CN_SCALE_MELODIC_MINOR, "2122221"},
    {CN_SCALE_DORIAN, "2122212"},          {CN_SCALE_PHRYGIAN, "1222122"},
    {CN_SCALE_LYDIAN, "2221221"},          {CN_SCALE_MIXOLYDIAN, "2212212"},
    {CN_SCALE_LOCRIAN, "1221222"},         {CN_SCALE_MAJOR_PENTATONIC, "22323"},
    {CN_SCALE_MINOR_PENTATONIC, "32232"},  {CN_SCALE_BLUES, "321132"},
    {CN_SCALE_MAJOR_BLUES, "211323"},      {CN_SCALE_WHOLE_TONE, "222222"},
    {CN_SCALE_OCTATONIC_HALF, "12121212"}, {CN_SCALE_OCTATONIC_WHOLE, "21212121"},
};

static void
test_scales_step_as_in_textbooks(void** const state)
{
  (void)state;
  assert_int_equal(COUNT(textbook) + 3, CN_N_SCALES);
  for (size_t i = 0; i < COUNT(textbook); ++i) {
    for (unsigned root = 0; root < 12; ++root) {
      unsigned expected = 0;
      unsigned at       = root;
      for (const char* step = textbook[i].steps; *step; ++step) {
        expected |= 1U << at % 12;
        at += (unsigned)(*step - '0');
      }
      assert_int_equal(at, root + 12);
      assert_int_equal(cn_scale_classes(textbook[i].scale, root, NULL, 0), expected);
    }
  }
}

static void
test_names_are_read_back(void** const state)
{
  (void)state;
  for (int scale = 0; scale < CN_N_SCALES; ++scale) {
    assert_int_equal(cn_scale_parse(cn_scale_name((CnScale)scale)), scale);
  }
  assert_int_equal(cn_scale_parse("maj"), -1);
  assert_int_equal(cn_scale_parse(""), -1);
}

static void
test_what_is_no_scale_leaves_all(void** const state)
{
  (void)state;
  assert_int_equal(cn_scale_classes(CN_SCALE_OFF, 3, NULL, 0), 0xFFF);
  assert_int_equal(cn_scale_classes(CN_N_SCALES, 3, NULL, 0), 0xFFF);
  assert_int_equal(cn_scale_classes(CN_SCALE_PLAYED, 3, NULL, 0), 0xFFF);
  assert_int_equal(cn_scale_classes(CN_SCALE_HELD, 3, NULL, 0), 0xFFF);
}

/// Write a melody of steps of a scale above a root, an eighth each
static uint32_t
write_melody(const CnPart part, const unsigned root, const unsigned char* const steps, const uint32_t n,
             CnNote* const melody)
{
  for (uint32_t i = 0; i < n; ++i) {
    melody[i] = (CnNote){.onset    = (int32_t)(12 * i),
                         .duration = 12,
                         .pitch    = (uint8_t)(60 + root + steps[i]),
                         .velocity = 64,
                         .part     = (uint8_t)part};
  }
  return n;
}

static const unsigned char major_tune[] = {0, 4, 7, 4, 5, 9, 7, 5, 4, 2, 0, 11, 12, 7, 4, 0};
static const unsigned char minor_tune[] = {0, 3, 7, 3, 5, 8, 7, 5, 3, 2, 0, 11, 12, 7, 3, 0};

static void
test_keys_are_found(void** const state)
{
  (void)state;
  CnNote tune[COUNT(major_tune)];
  for (unsigned root = 0; root < 12; ++root) {
    uint32_t n = write_melody(CN_PART_MUSICIAN, root, major_tune, COUNT(major_tune), tune);
    assert_int_equal(cn_key_of_notes(tune, n), root);
    assert_int_equal(cn_scale_classes(CN_SCALE_PLAYED, 0, tune, n),
                     cn_scale_classes(CN_SCALE_MAJOR, root, NULL, 0));
    n = write_melody(CN_PART_MUSICIAN, root, minor_tune, COUNT(minor_tune), tune);
    assert_int_equal(cn_key_of_notes(tune, n), root + 12);
    assert_int_equal(cn_scale_classes(CN_SCALE_PLAYED, 0, tune, n),
                     cn_scale_classes(CN_SCALE_MINOR, root, NULL, 0) |
                         cn_scale_classes(CN_SCALE_HARMONIC_MINOR, root, NULL, 0));
  }
}

static void
test_key_is_the_musicians(void** const state)
{
  (void)state;
  CnNote   tune[COUNT(major_tune)];
  uint32_t n = write_melody(CN_PART_CONTINUO, 2, major_tune, COUNT(major_tune), tune);
  assert_int_equal(cn_key_of_notes(tune, n), CN_KEY_NONE);
  n = write_melody(CN_PART_MUSICIAN, 2, major_tune, 7, tune);
  assert_int_equal(cn_key_of_notes(tune, n), CN_KEY_NONE); // Too few to say
  const double alike[12] = {0.0};
  assert_int_equal(cn_key_estimate(alike, NULL), CN_KEY_NONE);
}

static void
test_held_keys_are_a_scale(void** const state)
{
  (void)state;
  CnNote notes[8] = {{0}};
  for (unsigned i = 0; i < 6; ++i) { // Of whole tones, and then a single key
    notes[i] = (CnNote){.onset = (int32_t)i, .duration = 40, .pitch = (uint8_t)(48 + 2 * i), .velocity = 64};
  }
  notes[6] = (CnNote){.onset = 100, .duration = 10, .pitch = 61, .velocity = 64};
  assert_int_equal(cn_scale_classes(CN_SCALE_HELD, 0, notes, 7),
                   cn_scale_classes(CN_SCALE_WHOLE_TONE, 0, NULL, 0));
  assert_int_equal(cn_scale_classes(CN_SCALE_HELD, 0, notes, 4), 0xFFF); // Four are no scale
  for (unsigned i = 0; i < 6; ++i) {
    notes[i].duration = 1; // One after the other, they are not held together
  }
  assert_int_equal(cn_scale_classes(CN_SCALE_HELD, 0, notes, 7), 0xFFF);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scales_step_as_in_textbooks), cmocka_unit_test(test_names_are_read_back),
      cmocka_unit_test(test_what_is_no_scale_leaves_all), cmocka_unit_test(test_keys_are_found),
      cmocka_unit_test(test_key_is_the_musicians),        cmocka_unit_test(test_held_keys_are_a_scale),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
