// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  play, and generate into a sound file, as a user would run them; what generate adds, and what it keeps.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"
#include "tests/support/tiny_model.h"

#include "dsp/music/score.h"
#include "tools/base/file.h"
#include "tools/sound/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD = 44 };

static char folder[] = "/tmp/continuo-XXXXXX";

/// A violin on channel 3 whose last note the pedal holds for a bar, and a drum
static int
set_up(void** const state)
{
  const MidiFile file =
      midi_file_of_tracks(24,
                          TRACK(0x00, 0xC2, 40, 0x00, 0x92, 60, 80, 0x18, 60, 0, 0x00, 64, 80, 0x0C, 0xB2, 64,
                                127, 0x0C, 0x92, 64, 0, 0x60, 0xB2, 64, 0, END),
                          TRACK(0x18, 0x99, 38, 70, 0x06, 38, 0, END));
  char path[64];
  (void)state;
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof(path), "%s/phrase.mid", folder);
  assert_int_equal(cn_file_write(path, file.bytes, file.size), CN_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "%s/model.safetensors", folder);
  assert_int_equal(cn_tiny_model(path, 1), CN_STATUS_SUCCESS);
  return 0;
}

static int
tear_down(void** const state)
{
  static const char* const names[] = {"phrase.mid", "model.safetensors", "out.mid",  "old.mid",
                                      "phrase.wav", "out.wav",           "text.wav", ""};
  (void)state;
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); ++i) {
    remove(cn_scratch_path(folder, names[i]));
  }
  return access(folder, F_OK) ? 0 : -1; // Nothing else was left there
}

static CnScore*
generate(const char* const options)
{
  char path[64];
  assert_int_equal(cn_run("generate -m %s/model.safetensors -p %s/phrase.mid --bars 2 -o %s/out.mid %s",
                          folder, folder, folder, options),
                   0);
  snprintf(path, sizeof(path), "%s/out.mid", folder);
  return midi_file_read_score(path);
}

/// The notes that were added are all on a channel, and begin when the phrase has died away
static void
assert_added(const CnScore* const score, const unsigned channel, const int program)
{
  assert_true(score->n_notes > 4);
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    assert_int_equal(note->channel, i < 2 ? 2 : channel);
    assert_int_equal(note->part, i < 2 ? CN_PART_MUSICIAN : CN_PART_CONTINUO);
    assert_true(i < 2 || note->onset >= 144);
  }
  assert_int_equal(cn_sound_program(&score->sound, channel, score->end), program);
  assert_int_equal(cn_sound_program(&score->sound, 2, 0), 40);
}

static void
test_keeps_what_is_heard(void** const state)
{
  CnScore* const score = generate("");
  (void)state;
  assert_int_equal(score->notes[0].duration, 24);
  assert_int_equal(score->notes[1].duration, 120); // Held by the pedal
  assert_int_equal(score->sound.n_drums, 1);
  assert_int_equal(score->sound.drums[0].onset, 24);
  assert_int_equal(score->sound.drums[0].pitch, 38);
  assert_added(score, 2, 40); // On the violin's own channel
  cn_score_free(score);
}

static void
test_adds_on_the_channel_and_program_that_are_asked_for(void** const state)
{
  static const struct {
    const char* options;
    unsigned    channel;
    int         program;
  } cases[] = {{"--channel 5", 4, -1},
               {"--program 49", 0, 48},
               {"--channel 5 --program 49", 4, 48},
               {"--channel 3 --program 49", 2, 48}};
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); ++i) {
    CnScore* const score = generate(cases[i].options);
    assert_added(score, cases[i].channel, cases[i].program);
    cn_score_free(score);
  }
  assert_int_equal(cn_run("generate -p %s/phrase.mid -o %s/no.mid --channel 10", folder, folder), 2);
  cn_run_told("--channel: 10 is that of the drums");
  assert_int_equal(cn_run("generate -p %s/phrase.mid -o %s/no.mid --program 0", folder, folder), 2);
}

static void
test_old_names_of_options_are_taken(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("generate -m %s/model.safetensors --seed %s/phrase.mid --seed-bars 1 --bars 1 -o %s/old.mid",
             folder, folder, folder),
      0);
}

#ifdef CN_HAS_FLUIDSYNTH

/// The peak of a WAV file, of full scale
static double
measure_peak(const char* const name)
{
  char     path[64];
  uint8_t* data = NULL;
  size_t   size = 0;
  int      peak = 0;
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_equal(cn_file_read(path, 1 << 26, &data, &size), CN_STATUS_SUCCESS);
  assert_true(size > HEAD + 44100);
  assert_memory_equal(data, "RIFF", 4);
  assert_memory_equal(data + 8, "WAVEfmt ", 8);
  assert_int_equal((size_t)data[40] | (size_t)data[41] << 8 | (size_t)data[42] << 16 | (size_t)data[43] << 24,
                   size - HEAD);
  for (size_t i = HEAD; i + 1 < size; i += 2) {
    const int sample = (int16_t)(uint16_t)(data[i] | data[i + 1] << 8);
    peak             = abs(sample) > peak ? abs(sample) : peak;
  }
  free(data);
  return peak / 32767.0;
}

static void
test_sound_peaks_at_minus_three_decibels(void** const state)
{
  (void)state;
  if (access(CN_SOUNDFONT_DEFAULT, R_OK)) {
    skip();
  }
  assert_int_equal(cn_run("play %s/phrase.mid -o %s/phrase.wav", folder, folder), 0);
  assert_float_equal(measure_peak("phrase.wav"), CN_RENDER_PEAK, 1e-4);
  assert_int_equal(cn_run("generate -m %s/model.safetensors -p %s/phrase.mid --bars 1 -o %s/out.wav", folder,
                          folder, folder),
                   0);
  assert_float_equal(measure_peak("out.wav"), CN_RENDER_PEAK, 1e-4);
}

static void
test_says_what_is_missing(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("play %s/phrase.mid -o %s/no.wav --soundfont /nowhere.sf2", folder, folder), 1);
  cn_run_told("/nowhere.sf2: cannot be read; install timgm6mb-soundfont");
  assert_int_equal(
      cn_run("play %s/phrase.mid -o %s/no.wav --soundfont %s/phrase.mid", folder, folder, folder), 1);
  cn_run_told("is no SoundFont");
  assert_null(strstr(cn_run_output, "CRITICAL")); // Of a library that FluidSynth would ask
}

static void
test_says_where_there_is_no_room_for_sound(void** const state)
{
  (void)state;
  if (access(CN_SOUNDFONT_DEFAULT, R_OK)) {
    skip();
  }
  assert_int_equal(setenv("TMPDIR", "/nowhere/at-all", 1), 0);
  assert_int_equal(cn_run("play %s/phrase.mid -o %s/no.wav", folder, folder), 1);
  cn_run_told("/nowhere/at-all: No such file or directory; TMPDIR says where else");
  assert_int_equal(unsetenv("TMPDIR"), 0);
}

#else

static void
test_says_what_is_missing(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("play %s/phrase.mid -o %s/no.wav", folder, folder), 1);
  cn_run_told("install libfluidsynth-dev");
}

#endif

static void
test_refuses_what_it_cannot_write(void** const state)
{
  char path[64];
  (void)state;
  assert_int_equal(cn_run("play %s/phrase.mid -o %s/out.ogg", folder, folder), 2);
  cn_run_told("Say -o FILE.wav");
  snprintf(path, sizeof(path), "%s/text.wav", folder);
  assert_int_equal(cn_file_write(path, "precious", 8), CN_STATUS_SUCCESS);
  assert_int_equal(cn_run("play %s/phrase.mid -o %s", folder, path), 2);
  cn_run_told("stands there and is no WAV file");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keeps_what_is_heard),
      cmocka_unit_test(test_adds_on_the_channel_and_program_that_are_asked_for),
      cmocka_unit_test(test_old_names_of_options_are_taken),
#ifdef CN_HAS_FLUIDSYNTH
      cmocka_unit_test(test_sound_peaks_at_minus_three_decibels),
      cmocka_unit_test(test_says_where_there_is_no_room_for_sound),
#endif
      cmocka_unit_test(test_says_what_is_missing),
      cmocka_unit_test(test_refuses_what_it_cannot_write),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
