// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  train and generate where things go wrong, or nearly: strange corpora, tables, outputs and seeds.
*/

#include "tests/support/midi_file.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"

#include "dsp/music/chord.h"
#include "dsp/music/score.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define QUICK "--hidden 8 --head 8 --streams 2 --steps 16 --threads 1 --epochs 1"

enum { PITCH = 60 };

static char folder[64];

static const char*
in_folder(const char* const name)
{
  return cn_scratch_path(folder, name);
}

static bool
exists(const char* const name)
{
  return cn_scratch_has(folder, name);
}

static void
make_corpus(const char* const name, const unsigned n_pieces)
{
  cn_scratch_make_corpus(folder, name, n_pieces, 40, 0);
}

static int
setup(void** const state)
{
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-train-run-XXXXXX");
  assert_non_null(mkdtemp(folder));
  make_corpus("corpus", 6);
  make_corpus("few", 1);
  assert_int_equal(cn_run("train %s/corpus -o %s/model.safetensors " QUICK, folder, folder), 0);
  return 0;
}

static int
teardown(void** const state)
{
  (void)state;
  return cn_scratch_remove(folder);
}

static void
write_text(const char* const name, const char* const text)
{
  assert_int_equal(cn_file_write(in_folder(name), text, strlen(text)), CN_STATUS_SUCCESS);
}

/// Number of lines of a table that end with a word
static unsigned
count_lines(const char* const name, const char* const word)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  unsigned n    = 0;
  assert_int_equal(cn_file_read(in_folder(name), 1 << 20, &data, &size), CN_STATUS_SUCCESS);
  for (char* line = strtok((char*)data, "\n"); line; line = strtok(NULL, "\n")) {
    const size_t length = strlen(line);
    n += length >= strlen(word) && !strcmp(line + length - strlen(word), word);
  }
  free(data);
  return n;
}

// Eight bits

static void
test_weights_are_bytes_unless_floats_are_asked_for(void** const state)
{
  static const char* const ways[][3] = {
      {"", "8 bits cost", " I8 "}, {"--float", "", " F32 "}, {"--half", "", " F16 "}};

  (void)state;
  for (unsigned i = 0; i < 3; ++i) {
    assert_int_equal(
        cn_run("train %s/corpus -o %s/bits.safetensors --force " QUICK " %s", folder, folder, ways[i][0]), 0);
    cn_run_told(ways[i][1]);
    assert_int_equal(strstr(cn_run_output, "8 bits cost") != NULL, i == 0);
    assert_int_equal(cn_run("info %s/bits.safetensors", folder), 0);
    const char* const line = strstr(cn_run_output, "recurrent.weight ");
    assert_non_null(line);
    assert_non_null(strstr(line, ways[i][2]));
    assert_true(strstr(line, ways[i][2]) < strchr(line, '\n'));
  }
  assert_int_equal(cn_run("train %s/few -o %s/few.safetensors " QUICK, folder, folder), 0);
  cn_run_told("nothing to judge 8 bits by");
}

// Corpora

// The fixtures have one velocity throughout
static void
test_losses_of_nothing_are_not_told(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("train %s/corpus -o %s/flat.safetensors " QUICK, folder, folder), 0);
  assert_non_null(strstr(cn_run_output, "duration "));
  assert_null(strstr(cn_run_output, "nan"));
  assert_int_equal(count_lines("flat.csv", "nan"), 0);
}

static void
test_small_corpora_are_split_with_care(void** const state)
{
  static const unsigned sizes[4][4] = {{1, 1, 0, 0}, {2, 2, 0, 0}, {3, 1, 1, 1}, {12, 10, 1, 1}};

  (void)state;
  for (unsigned i = 0; i < 4; ++i) {
    char name[32];
    snprintf(name, sizeof(name), "corpus%u", sizes[i][0]);
    make_corpus(name, sizes[i][0]);
    assert_int_equal(cn_run("train %s/%s -o %s/small.safetensors --force " QUICK, folder, name, folder), 0);
    assert_int_equal(count_lines("small.split.tsv", "\ttrain"), sizes[i][1]);
    assert_int_equal(count_lines("small.split.tsv", "\tvalid"), sizes[i][2]);
    assert_int_equal(count_lines("small.split.tsv", "\ttest"), sizes[i][3]);
  }
  assert_int_equal(cn_run("evaluate -m %s/small.safetensors %s/corpus12 --split %s/small.split.tsv", folder,
                          folder, folder),
                   0);
  cn_run_told("1 piece,");
}

static void
test_strange_entries_do_not_keep_the_others_out(void** const state)
{
  (void)state;
  make_corpus("odd", 3);
  assert_int_equal(symlink("loop.mid", in_folder("odd/loop.mid")), 0);
  assert_int_equal(symlink("nowhere", in_folder("odd/gone.mid")), 0);
  assert_int_equal(cn_run("train %s/odd -o %s/odd.safetensors " QUICK, folder, folder), 0);
  cn_run_told("left out: loop.mid: Too many levels of symbolic links");
  cn_run_told("left out: gone.mid: No such file or directory");
}

static void
test_reasons_are_told_when_nothing_is_left(void** const state)
{
  (void)state;
  mkdir(in_folder("bad"), 0777);
  write_text("bad/empty.mid", "");
  assert_int_equal(cn_run("train %s/bad -o %s/bad.safetensors " QUICK, folder, folder), 1);
  cn_run_told("left out: empty.mid: ");
  cn_run_told("bad: no usable MIDI file");
  assert_false(exists("bad.safetensors"));
}

static void
test_velocities_are_counted_and_may_be_left_out(void** const state)
{
  (void)state;
  CnNote notes[60];
  make_corpus("loud", 3);
  for (int32_t i = 0; i < 60; ++i) {
    notes[i] = (CnNote){.onset    = 12 * i,
                        .duration = 12,
                        .pitch    = (uint8_t)(50 + i % 30),
                        .velocity = (uint8_t)(30 + 7 * i % 80)};
  }
  midi_file_write_notes(in_folder("loud/played.mid"), notes, 60, NULL, 0);
  assert_int_equal(cn_run("train %s/loud -o %s/loud.safetensors " QUICK, folder, folder), 0);
  cn_run_told("velocities: of 1 pieces as they were played, of 3 as notated");
  assert_int_equal(
      cn_run("train %s/loud -o %s/loud.safetensors --force --no-velocity " QUICK, folder, folder), 0);
  cn_run_told("velocities: of 0 pieces as they were played, of 4 as notated");
}

// Pedals

/// Write a scale whose notes sound for a quarter, by themselves, or struck for an eighth by the pedal
static void
write_scale(const char* const name, const unsigned first, const bool by_pedal)
{
  MidiFile file  = midi_file_new(0, 1, 24);
  MidiFile track = {.size = 0};
  for (unsigned i = 0; i < 40; ++i) {
    const uint8_t pitch      = (uint8_t)(first + i % 24);
    const uint8_t pedalled[] = {0, 0xB0, 64, 127, 0, 0x90, pitch, 80, 12, 0x80, pitch, 0, 12, 0xB0, 64, 0};
    const uint8_t plain[]    = {0, 0x90, pitch, 80, 24, 0x80, pitch, 0};
    const size_t  size       = by_pedal ? sizeof(pedalled) : sizeof(plain);
    memcpy(track.bytes + track.size, by_pedal ? pedalled : plain, size);
    track.size += size;
  }
  midi_file_add_chunk(&file, "MTrk", track.bytes, track.size);
  assert_int_equal(cn_file_write(in_folder(name), file.bytes, file.size), CN_STATUS_SUCCESS);
}

/// Train on a folder and judge what came of it by a piece of there: all figures, as text
static void
train_and_judge(const char* const corpus, const char* const output, const char* const kind,
                const char* const lengths, char figures[4096])
{
  assert_int_equal(cn_run("train %s/%s -o %s/%s --force --threads 1 --epochs 1 %s %s", folder, corpus, folder,
                          output, kind, lengths),
                   0);
  assert_int_equal(cn_run("evaluate -m %s/%s %s/%s/0.mid --json %s", folder, output, folder, corpus, lengths),
                   0);
  const char* const nll   = strstr(cn_run_output, "\"nll\"");
  const char* const files = strstr(cn_run_output, "\"files\""); // Which have different paths
  assert_true(nll && files && files - nll < 4096);
  snprintf(figures, 4096, "%.*s", (int)(files - nll), nll);
}

/// Lengths by the pedal are those of notes that are so long without one
static void
test_lengths_are_the_fingers_or_the_pedals(void** const state)
{
  static const char* const kinds[] = {
      "--hidden 8 --head 8 --streams 2 --steps 16 --no-play",
      "--arch notebook --window 4 --min-count 1 --pitch-layers 4,4 --timing-layers 4,4"};
  char fingers[4096];
  char pedal[4096];
  char plain[4096];

  (void)state;
  assert_int_equal(mkdir(in_folder("pedalled"), 0755), 0);
  assert_int_equal(mkdir(in_folder("plain"), 0755), 0);
  for (unsigned i = 0; i < 3; ++i) {
    char name[32];
    snprintf(name, sizeof(name), "pedalled/%u.mid", i);
    write_scale(name, 40 + 5 * i, true);
    snprintf(name, sizeof(name), "plain/%u.mid", i);
    write_scale(name, 40 + 5 * i, false);
  }
  for (unsigned k = 0; k < 2; ++k) {
    train_and_judge("pedalled", "fingers.safetensors", kinds[k], "", fingers);
    train_and_judge("pedalled", "pedal.safetensors", kinds[k], "--pedal", pedal);
    train_and_judge("plain", "plain.safetensors", kinds[k], "", plain);
    assert_string_equal(pedal, plain);
    assert_string_not_equal(pedal, fingers);
  }
}

// Split tables

static void
test_faults_of_split_tables_are_told(void** const state)
{
  static const char train[] = "train %s/corpus --split %s/%s -o %s/table.safetensors --force " QUICK;

  (void)state;
  write_text("twice.tsv", "file\twork\tsplit\np0.mid\ta\ttrain\np0.mid\tb\ttest\n");
  assert_int_equal(cn_run(train, folder, folder, "twice.tsv", folder), 1);
  cn_run_told("twice.tsv: p0.mid is listed twice");
  write_text("headless.tsv", "p0.mid\ta\ttrain\n");
  assert_int_equal(cn_run(train, folder, folder, "headless.tsv", folder), 1);
  cn_run_told("headless.tsv: not a split table");
  write_text("sides.tsv", "file\twork\tsplit\np0.mid\ta\ttrain\n\np1.mid\tb\tboth\n");
  assert_int_equal(cn_run(train, folder, folder, "sides.tsv", folder), 1);
  cn_run_told("sides.tsv: line 4: not a file, a work, and train, valid or test");
  write_text("sung.tsv", "file\twork\tsplit\tvelocities\np0.mid\ta\ttrain\tsung\n");
  assert_int_equal(cn_run(train, folder, folder, "sung.tsv", folder), 1);
  cn_run_told("sung.tsv: line 2: velocities are played or notated");
  write_text("missing.tsv", "file\twork\tsplit\np0.mid\ta\ttrain\nnot-there.mid\tb\ttest\n");
  assert_int_equal(cn_run(train, folder, folder, "missing.tsv", folder), 0);
  cn_run_told("left out: not-there.mid: in the split table, but not there");
  write_text("loud.tsv", "file\twork\tsplit\tvelocities\np0.mid\ta\ttrain\tloud\n");
  assert_int_equal(cn_run(train, folder, folder, "loud.tsv", folder), 1);
  cn_run_told("loud.tsv: line 2: velocities are played or notated");
}

// What train writes of a split, evaluate reads, whatever files are called
static void
test_any_name_survives_the_table(void** const state)
{
  (void)state;
  make_corpus("named", 5);
  assert_int_equal(rename(in_folder("named/p0.mid"), in_folder("named/a\tb.mid")), 0);
  assert_int_equal(rename(in_folder("named/p1.mid"), in_folder("named/a\nb.mid")), 0);
  assert_int_equal(rename(in_folder("named/p2.mid"), in_folder("named/a\rb.mid")), 0);
  assert_int_equal(rename(in_folder("named/p3.mid"), in_folder("named/a\\tb.mid")), 0);
  assert_int_equal(cn_run("train %s/named -o %s/named.safetensors " QUICK, folder, folder), 0);
  for (unsigned i = 0; i < 2; ++i) {
    assert_int_equal(
        cn_run("train %s/named -o %s/again.safetensors --force --split %s/named.split.tsv " QUICK, folder,
               folder, folder),
        0);
    cn_run_told("5 pieces, split by the table");
  }
}

static void
test_split_table_is_not_overwritten(void** const state)
{
  static const char table[] = "file\twork\tsplit\np0.mid\ta\ttrain\np1.mid\tb\tvalid\n";

  (void)state;
  write_text("mine.csv", table);
  assert_int_equal(
      cn_run("train %s/corpus --split %s/mine.csv -o %s/mine.safetensors " QUICK, folder, folder, folder), 2);
  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(in_folder("mine.csv"), 1000, &data, &size), CN_STATUS_SUCCESS);
  assert_string_equal((const char*)data, table);
  free(data);
}

// Outputs

static void
test_hopeless_outputs_are_refused_before_training(void** const state)
{
  (void)state;
  mkdir(in_folder("taken"), 0777);
  assert_int_equal(cn_run("train %s/corpus -o %s/taken " QUICK, folder, folder), 1);
  cn_run_told("taken: Is a directory");
  assert_null(strstr(cn_run_output, "epoch"));
  assert_false(exists("taken.csv"));
  assert_int_equal(
      cn_run("train %s/corpus -o %s/latin.safetensors --licence 'caf\xe9' " QUICK, folder, folder), 2);
  assert_null(strstr(cn_run_output, "epoch"));
}

static void
test_closed_pipe_keeps_the_weights(void** const state)
{
  (void)state;
  char line[512];
  snprintf(line, sizeof(line),
           "(" CN_BUILD_DIR "/continuo train %s/corpus -o %s/pipe.safetensors " QUICK " 2>&1; true) | true",
           folder, folder);
  assert_int_equal(system(line), 0);
  for (unsigned i = 0; i < 200 && !exists("pipe.csv"); ++i) {
    nanosleep(&(struct timespec){0, 50000000}, NULL); // The shell waits for the last of the pipe only
  }
  assert_true(exists("pipe.safetensors"));
}

static void
test_failed_run_leaves_the_last_table_alone(void** const state)
{
  (void)state;
  write_text("kept.csv", "step,precious");
  assert_int_equal(
      cn_run("train %s/corpus -o %s/kept.safetensors --rate 1 --epochs 200 --dropout 0 --hidden 8 --head 8 "
             "--streams 2 --steps 16 --threads 1 --split /nowhere",
             folder, folder),
      1);
  assert_int_equal(count_lines("kept.csv", "step,precious"), 1);
}

static void
test_files_of_other_kinds_are_left_alone(void** const state)
{
  static const char* const sides[]    = {"side.csv", "side.png", "side.split.tsv", "side.checkpoint"};
  static const char* const lines[][2] = {
      {"roll", "corpus/p0.mid"}, {"histogram", "corpus"}, {"curves", "model.csv"}};

  (void)state;
  for (unsigned i = 0; i < 4; ++i) {
    write_text(sides[i], "precious");
    assert_int_equal(cn_run("train %s/corpus -o %s/side.safetensors " QUICK, folder, folder), 2);
    cn_run_told("stands there and is no ");
    assert_int_equal(count_lines(sides[i], "precious"), 1);
    assert_int_equal(unlink(in_folder(sides[i])), 0);
  }
  write_text("side.svg", "precious");
  for (unsigned i = 0; i < 3; ++i) {
    assert_int_equal(cn_run("%s %s/%s -o %s/side.svg", lines[i][0], folder, lines[i][1], folder), 2);
    cn_run_told("side.svg: stands there and is no picture; --force writes over it");
    assert_int_equal(count_lines("side.svg", "precious"), 1);
  }
  for (unsigned i = 0; i < 3; ++i) { // Forced, and then over what is a picture
    assert_int_equal(
        cn_run("%s %s/%s -o %s/side.svg %s", lines[i][0], folder, lines[i][1], folder, i ? "" : "--force"),
        0);
  }
}

static void
test_run_ends_in_plain_words(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("train %s/corpus -o %s/words.safetensors " QUICK, folder, folder), 0);
  cn_run_told("It has learnt from 160 notes in 4 pieces.");
  cn_run_told("On pieces that it has not learnt from,");
  cn_run_told("a trigram, which knows the last two notes, by ");
  cn_run_told("Does it copy?  It has continued 1 of those pieces by ");
  assert_true(exists("words.png") && exists("words.csv"));
}

static void
test_recipe_is_chosen_and_told(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("train %s/corpus -o %s/chosen.safetensors --epochs 1", folder, folder), 0);
  cn_run_told("gru of 128, heads of 128");
  cn_run_told("as for a handful of pieces");
}

static void
test_trained_weights_may_be_where_it_begins(void** const state)
{
  (void)state;
  static const char from[] = "train %s/corpus --from %s/model.safetensors -o %s/tuned.safetensors --force %s";
  assert_int_equal(cn_run(from, folder, folder, folder, "--epochs 1 --rate 0 --threads 1"), 2);
  assert_int_equal(cn_run(from, folder, folder, folder, "--epochs 1 --rate 0.00001 --threads 1"), 0);
  assert_true(exists("tuned.png"));
  cn_run_told("gru of 8, heads of 8"); // Of the weights
  cn_run_told("epoch   0.00  valid ");
  assert_int_equal(cn_run(from, folder, folder, folder, "--epochs 1 --only-chords --threads 1"), 0);
  cn_run_told("rate 0.003, dropout 0, 1 epochs");
  cn_run_told("of chords alone, which are told");
  assert_int_equal(cn_run("info %s/tuned.safetensors", folder), 0);
  cn_run_told("weight decay 0, ");
  cn_run_told("epochs of chords alone");
  cn_run_told("without, chords told");
  assert_int_equal(cn_run("train %s/corpus -o %s/tuned.safetensors --force --only-chords", folder, folder),
                   2);
  cn_run_told("--only-chords: goes with --from");
  assert_int_equal(cn_run(from, folder, folder, folder, "--epochs 1 --only-following --threads 1"), 0);
  cn_run_told("rate 0.0005, dropout 0.4, 1 epochs");
  cn_run_told("of what follows alone, which is told");
  assert_int_equal(cn_run("info %s/tuned.safetensors", folder), 0);
  cn_run_told("weight decay 0, ");
  cn_run_told("epochs of what follows alone");
  cn_run_told("without, what follows told");
  assert_int_equal(cn_run("train %s/corpus -o %s/tuned.safetensors --force --only-following", folder, folder),
                   2);
  cn_run_told("--only-following: goes with --from");
  assert_int_equal(cn_run(from, folder, folder, folder, "--epochs 1 --following 1.5"), 2);
  assert_int_equal(cn_run(from, folder, folder, folder, "--hidden 8"), 2);
  cn_run_told("--from: the weights say");
  assert_int_equal(
      cn_run("train %s/corpus --from %s/nowhere -o %s/tuned.safetensors --force", folder, folder, folder), 1);
  cn_run_told("nowhere: No such file");
}

// Seeds

static void
test_installed_command_finds_its_model(void** const state)
{
  (void)state;
  char line[512];
  midi_file_write_quarters(in_folder("seed.mid"), 8, PITCH, NULL, 0);
  snprintf(line, sizeof(line),
           "cd %s && mkdir -p pre/bin pre/lib/lv2/continuo.lv2/models && cp model.safetensors "
           "pre/lib/lv2/continuo.lv2/models/default.safetensors.zst",
           folder);
  assert_int_equal(system(line), 0);
  snprintf(line, sizeof(line),
           "cp " CN_BUILD_DIR
           "/continuo %s/pre/bin/ && HOME=/nowhere LV2_PATH= %s/pre/bin/continuo generate -s %s/seed.mid "
           "-o %s/found.mid 2>/dev/null",
           folder, folder, folder, folder);
  assert_int_equal(system(line), 0);
  assert_true(exists("found.mid"));
  snprintf(line, sizeof(line),
           "cp %s/pre/bin/continuo %s/alone && HOME=/nowhere LV2_PATH=/nowhere:%s/pre/lib/lv2 %s/alone "
           "generate -s %s/seed.mid "
           "-o %s/path.mid 2>/dev/null",
           folder, folder, folder, folder, folder, folder);
  assert_int_equal(system(line), 0);
}

static void
test_seed_that_no_piano_plays_is_refused(void** const state)
{
  (void)state;
  midi_file_write_quarters(in_folder("low.mid"), 8, 5, NULL, 0);
  assert_int_equal(
      cn_run("generate -m %s/model.safetensors -s %s/low.mid -o %s/low-out.mid", folder, folder, folder), 1);
  cn_run_told("low.mid: no note of a piano to continue from");
  assert_false(exists("low-out.mid"));
}

static void
test_what_is_cut_off_leaves_no_tempo_or_metre(void** const state)
{
  static const CnMeterChange meters[2] = {{0, 4, 4}, {960, 3, 4}};

  (void)state;
  midi_file_write_quarters(in_folder("long.mid"), 60, PITCH, meters, 2);
  assert_int_equal(
      cn_run("generate -m %s/model.safetensors -s %s/long.mid --seed-bars 2 --bars 3 -o %s/short.mid", folder,
             folder, folder),
      0);
  CnScore* const score = midi_file_read_score(in_folder("short.mid"));
  assert_int_equal(score->n_meters, 1);
  assert_true(score->end <= 5 * 96 + 288); // The last note may sound on
  cn_score_free(score);
}

static void
test_numbers_out_of_range_are_refused_with_the_range(void** const state)
{
  static const char* const wrong[][2] = {
      {"--temperature 9", "--temperature: '9' is not a number from 0.1 to 2"},
      {"--temperature 0", "--temperature: '0' is not a number from 0.1 to 2"},
      {"--top-p 1.5", "--top-p: '1.5' is not a number from 0 to 1"},
      {"--motif -1", "--motif: '-1' is not a number from 0 to 1"}};

  (void)state;
  for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); ++i) {
    assert_int_equal(cn_run("generate -m %s/model.safetensors -s %s/corpus/p0.mid -o %s/range.mid %s", folder,
                            folder, folder, wrong[i][0]),
                     2);
    cn_run_told(wrong[i][1]);
  }
  assert_false(exists("range.mid"));
}

static void
test_what_is_no_model_is_called_so(void** const state)
{
  (void)state;
  static const char* const names[] = {"corpus/p0.mid", "model.csv"};
  for (unsigned i = 0; i < 2; ++i) {
    assert_int_equal(cn_run("evaluate -m %s/%s %s/corpus/p0.mid", folder, names[i], folder), 1);
    cn_run_told(": no safetensors file: header");
  }
}

static void
test_bars_and_chords_follow_the_bar_lines(void** const state)
{
  static const CnMeterChange meters[2] = {{0, 3, 4}, {72, 4, 4}};

  (void)state;
  midi_file_write_quarters(in_folder("mixed.mid"), 11, PITCH, meters, 2); // One bar of 3/4, two of 4/4
  assert_int_equal(cn_run("generate -m %s/model.safetensors -s %s/mixed.mid --bars 4 --chords 'C F#' "
                          "--temperature 2 --top-p 1 "
                          "-o %s/chords.mid",
                          folder, folder, folder),
                   0);
  CnScore* const score = midi_file_read_score(in_folder("chords.mid"));
  unsigned       n     = 0;
  for (size_t i = 11; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    const int32_t       bar  = (note->onset - 264) / 96;
    assert_in_range(bar, 0, 3);
    assert_true(cn_chord_pitch_classes(bar % 2 ? 6 : 0) >> note->pitch % 12 & 1);
    ++n;
  }
  assert_true(n > 4);
  cn_score_free(score);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_weights_are_bytes_unless_floats_are_asked_for),
      cmocka_unit_test(test_losses_of_nothing_are_not_told),
      cmocka_unit_test(test_small_corpora_are_split_with_care),
      cmocka_unit_test(test_strange_entries_do_not_keep_the_others_out),
      cmocka_unit_test(test_reasons_are_told_when_nothing_is_left),
      cmocka_unit_test(test_velocities_are_counted_and_may_be_left_out),
      cmocka_unit_test(test_lengths_are_the_fingers_or_the_pedals),
      cmocka_unit_test(test_faults_of_split_tables_are_told),
      cmocka_unit_test(test_any_name_survives_the_table),
      cmocka_unit_test(test_split_table_is_not_overwritten),
      cmocka_unit_test(test_hopeless_outputs_are_refused_before_training),
      cmocka_unit_test(test_closed_pipe_keeps_the_weights),
      cmocka_unit_test(test_failed_run_leaves_the_last_table_alone),
      cmocka_unit_test(test_files_of_other_kinds_are_left_alone),
      cmocka_unit_test(test_run_ends_in_plain_words),
      cmocka_unit_test(test_recipe_is_chosen_and_told),
      cmocka_unit_test(test_trained_weights_may_be_where_it_begins),
      cmocka_unit_test(test_installed_command_finds_its_model),
      cmocka_unit_test(test_seed_that_no_piano_plays_is_refused),
      cmocka_unit_test(test_what_is_cut_off_leaves_no_tempo_or_metre),
      cmocka_unit_test(test_numbers_out_of_range_are_refused_with_the_range),
      cmocka_unit_test(test_what_is_no_model_is_called_so),
      cmocka_unit_test(test_bars_and_chords_follow_the_bar_lines),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
