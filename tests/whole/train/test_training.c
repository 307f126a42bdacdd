// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train, evaluate and generate on a small corpus of scales, as a user would run them.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "dsp/music/chord.h"
#include "dsp/music/score.h"
#include "dsp/music/vocabulary.h"
#include "tools/base/file.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { N_PIECES = 20, N_NOTES = 160 };

#define QUICK "--hidden 16 --head 8 --streams 4 --steps 16 --threads 2 --epochs 2"

static char folder[64];

static void
write_file(const char* const name, const void* const data, const size_t size)
{
  char path[256];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
}

// Scales up and down from different keys, in eighths
static void
write_piece(const unsigned number)
{
  static const uint8_t steps[8] = {0, 2, 4, 5, 7, 9, 11, 12};

  CnNote notes[N_NOTES];
  char   name[64];
  for (unsigned i = 0; i < N_NOTES; ++i) {
    const unsigned place = i % 14;
    notes[i]             = (CnNote){.onset    = (int32_t)(12 * i),
                                    .duration = 12,
                                    .pitch    = (uint8_t)(50 + number % 12 + steps[place < 8 ? place : 14 - place]),
                                    .velocity = (uint8_t)(60 + number)};
  }
  snprintf(name, sizeof(name), "corpus/piece%02u.mid", number);
  midi_file_write_notes(cn_scratch_path(folder, name), notes, N_NOTES, NULL, 0);
}

static int
setup(void** const state)
{
  (void)state;
  char path[128];
  snprintf(folder, sizeof(folder), "/tmp/continuo-training-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof(path), "mkdir %s/corpus", folder);
  assert_int_equal(system(path), 0);

  char   table[2048] = "file\twork\tsplit\n";
  size_t n           = strlen(table);
  for (unsigned p = 0; p < N_PIECES; ++p) {
    const char* const side = p % 10 == 8 ? "valid" : p % 10 == 9 ? "test" : "train";
    write_piece(p);
    n += (size_t)snprintf(table + n, sizeof(table) - n, "piece%02u.mid\twork%u\t%s\n", p, p, side);
  }
  write_file("split.tsv", table, n);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

static void
train(const char* const options, const char* const name)
{
  if (cn_run("train %s/corpus --split %s/split.tsv -o %s/%s " QUICK " %s", folder, folder, folder, name,
             options)) {
    fail_msg("train failed: %s", cn_run_output);
  }
}

static void
assert_same_files(const char* const a, const char* const b, const int is_same)
{
  char line[512];
  snprintf(line, sizeof(line), "cmp -s %s/%s %s/%s", folder, a, folder, b);
  assert_int_equal(!system(line), is_same);
}

static double
evaluated_total(const char* const weights, const char* const options)
{
  json_error_t error;
  assert_int_equal(cn_run("evaluate -m %s/%s %s/corpus --split %s/split.tsv --json %s", folder, weights,
                          folder, folder, options),
                   0);
  json_t* const object = json_loads(cn_run_output, 0, &error);
  assert_non_null(object);
  const double total = json_real_value(json_object_get(json_object_get(object, "nll"), "total"));
  json_decref(object);
  return total;
}

static void
test_training_learns(void** const state)
{
  (void)state;
  train("--epochs 1", "short.safetensors");
  train("--epochs 25 --rate 0.02", "long.safetensors");
  cn_run_told("best: epoch");
  assert_true(evaluated_total("long.safetensors", "") < evaluated_total("short.safetensors", "") - 1.0);
  assert_true(evaluated_total("long.safetensors", "--no-motif") < 6.0);
}

static void
test_same_seed_gives_the_same_weights(void** const state)
{
  (void)state;
  train("--seed 5", "a.safetensors");
  train("--seed 5", "b.safetensors");
  train("--seed 6", "c.safetensors");
  assert_same_files("a.safetensors", "b.safetensors", 1);
  assert_same_files("a.safetensors", "c.safetensors", 0);
}

static void
test_gru_and_half_floats_train(void** const state)
{
  (void)state;
  train("--cell gru --half", "gru.safetensors");
  assert_true(evaluated_total("gru.safetensors", "") > 0.0);
}

static void
test_bad_files_are_listed_and_left_out(void** const state)
{
  (void)state;
  write_file("corpus/broken.mid", "MThd\0\0\0\6\0\1", 10);
  write_file("corpus/empty.mid", "", 0);
  assert_int_equal(cn_run("train %s/corpus -o %s/good.safetensors " QUICK, folder, folder), 0);
  cn_run_told("left out: broken.mid: ");
  cn_run_told("left out: empty.mid: ");
  cn_run_told("(2 files left out), split by file");

  char path[128];
  snprintf(path, sizeof(path), "%s/corpus/broken.mid", folder);
  unlink(path);
  snprintf(path, sizeof(path), "%s/corpus/empty.mid", folder);
  unlink(path);
}

static void
test_train_leaves_nothing_behind_on_errors(void** const state)
{
  (void)state;
  char path[128];
  snprintf(path, sizeof(path), "%s/never.safetensors", folder);
  assert_int_equal(cn_run("train /nowhere/at-all -o %s " QUICK, path), 1);
  cn_run_told("/nowhere/at-all: No such file or directory");
  assert_int_equal(cn_run("train %s/corpus --split /nowhere.tsv -o %s " QUICK, folder, path), 1);
  cn_run_told("/nowhere.tsv: No such file or directory");
  write_file("bad.tsv", "file\twork\tsplit\npiece00.mid\twork\tmaybe\n", 39);
  assert_int_equal(cn_run("train %s/corpus --split %s/bad.tsv -o %s " QUICK, folder, folder, path), 1);
  cn_run_told("bad.tsv: line 2: ");
  assert_int_equal(cn_run("train %s/corpus -o /nowhere/x.safetensors " QUICK, folder), 1);
  cn_run_told("/nowhere/x.safetensors: No such file or directory");
  assert_int_equal(access(path, F_OK), -1);
}

static void
test_train_checks_its_options(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("train"), 2);
  assert_int_equal(cn_run("train %s/corpus", folder), 2);
  assert_int_equal(cn_run("train %s/corpus -o x --cell rnn", folder), 2);
  assert_int_equal(cn_run("train %s/corpus -o x --hidden 0", folder), 2);
  assert_int_equal(cn_run("train %s/corpus -o x --rate nan", folder), 2);
}

static void
test_run_is_tabled(void** const state)
{
  (void)state;
  uint8_t* data = NULL;
  size_t   size = 0;
  char     path[128];
  train("", "tabled.safetensors");
  snprintf(path, sizeof(path), "%s/tabled.csv", folder);
  assert_int_equal(cn_file_read(path, 1 << 20, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(strncmp((const char*)data, "step,epoch,seconds,", 19), 0);
  unsigned n_lines = 0;
  for (size_t i = 0; i < size; ++i) {
    n_lines += data[i] == '\n';
  }
  assert_int_equal(n_lines, 1 + 2); // A heading, and a validation an epoch
  free(data);
}

static void
test_evaluate_gives_the_promised_object(void** const state)
{
  static const char* const keys[] = {"notes", "nll", "pitch_accuracy", "non_repeat", "files"};

  (void)state;
  train("", "judge.safetensors");
  assert_int_equal(
      cn_run("evaluate -m %s/judge.safetensors %s/corpus/piece0[0-3].mid --json", folder, folder), 0);
  json_t* const object = json_loads(cn_run_output, 0, NULL);
  assert_non_null(object);
  for (unsigned k = 0; k < 5; ++k) {
    assert_non_null(json_object_get(object, keys[k]));
  }
  json_t* const nll = json_object_get(object, "nll");
  double        sum = 0.0;
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    sum += json_real_value(json_object_get(nll, cn_factor_name((CnFactor)f)));
  }
  assert_true(fabs(sum - json_real_value(json_object_get(nll, "total"))) < 1e-4);
  assert_int_equal(json_integer_value(json_object_get(object, "notes")), 4 * (N_NOTES - 1));
  assert_int_equal(json_array_size(json_object_get(object, "files")), 4);
  const json_t* const non_repeat = json_object_get(object, "non_repeat");
  assert_non_null(json_object_get(non_repeat, "nll"));
  assert_true(json_integer_value(json_object_get(non_repeat, "notes")) <
              4 * 40); // Scales soon repeat themselves
  json_decref(object);

  assert_int_equal(
      cn_run("evaluate -m %s/judge.safetensors %s/corpus/piece00.mid /nowhere.mid", folder, folder), 1);
  cn_run_told("/nowhere.mid: No such file or directory");
  assert_int_equal(cn_run("evaluate -m %s/split.tsv %s/corpus/piece00.mid", folder, folder), 1);
  cn_run_told("split.tsv: ");
}

static void
test_evaluate_takes_the_side_it_is_told(void** const state)
{
  static const struct {
    const char* options;
    const char* first;
    int         n_files;
  } sides[] = {
      {"", "piece09.mid", 2}, {"--side valid", "piece08.mid", 2}, {"--side train", "piece00.mid", 16}};

  (void)state;
  train("", "sides.safetensors");
  for (unsigned s = 0; s < 3; ++s) {
    assert_int_equal(cn_run("evaluate -m %s/sides.safetensors %s/corpus --split %s/split.tsv --json %s",
                            folder, folder, folder, sides[s].options),
                     0);
    json_t* const       object = json_loads(cn_run_output, 0, NULL);
    const json_t* const files  = json_object_get(object, "files");
    const json_t* const name   = json_object_get(json_array_get(files, 0), "file");
    assert_int_equal(json_array_size(files), sides[s].n_files);
    assert_int_equal(json_integer_value(json_object_get(object, "notes")), sides[s].n_files * (N_NOTES - 1));
    assert_string_equal(json_string_value(name), sides[s].first);
    json_decref(object);
  }
}

static void
test_evaluate_has_no_table_of_an_empty_side(void** const state)
{
  static const char table[] = "file\twork\tsplit\npiece00.mid\ta\ttrain\n";

  (void)state;
  train("", "empty.safetensors");
  write_file("one.tsv", table, strlen(table));
  assert_int_equal(
      cn_run("evaluate -m %s/empty.safetensors %s/corpus --split %s/one.tsv", folder, folder, folder), 1);
  cn_run_told("one.tsv: no file on that side");
  assert_null(strstr(cn_run_output, "nats a note"));
}

static void
test_evaluate_hides_motifs_when_asked(void** const state)
{
  (void)state;
  train("", "bare.safetensors");
  const double shown = evaluated_total("bare.safetensors", "");
  cn_run_told("\"motif\": true");
  const double hidden = evaluated_total("bare.safetensors", "--no-motif");
  cn_run_told("\"motif\": false");
  assert_true(fabs(shown - hidden) > 1e-3);
}

static double
number_at(const json_t* const object, const char* const part, const char* const factor)
{
  return json_number_value(json_object_get(json_object_get(json_object_get(object, part), "nll"), factor));
}

// Scales of eighths, all of one length, are no riddle to a trigram either; without -m it stands alone
static void
test_evaluate_tells_what_follows_when_asked(void** const state)
{
  (void)state;
  train("", "led.safetensors");
  const double hidden = evaluated_total("led.safetensors", "");
  const double told   = evaluated_total("led.safetensors", "--following 2");
  cn_run_told("\"following\": 2");
  assert_true(fabs(told - hidden) > 1e-4);
  assert_int_equal(
      cn_run("evaluate -m %s/led.safetensors %s/corpus/piece00.mid --following 2", folder, folder), 0);
  cn_run_told("told what follows each 2 bars");
}

static void
test_evaluate_knows_an_honest_baseline(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("evaluate --baseline %s/corpus --split %s/split.tsv --json", folder, folder), 0);
  json_t* const object = json_loads(cn_run_output, 0, NULL);
  assert_non_null(object);
  assert_null(json_object_get(object, "nll"));
  assert_true(number_at(object, "trigram", "dt") < 0.2);
  assert_true(number_at(object, "trigram", "pitch") < 2.5);
  assert_true(json_is_null(json_object_get(json_object_get(json_object_get(object, "mean"), "nll"), "dt")));
  json_decref(object);

  train("", "beside.safetensors");
  assert_int_equal(cn_run("evaluate --baseline -m %s/beside.safetensors %s/corpus --split %s/split.tsv",
                          folder, folder, folder),
                   0);
  cn_run_told("\ngru ");
  cn_run_told("\ntrigram ");
  cn_run_told("\ntrain's mean ");

  assert_int_equal(cn_run("evaluate --baseline %s/corpus", folder), 2);
  cn_run_told("--baseline: goes with --split");
}

static void
test_generate_continues_and_repeats_itself(void** const state)
{
  (void)state;
  const char* const command =
      "generate -m %s/gen.safetensors --seed %s/corpus/piece03.mid --bars 4 -o %s/%s %s";
  train("", "gen.safetensors");
  assert_int_equal(cn_run(command, folder, folder, folder, "one.mid", ""), 0);
  assert_int_equal(cn_run(command, folder, folder, folder, "again.mid", ""), 0);
  assert_int_equal(cn_run(command, folder, folder, folder, "other.mid", "--take 2"), 0);
  assert_same_files("one.mid", "again.mid", 1);
  assert_same_files("one.mid", "other.mid", 0);

  CnScore* const score  = midi_file_read_score(cn_scratch_path(folder, "one.mid"));
  unsigned       n_seed = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    n_seed += note->part == CN_PART_MUSICIAN;
    assert_true((note->part == CN_PART_MUSICIAN) == (note->onset < 12 * N_NOTES));
    assert_true(note->onset < 12 * N_NOTES + 4 * 96);
  }
  assert_int_equal(n_seed, N_NOTES);
  assert_true(score->n_notes > N_NOTES);
  cn_score_free(score);
}

static void
test_generate_may_cut_the_seed(void** const state)
{
  (void)state;
  train("", "cut.safetensors");
  assert_int_equal(
      cn_run(
          "generate -m %s/cut.safetensors --seed %s/corpus/piece03.mid --seed-bars 2 --bars 2 -o %s/cut.mid",
          folder, folder, folder),
      0);
  CnScore* const score = midi_file_read_score(cn_scratch_path(folder, "cut.mid"));
  assert_int_equal(score->notes[15].part, CN_PART_MUSICIAN);
  assert_int_equal(score->notes[16].part, CN_PART_CONTINUO);
  assert_true(score->notes[score->n_notes - 1].onset < 4 * 96);
  cn_score_free(score);
}

static void
test_generate_plays_on_chords(void** const state)
{
  (void)state;
  train("", "chords.safetensors");
  assert_int_equal(
      cn_run("generate -m %s/chords.safetensors --seed %s/corpus/piece03.mid --bars 4 -o %s/chords.mid"
             " --chords 'C F#m'",
             folder, folder, folder),
      0);
  CnScore* const score = midi_file_read_score(cn_scratch_path(folder, "chords.mid"));
  for (size_t i = N_NOTES; i < score->n_notes; ++i) {
    const CnNote* const note  = &score->notes[i];
    const int32_t       bar   = (note->onset - 12 * N_NOTES) / 96;
    const int32_t       chord = bar % 2 ? 6 + 12 : 0;
    assert_true(cn_chord_pitch_classes(chord) >> note->pitch % 12 & 1);
  }
  cn_score_free(score);
  assert_int_equal(cn_run("generate -m x --seed y -o z --chords 'C H'"), 2);
  cn_run_told("'H' is not a chord");
}

static void
test_generate_leaves_nothing_behind_on_errors(void** const state)
{
  (void)state;
  char path[128];
  snprintf(path, sizeof(path), "%s/never.mid", folder);
  train("", "errors.safetensors");
  assert_int_equal(
      cn_run("generate -m %s/errors.safetensors --seed %s/split.tsv -o %s", folder, folder, path), 1);
  cn_run_told("split.tsv: ");
  assert_int_equal(
      cn_run("generate -m %s/split.tsv --seed %s/corpus/piece00.mid -o %s", folder, folder, path), 1);
  cn_run_told("split.tsv: ");
  assert_int_equal(access(path, F_OK), -1);
  assert_int_equal(cn_run("generate --seed x -o y --bars 0"), 2);
}

// Six pieces to choose by are enough to say how it plays
static void
test_it_is_told_how_it_plays(void** const state)
{
  (void)state;
  char   table[2048] = "file\twork\tsplit\n";
  size_t n           = strlen(table);
  for (unsigned p = 0; p < N_PIECES; ++p) {
    n += (size_t)snprintf(table + n, sizeof(table) - n, "piece%02u.mid\twork%u\t%s\n", p, p,
                          p < 6 ? "valid" : "train");
  }
  write_file("valid.tsv", table, n);
  assert_int_equal(cn_run("train %s/corpus --split %s/valid.tsv -o %s/plays.safetensors --half " QUICK,
                          folder, folder, folder),
                   0);
  cn_run_told("Does it play like them?  It has gone on with 6 of those pieces for 32 bars.\nInside ");
  assert_int_equal(cn_run("train %s/corpus --split %s/valid.tsv -o %s/plays.safetensors --force --no-play "
                          "--half " QUICK,
                          folder, folder, folder),
                   0);
  assert_null(strstr(cn_run_output, "Does it play"));

  assert_int_equal(cn_run("evaluate -m %s/plays.safetensors %s/corpus --split %s/valid.tsv --side valid "
                          "--play 8 --takes 2 --pieces 5 --picture %s/plays.svg",
                          folder, folder, folder, folder),
                   0);
  cn_run_told("6 pieces, ");
  cn_run_told("as it plays: 10 sections of 8 bars, beside 5 of 5 real pieces.");
  cn_run_told("A line tells eight bars of it from real music in ");
}

static void
test_play_is_a_member_of_the_json(void** const state)
{
  (void)state;
  json_error_t error;
  train("", "json.safetensors");
  assert_int_equal(cn_run("evaluate -m %s/json.safetensors %s/corpus/piece00.mid --play 8 --takes 1 --json",
                          folder, folder),
                   0);
  json_t* const object = json_loads(cn_run_output, 0, &error);
  json_t* const play   = json_object_get(object, "play");
  assert_int_equal(json_integer_value(json_object_get(play, "sections_own")), 1);
  assert_int_equal(json_object_size(json_object_get(play, "features")), 36);
  assert_true(json_is_null(json_object_get(play, "told"))); // Of one piece
  json_decref(object);
  assert_int_equal(cn_run("evaluate %s/corpus/piece00.mid --takes 2", folder), 2);
  cn_run_told("--takes: goes with --play or --between");
  assert_int_equal(cn_run("evaluate --baseline %s/corpus --split %s/split.tsv --play 8", folder, folder), 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_training_learns),
      cmocka_unit_test(test_same_seed_gives_the_same_weights),
      cmocka_unit_test(test_gru_and_half_floats_train),
      cmocka_unit_test(test_bad_files_are_listed_and_left_out),
      cmocka_unit_test(test_train_leaves_nothing_behind_on_errors),
      cmocka_unit_test(test_train_checks_its_options),
      cmocka_unit_test(test_run_is_tabled),
      cmocka_unit_test(test_evaluate_gives_the_promised_object),
      cmocka_unit_test(test_evaluate_takes_the_side_it_is_told),
      cmocka_unit_test(test_evaluate_has_no_table_of_an_empty_side),
      cmocka_unit_test(test_evaluate_tells_what_follows_when_asked),
      cmocka_unit_test(test_evaluate_knows_an_honest_baseline),
      cmocka_unit_test(test_evaluate_hides_motifs_when_asked),
      cmocka_unit_test(test_generate_continues_and_repeats_itself),
      cmocka_unit_test(test_generate_may_cut_the_seed),
      cmocka_unit_test(test_generate_plays_on_chords),
      cmocka_unit_test(test_generate_leaves_nothing_behind_on_errors),
      cmocka_unit_test(test_it_is_told_how_it_plays),
      cmocka_unit_test(test_play_is_a_member_of_the_json),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
