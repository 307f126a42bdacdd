// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  generate with models of each architecture, timed in each way, as a user would run it.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/music/score.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_NOTES = 20 };

static const char* const models[] = {"continuo", "beats", "seconds"};
static char              folder[] = "/tmp/continuo-XXXXXX";

// Twenty notes of 10 ticks, 13 and 14 apart in turn: 256 in 19 steps
static void
write_seed(void)
{
  CnNote notes[N_NOTES];
  char   path[128];
  for (int32_t i = 0; i < N_NOTES; ++i) {
    notes[i] = (CnNote){.onset    = (27 * i) / 2,
                        .duration = 10,
                        .bar      = cn_bar_place((CnBar){0, 96}, (27 * i) / 2),
                        .pitch    = (uint8_t)(60 + 5 * i % 12),
                        .velocity = 80};
  }
  snprintf(path, sizeof(path), "%s/seed.mid", folder);
  midi_file_write_notes(path, notes, N_NOTES, NULL, 0);
}

static int
set_up(void** const state)
{
  char path[128];
  (void)state;
  assert_non_null(mkdtemp(folder));
  write_seed();
  snprintf(path, sizeof(path), "%s/continuo.safetensors", folder);
  assert_int_equal(cn_tiny_model(path, 1), CN_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "%s/beats.safetensors", folder);
  assert_int_equal(cn_tiny_notebook(path, 1, CN_NOTEBOOK_BEATS), CN_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "%s/seconds.safetensors", folder);
  assert_int_equal(cn_tiny_notebook(path, 1, CN_NOTEBOOK_SECONDS), CN_STATUS_SUCCESS);
  return 0;
}

static int
tear_down(void** const state)
{
  static const char* const names[] = {"seed.mid",
                                      "out.mid",
                                      "again.mid",
                                      "continuo.safetensors",
                                      "beats.safetensors",
                                      "seconds.safetensors",
                                      "bad.safetensors",
                                      "one.mid",
                                      ""};
  char                     path[128];
  (void)state;
  for (size_t i = 0; i < sizeof(names) / sizeof(*names); ++i) {
    snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
    remove(path);
  }
  return 0;
}

static CnScore*
generate(const char* const model, const char* const timing, const char* const name)
{
  char path[128];
  assert_int_equal(cn_run("generate -m %s/%s.safetensors -s %s/seed.mid --bars 8 --timing %s -o %s/%s",
                          folder, model, folder, timing, folder, name),
                   0);
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  CnScore* const score = midi_file_read_score(path);
  assert_true(score->n_notes > N_NOTES + 5);
  return score;
}

// From the seed's last note on, one note on each place of the grid
static void
check_even(const CnScore* const score)
{
  size_t  i = N_NOTES;
  int32_t k = 1;
  while ((256 + (2 * k * 256 + 19) / 38) < score->notes[i].onset) {
    ++k;
  }
  assert_true(256 + (2 * (k - 1) * 256 + 19) / 38 < 276); // Where the continuation begins
  for (; i < score->n_notes; ++i, ++k) {
    assert_int_equal(score->notes[i].onset, 256 + (2 * k * 256 + 19) / 38);
    assert_int_equal(score->notes[i].duration, 10);
  }
}

static bool
has_same_notes(const CnScore* const a, const CnScore* const b)
{
  return a->n_notes == b->n_notes && !memcmp(a->notes, b->notes, a->n_notes * sizeof(CnNote));
}

static void
test_each_model_plays_in_each_way(void** const state)
{
  (void)state;
  for (unsigned m = 0; m < 3; ++m) {
    CnScore* const own   = generate(models[m], "model", "out.mid");
    CnScore* const again = generate(models[m], "model", "again.mid");
    CnScore* const even  = generate(models[m], "average", "out.mid");
    assert_true(has_same_notes(own, again));
    assert_false(has_same_notes(own, even));
    check_even(even);
    cn_score_free(own);
    cn_score_free(again);
    cn_score_free(even);
  }
}

// A single note is no phrase to take means of: who asked for them is told
/// End of the last note of a file [ticks]
static int32_t
find_end(const char* const name)
{
  char    path[128];
  int32_t end = 0;
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  CnScore* const score = midi_file_read_score(path);
  for (size_t i = 0; i < score->n_notes; ++i) {
    const int32_t note_end = score->notes[i].onset + score->notes[i].duration;
    end                    = note_end > end ? note_end : end;
  }
  cn_score_free(score);
  return end;
}

static void
test_the_last_bar_closes(void** const state)
{
  (void)state;
  static const char line[] =
      "generate -m %s/continuo.safetensors -s %s/seed.mid --bars 2 --take %d -o %s/out.mid %s";

  unsigned n_open = 0;
  for (int take = 1; take <= 8; ++take) {
    assert_int_equal(cn_run(line, folder, folder, take, folder, "--force"), 0);
    n_open += find_end("out.mid") > 5 * 96; // The rest of the seed's third bar, and two
    assert_int_equal(cn_run(line, folder, folder, take, folder, "--force --close"), 0);
    assert_true(find_end("out.mid") <= 5 * 96);
  }
  assert_true(n_open > 0);
}

/// A single note is no phrase to take means of: who asked for them is told
static void
test_even_timing_without_a_phrase_is_told(void** const state)
{
  (void)state;
  char path[128];
  snprintf(path, sizeof(path), "%s/one.mid", folder);
  midi_file_write_quarters(path, 1, 60, NULL, 0);
  assert_int_equal(
      cn_run("generate -m %s/beats.safetensors -s %s --timing average -o %s/out.mid", folder, path, folder),
      0);
  cn_run_told("no two onsets to take means of");
  assert_int_equal(cn_run("generate -m %s/beats.safetensors -s %s/seed.mid --timing average -o %s/out.mid",
                          folder, folder, folder),
                   0);
  assert_null(strstr(cn_run_output, "no two onsets"));
}

// A model of which the end is missing
static void
cut_model(void)
{
  char     path[128];
  uint8_t* data = NULL;
  size_t   size = 0;
  snprintf(path, sizeof(path), "%s/beats.safetensors", folder);
  assert_int_equal(cn_file_read(path, 1 << 24, &data, &size), CN_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "%s/bad.safetensors", folder);
  assert_int_equal(cn_file_write(path, data, size - 100), CN_STATUS_SUCCESS);
  free(data);
}

static void
test_faults_are_named(void** const state)
{
  char path[128];
  (void)state;
  snprintf(path, sizeof(path), "%s/never.mid", folder);
  assert_int_equal(cn_run("generate -s %s/seed.mid --timing even -o %s", folder, path), 2);
  cn_run_told("--timing: 'even' is neither model nor average");
  assert_int_equal(cn_run("generate -s %s/seed.mid --candidates 2 -o %s", folder, path), 2);
  cn_run_told("--candidates: goes with --between");
  assert_int_equal(cn_run("generate -s %s/seed.mid --soundfont x.sf2 -o %s", folder, path), 2);
  cn_run_told("--soundfont: goes with -o FILE.wav");
  assert_int_equal(cn_run("generate -s %s/seed.mid -o %s/longer.png", folder, folder), 2);
  cn_run_told("longer.png: is a name for pictures, which continuo roll draws");
  assert_int_equal(cn_run("generate -s %s/seed.mid --lowest 90 --highest 30 -o %s", folder, path), 2);
  cn_run_told("--lowest: no key is above 89 and below 31");
  assert_int_equal(cn_run("generate -s %s/seed.mid --scale held -o %s", folder, path), 2);
  cn_run_told("--scale: 'held' is not a scale");
  assert_int_equal(cn_run("generate -s %s/seed.mid --scale 'C played' -o %s", folder, path), 2);
  cut_model();
  assert_int_equal(cn_run("generate -m %s/bad.safetensors -s %s/seed.mid -o %s", folder, folder, path), 1);
  cn_run_told("bad.safetensors: ");
  assert_int_equal(access(path, F_OK), -1);
}

static void
write_text(const char* const name)
{
  char path[128];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_equal(cn_file_write(path, "precious", 8), CN_STATUS_SUCCESS);
}

static void
test_what_stands_there_is_not_lost(void** const state)
{
  static const char line[] = "generate -m %s/beats.safetensors -s %s/seed.mid --bars 2 -o %s/%s %s";
  (void)state;
  write_text("one.mid");
  assert_int_equal(cn_run(line, folder, folder, folder, "one.mid", ""), 2);
  cn_run_told("one.mid: stands there and is no MIDI file; --force writes over it");
  assert_int_equal(cn_run(line, folder, folder, folder, "one.mid", "--force"), 0);
  assert_int_equal(cn_run(line, folder, folder, folder, "one.mid", ""), 0); // Now it is one
  assert_int_equal(cn_run(line, folder, folder, folder, "seed.mid", ""), 2);
  cn_run_told("seed.mid: is what is read; --force writes over it");
}

// Nothing is printed there, so nothing is lost
static void
test_no_standard_output_is_needed(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("generate -m %s/beats.safetensors -s %s/seed.mid --bars 2 -o %s/out.mid >&- 2>/dev/null #",
             folder, folder, folder),
      0);
  assert_int_equal(cn_run("--help >&- 2>/dev/null #"), 1);
}

// What is wrong with a file is told in a line a kind, with its name, and the file is read
static void
test_tells_what_is_wrong_with_a_file(void** const state)
{
  MidiFile file = midi_file_of_track(24, TRACK(0x00, TEMPO(0, 0, 0), 0x00, TEMPO(0, 0, 0), 0x00, 0x90, 60, 80,
                                               0x18, 60, 0, 0x00, 62, 80, 0x18, 62, 0));
  char     path[128];
  (void)state;
  snprintf(path, sizeof(path), "%s/odd.mid", folder);
  assert_int_equal(cn_file_write(path, file.bytes, file.size), CN_STATUS_SUCCESS);
  assert_int_equal(
      cn_run("generate -m %s/continuo.safetensors -s %s --bars 1 -o %s/odd-on.mid", folder, path, folder), 0);
  cn_run_told("odd.mid: warning: an impossible tempo, more than once; read on");
  cn_run_told("odd.mid: warning: a track has no end, or is cut off; read on");
  assert_null(strstr(strstr(cn_run_output, "impossible tempo") + 1, "impossible tempo"));
  remove(path);
  snprintf(path, sizeof(path), "%s/odd-on.mid", folder);
  assert_int_equal(remove(path), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tells_what_is_wrong_with_a_file),
      cmocka_unit_test(test_each_model_plays_in_each_way),
      cmocka_unit_test(test_the_last_bar_closes),
      cmocka_unit_test(test_even_timing_without_a_phrase_is_told),
      cmocka_unit_test(test_faults_are_named),
      cmocka_unit_test(test_what_stands_there_is_not_lost),
      cmocka_unit_test(test_no_standard_output_is_needed),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
