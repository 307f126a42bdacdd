// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  generate --between and evaluate --between, as a user would run them.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/base/status.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[] = "/tmp/continuo-between-XXXXXX";

static const char*
path_of(const char* const name)
{
  return cn_scratch_path(folder, name);
}

static int
set_up(void** const state)
{
  const CnMeterChange waltz  = {0, 3, 4};
  MidiFile            silent = midi_file_of_track(96, TRACK(END));
  (void)state;
  assert_non_null(mkdtemp(folder));
  midi_file_write_quarters(path_of("a.mid"), 12, 60, &waltz, 1);
  midi_file_write_quarters(path_of("b.mid"), 16, 67, NULL, 0);
  assert_int_equal(cn_file_write(path_of("silent.mid"), silent.bytes, silent.size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tiny_model(path_of("model.safetensors"), 1), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tiny_notebook(path_of("notebook.safetensors"), 1, CN_NOTEBOOK_BEATS),
                   CN_STATUS_SUCCESS);
  cn_scratch_make_corpus(folder, "corpus", 3, 80, 8);
  return 0;
}

static int
tear_down(void** const state)
{
  char command[128];
  (void)state;
  snprintf(command, sizeof(command), "rm -r %s", folder);
  return system(command);
}

static CnScore*
generate(const char* const options)
{
  assert_int_equal(cn_run("generate -m %s --between %s %s --bars 2 %s --force -o %s",
                          path_of("model.safetensors"), path_of("a.mid"), path_of("b.mid"), options,
                          path_of("out.mid")),
                   0);
  return midi_file_read_score(path_of("out.mid"));
}

static bool
has_same_notes(const CnScore* const a, const CnScore* const b)
{
  return a->n_notes == b->n_notes && !memcmp(a->notes, b->notes, a->n_notes * sizeof(CnNote));
}

static void
test_bars_stand_between_the_files(void** const state)
{
  (void)state;
  CnScore* const score = generate("");
  CnScore* const again = generate("");
  CnScore* const other = generate("--take 2");
  const int32_t  line  = (4 + 2) * 72;
  size_t         own   = 0;
  assert_true(has_same_notes(score, again));
  assert_false(has_same_notes(score, other));
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    own += note->part == CN_PART_CONTINUO;
    if (note->part == CN_PART_CONTINUO) {
      assert_true(note->onset >= 4 * 72 && note->onset + note->duration <= line);
    } else {
      assert_true(note->onset < 4 * 72 || (note->onset >= line && note->bar.length == 96));
    }
  }
  assert_true(own > 4);
  assert_int_equal(score->n_notes, 12 + own + 16);
  assert_int_equal(score->n_meters, 2);
  assert_int_equal(score->meters[1].tick, line);
  cn_score_free(score);
  cn_score_free(again);
  cn_score_free(other);
}

// A program is for what is added alone, be it on the channel of what follows
static void
test_what_follows_keeps_its_program(void** const state)
{
  (void)state;
  CnScore* const score = generate("--channel 1 --program 49");
  assert_int_equal(cn_sound_program(&score->sound, 0, 0), -1);
  assert_int_equal(cn_sound_program(&score->sound, 0, (4 + 2) * 72 - 1), 48);
  assert_int_equal(cn_sound_program(&score->sound, 0, (4 + 2) * 72), 0);
  cn_score_free(score);
}

// The best of more is no worse, and one alone is the plain continuation
static void
test_more_candidates_lead_no_worse(void** const state)
{
  (void)state;
  double best = 0.0;
  for (int n = 1; n <= 16; n *= 4) {
    char options[32];
    snprintf(options, sizeof(options), "--candidates %d", n);
    CnScore* const score  = generate(options);
    const double   number = cn_run_number("", "number ");
    const double   nats   = cn_run_number("number ", " leads there best: ");
    const double   first  = cn_run_number(" leads there best: ", " nats a note, the first one ");
    snprintf(options, sizeof(options), "number %.0f of %d leads", number, n);
    cn_run_told(options);
    assert_true(number >= 1.0 && number <= n);
    assert_true(n > 1 ? nats <= best : nats == first);
    best = nats;
    cn_score_free(score);
  }
  assert_int_equal(cn_run("generate -m %s --phrase %s --bars 2 --force -o %s", path_of("model.safetensors"),
                          path_of("a.mid"), path_of("plain.mid")),
                   0);
  CnScore* const plain = midi_file_read_score(path_of("plain.mid"));
  CnScore* const one   = generate("--candidates 1");
  for (size_t i = 0; i < plain->n_notes && plain->notes[i].onset < 6 * 72; ++i) {
    assert_int_equal(plain->notes[i].onset, one->notes[i].onset);
    assert_int_equal(plain->notes[i].pitch, one->notes[i].pitch);
  }
  cn_score_free(plain);
  cn_score_free(one);
}

static void
test_faults_are_named(void** const state)
{
  static const char line[] = "generate -m %s --between %s %s -o %s %s";
  (void)state;
  assert_int_equal(cn_run(line, path_of("model.safetensors"), path_of("a.mid"), path_of("silent.mid"),
                          path_of("never.mid"), ""),
                   1);
  cn_run_told("silent.mid: no note of a piano");
  assert_int_equal(cn_run(line, path_of("model.safetensors"), path_of("silent.mid"), path_of("b.mid"),
                          path_of("never.mid"), ""),
                   1);
  cn_run_told("silent.mid: no note of a piano");
  assert_int_equal(cn_run(line, path_of("model.safetensors"), path_of("a.mid"), "", path_of("never.mid"), ""),
                   2);
  cn_run_told("--between: goes with two files");
  assert_int_equal(cn_run(line, path_of("model.safetensors"), path_of("a.mid"), path_of("b.mid"),
                          path_of("never.mid"), "--close"),
                   2);
  cn_run_told("--close: does not go with --between");
  assert_int_equal(cn_run(line, path_of("model.safetensors"), path_of("a.mid"), path_of("b.mid"),
                          path_of("never.mid"), "--phrase /nowhere.mid"),
                   2);
  cn_run_told("--phrase: does not go with --between");
  assert_int_equal(cn_run(line, path_of("notebook.safetensors"), path_of("a.mid"), path_of("b.mid"),
                          path_of("never.mid"), ""),
                   1);
  cn_run_told("cannot tell what leads where");
  assert_int_equal(
      cn_run(line, path_of("model.safetensors"), path_of("a.mid"), path_of("b.mid"), path_of("b.mid"), ""),
      2);
  cn_run_told("b.mid: is what is read");
  assert_false(cn_scratch_has(folder, "never.mid"));
}

static void
test_evaluate_tells_whether_it_leads_there(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("evaluate -m %s %s --between 2 --takes 2", path_of("model.safetensors"), path_of("corpus")), 0);
  cn_run_told("2 bars between, 6 cases");
  cn_run_told("the piece's own");
  cn_run_told("less surprising than plain in ");
  cn_run_told("chosen is the best of 16 that do");
  assert_int_equal(cn_run("evaluate -m %s %s --between 60", path_of("model.safetensors"), path_of("corpus")),
                   1);
  cn_run_told("--between: no piece is long enough");
  assert_int_equal(
      cn_run("evaluate -m %s %s --between 2 --json", path_of("model.safetensors"), path_of("corpus")), 0);
  cn_run_told("\"infill\"");
  cn_run_told("\"told\"");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bars_stand_between_the_files),
      cmocka_unit_test(test_what_follows_keeps_its_program),
      cmocka_unit_test(test_more_candidates_lead_no_worse),
      cmocka_unit_test(test_faults_are_named),
      cmocka_unit_test(test_evaluate_tells_whether_it_leads_there),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
