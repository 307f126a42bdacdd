// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_cmd_convert.c
   The command convert, as a user would run it.
*/

#include "tests/support/midi_file.h"
#include "tests/support/phrase.h"
#include "tests/support/run_command.h"
#include "tests/support/scratch.h"
#include "tests/support/tiny_model.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/file/compressed.h"
#include "dsp/file/safetensors.h"
#include "dsp/network/model.h"
#include "tools/base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST_SIZE ((size_t)1 << 24) ///< [bytes]

static char folder[64];

static int
setup(void** const state)
{
  char path[128];
  (void)state;
  snprintf(folder, sizeof(folder), "/tmp/continuo-convert-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof(path), "%s/tiny.safetensors", folder);
  assert_int_equal(cn_tiny_model(path, 1), CN_STATUS_SUCCESS);
  snprintf(path, sizeof(path), "%s/notebook.safetensors", folder);
  assert_int_equal(cn_tiny_notebook(path, 1, CN_NOTEBOOK_BEATS), CN_STATUS_SUCCESS);

  CnNote notes[CN_PHRASE_MAX_NOTES];
  snprintf(path, sizeof(path), "%s/seed.mid", folder);
  midi_file_write_notes(path, notes, cn_phrase_notes(notes), NULL, 0);
  return 0;
}

static int
teardown(void** const state)
{
  char command[128];
  (void)state;
  snprintf(command, sizeof(command), "rm -r %s", folder);
  return system(command);
}

// Write one file as another, of a kind
static void
convert(const char* const from, const char* const to, const char* const kind)
{
  assert_int_equal(
      cn_run("convert %s/%s.safetensors -o %s/%s.safetensors --%s", folder, from, folder, to, kind), 0);
  assert_string_equal(cn_run_output, "");
}

static void
test_matrices_become_bytes_and_can_be_played_by(void** const state)
{
  (void)state;
  convert("tiny", "eight", "eight");
  assert_int_equal(cn_run("info %s/eight.safetensors", folder), 0);
  cn_run_told("recurrent.weight         I8");
  cn_run_told("recurrent.weight.scales  F32");
  cn_run_told("recurrent.input.bias     F32");
  assert_int_equal(cn_run("generate -m %s/eight.safetensors --bars 2 --seed %s/seed.mid -o %s/long.mid",
                          folder, folder, folder),
                   0);
}

static void
test_notebook_is_read_from_bytes(void** const state)
{
  (void)state;
  convert("notebook", "notebook-eight", "eight");
  assert_int_equal(cn_run("info %s/notebook-eight.safetensors", folder), 0);
  cn_run_told("I8");
}

static void
test_back_and_forth_changes_nothing_more(void** const state)
{
  (void)state;
  convert("tiny", "once", "eight");
  convert("once", "float", "float");
  convert("float", "twice", "eight");
  assert_true(cn_scratch_is_same(folder, "once", "twice"));
  convert("tiny", "wide", "float");
  convert("wide", "narrow", "half");
  convert("narrow", "again", "float");
  assert_true(cn_scratch_is_same(folder, "wide", "again")); // They were halves
  assert_false(cn_scratch_is_same(folder, "wide", "float"));
}

/// A file of tensors that is open
typedef struct {
  uint8_t*   data;
  CnTensors* tensors;
} Opened;

static Opened
open_file(const char* const name)
{
  char   path[128];
  Opened opened = {NULL, NULL};
  size_t size   = 0;
  snprintf(path, sizeof(path), "%s/%s.safetensors", folder, name);
  assert_int_equal(cn_file_read(path, MOST_SIZE, &opened.data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_tensors_open(opened.data, size, &opened.tensors, CN_NO_FAULT), CN_STATUS_SUCCESS);
  return opened;
}

static void
close_file(const Opened* const opened)
{
  cn_tensors_free(opened->tensors);
  free(opened->data);
}

/// A matrix of bytes, and its scales
typedef struct {
  int8_t* bytes;
  float*  scales;
  size_t  n;
  size_t  rows;
} Bytes;

static Bytes
read_bytes(const Opened* const opened, const CnTensorInfo* const info)
{
  const Bytes is = {(int8_t*)malloc(info->n_elements), (float*)calloc(info->shape[0], sizeof(float)),
                    info->n_elements, info->shape[0]};
  assert_non_null(is.bytes);
  assert_non_null(is.scales);
  assert_int_equal(cn_tensors_read_int8(opened->tensors, info->name, info->shape[0], info->shape[1], is.bytes,
                                        is.scales, CN_NO_FAULT),
                   CN_STATUS_SUCCESS);
  return is;
}

static unsigned
greatest(const Bytes* const bytes)
{
  unsigned most = 0;
  for (size_t i = 0; i < bytes->n; ++i) {
    const unsigned size = (unsigned)abs(bytes->bytes[i]);
    most                = size > most ? size : most;
  }
  return most;
}

/// Each matrix that is to have all steps stands in both files in the same bytes; each other one has fewer in
/// `small`
static void
assert_only_coarser(const char* const eight, const char* const small)
{
  const Opened before   = open_file(eight);
  const Opened after    = open_file(small);
  unsigned     n_kept   = 0;
  unsigned     n_coarse = 0;
  for (unsigned w = 0; w < CN_N_WEIGHTS; ++w) {
    const CnTensorInfo* const was = cn_tensors_find(before.tensors, cn_weight_name(w));
    const CnTensorInfo* const is  = cn_tensors_find(after.tensors, cn_weight_name(w));
    assert_true(!was == !is);
    if (!was || !is || is->dtype != CN_DTYPE_I8) {
      continue;
    }
    const Bytes old = read_bytes(&before, was);
    const Bytes new = read_bytes(&after, is);
    if (cn_weight_most(w) == 127) {
      assert_memory_equal(old.bytes, new.bytes, old.n);
      assert_memory_equal(old.scales, new.scales, old.rows * sizeof(float));
      ++n_kept;
    } else {
      assert_int_equal(greatest(&new), greatest(&old) ? cn_weight_most(w) : 0);
      ++n_coarse;
    }
    free(old.bytes);
    free(old.scales);
    free(new.bytes);
    free(new.scales);
  }
  assert_int_equal(n_kept, 4); // What each factor's logits come from
  assert_true(n_coarse > 7);
  close_file(&before);
  close_file(&after);
}

static void
test_small_ones_are_compressed_and_coarser_where_told(void** state)
{
  (void)state;
  convert("tiny", "eight", "eight");
  convert("eight", "small", "small");
  assert_only_coarser("eight", "small");
  assert_int_equal(cn_run("info %s/small.safetensors", folder), 0);
  cn_run_told(" MB, compressed from ");
  assert_int_equal(cn_run("info --json %s/small.safetensors", folder), 0);
  cn_run_told("\"compressed\": true");
  assert_int_equal(cn_run("info --json %s/eight.safetensors", folder), 0);
  cn_run_told("\"compressed\": false");
  assert_int_equal(cn_run("generate -m %s/small.safetensors --bars 2 --seed %s/seed.mid -o %s/small.mid",
                          folder, folder, folder),
                   0);
}

// Its numbers are the same in a plain file, and are rounded no more
static void
test_small_ones_become_plain_ones(void** state)
{
  (void)state;
  convert("tiny", "small", "small");
  convert("small", "plain", "eight");
  convert("plain", "again", "small");
  assert_true(cn_scratch_is_same(folder, "small", "again"));
  assert_false(cn_scratch_is_same(folder, "small", "plain"));
  assert_int_equal(cn_run("info --json %s/plain.safetensors", folder), 0);
  cn_run_told("\"compressed\": false");
  convert("plain", "plain-float", "float");
  convert("small", "small-float", "float");
  assert_true(cn_scratch_is_same(folder, "plain-float", "small-float"));
  convert("small", "small-half", "half");
  assert_int_equal(cn_run("info %s/small-half.safetensors", folder), 0);
  cn_run_told("F16");
}

static void
test_other_kinds_become_small(void** state)
{
  char path[128];
  (void)state;
  snprintf(path, sizeof(path), "%s/attention.safetensors", folder);
  for (unsigned d = CN_DISTANCE_TIME; d <= CN_DISTANCE_NOTES; ++d) {
    assert_int_equal(cn_tiny_attention(path, (CnDistance)d, 1), CN_STATUS_SUCCESS);
    convert("attention", "attention-small", "small");
    assert_int_equal(
        cn_run("generate -m %s/attention-small.safetensors --bars 2 --seed %s/seed.mid -o %s/small.mid",
               folder, folder, folder),
        0);
  }
  convert("notebook", "notebook-small", "small");
  convert("notebook", "notebook-eight", "eight");
  convert("notebook-small", "notebook-plain", "eight");
  assert_true(cn_scratch_is_same(folder, "notebook-eight", "notebook-plain")); // All steps are kept
}

// What they say of themselves is kept, and a file that is there is written over as weights are
static void
test_small_ones_say_the_same_of_themselves(void** state)
{
  (void)state;
  convert("tiny", "small", "small");
  convert("tiny", "small", "small");
  const Opened before = open_file("tiny");
  const Opened after  = open_file("small");
  const size_t n      = cn_tensors_metadata_count(before.tensors);
  assert_true(n > 4);
  assert_int_equal(cn_tensors_metadata_count(after.tensors), n);
  for (size_t i = 0; i < n; ++i) {
    assert_string_equal(cn_tensors_metadata_get(before.tensors, i)->key,
                        cn_tensors_metadata_get(after.tensors, i)->key);
    assert_string_equal(cn_tensors_metadata_get(before.tensors, i)->value,
                        cn_tensors_metadata_get(after.tensors, i)->value);
  }
  close_file(&before);
  close_file(&after);
}

static void
test_damaged_ones_are_refused_in_words(void** state)
{
  char command[256];
  (void)state;
  convert("tiny", "small", "small");
  snprintf(command, sizeof(command), "head -c 1000 %s/small.safetensors >%s/cut.safetensors", folder, folder);
  assert_int_equal(system(command), 0);
  assert_int_equal(cn_run("info %s/cut.safetensors", folder), CN_EXIT_FAILURE);
  cn_run_told("cut.safetensors: compressed data end in their midst, after 1000 bytes");
  assert_int_equal(cn_run("convert %s/cut.safetensors --eight -o %s/x.safetensors", folder, folder),
                   CN_EXIT_FAILURE);
  cn_run_told("compressed data end in their midst");
}

static void
test_plain_files_have_no_name_of_compressed_ones(void** const state)
{
  static const char* const kinds[] = {"eight", "half", "float"};
  (void)state;
  for (unsigned i = 0; i < 3; ++i) {
    assert_int_equal(
        cn_run("convert %s/tiny.safetensors -o %s/plain.safetensors.zst --%s", folder, folder, kinds[i]),
        CN_EXIT_USAGE);
    cn_run_told("plain.safetensors.zst: is a name for compressed files");
  }
}

// Many a backup is compressed, too
static void
test_other_compressed_files_are_not_written_over(void** state)
{
  static const uint8_t letter[] = "No weights, but somebody's only copy of a letter";
  const size_t         length   = sizeof(letter);
  char                 path[128];
  uint8_t*             data = NULL;
  size_t               size = 0;
  (void)state;
  snprintf(path, sizeof(path), "%s/letter.zst", folder);
  assert_int_equal(cn_compress(letter, length, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  free(data);
  assert_int_equal(cn_run("convert %s/tiny.safetensors -o %s --small", folder, path), CN_EXIT_USAGE);
  cn_run_told("letter.zst: stands there and is no file of weights");
  size_t now = 0;
  assert_int_equal(cn_file_read(path, MOST_SIZE, &data, &now), CN_STATUS_SUCCESS);
  free(data);
  assert_int_equal(now, size);
  assert_int_equal(cn_run("convert %s/tiny.safetensors -o %s --small --force", folder, path), 0);
  assert_int_equal(cn_run("convert %s/tiny.safetensors -o %s --small", folder, path), 0);
}

// Weights may be told how fast to learn while they listen; all else stays
static void
test_rate_of_adaptation_is_written(void** const state)
{
  char line[2][256];
  (void)state;
  convert("tiny", "before", "float");
  convert("tiny", "held", "float --adaptation 0");
  convert("held", "fast", "float --adaptation 1000");
  convert("fast", "kept", "float");
  assert_true(cn_scratch_is_same(folder, "fast", "kept"));
  assert_int_equal(cn_run("info %s/held.safetensors", folder), 0);
  cn_run_told("adaptation   0\n");
  assert_int_equal(cn_run("info %s/fast.safetensors", folder), 0);
  cn_run_told("adaptation   1\n");

  for (unsigned i = 0; i < 2; ++i) {
    assert_int_equal(cn_run("evaluate -m %s/%s.safetensors %s/seed.mid%s", folder, i ? "held" : "before",
                            folder, i ? "" : " --no-adaptation"),
                     0);
    const char* const score = strstr(cn_run_output, "lstm ");
    assert_non_null(score);
    snprintf(line[i], sizeof(line[i]), "%s", score);
  }
  assert_string_equal(line[0], line[1]);
  assert_int_equal(cn_run("evaluate -m %s/fast.safetensors %s/seed.mid", folder, folder), 0);
  assert_null(strstr(cn_run_output, line[0]));
}

static void
test_rate_of_adaptation_is_checked(void** const state)
{
  (void)state;
  assert_int_equal(
      cn_run("convert %s/tiny.safetensors --float --adaptation 1001 -o %s/x.safetensors", folder, folder),
      CN_EXIT_USAGE);
  cn_run_told("--adaptation");
  assert_int_equal(
      cn_run("convert %s/notebook.safetensors --float --adaptation 5 -o %s/x.safetensors", folder, folder),
      CN_EXIT_FAILURE);
  cn_run_told("notebook.safetensors: --adaptation: weights of this kind do not learn while they listen");
  assert_false(cn_scratch_has(folder, "x.safetensors"));
}

static void
test_wrong_usage_is_told(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("convert %s/tiny.safetensors -o %s/x.safetensors", folder, folder), CN_EXIT_USAGE);
  cn_run_told("to what?");
  assert_int_equal(cn_run("convert %s/tiny.safetensors --eight", folder), CN_EXIT_USAGE);
  cn_run_told("where to?");
  assert_int_equal(cn_run("convert %s/tiny.safetensors --eight -o %s/tiny.safetensors", folder, folder),
                   CN_EXIT_USAGE);
  assert_int_equal(cn_run("convert README.md --eight -o %s/x.safetensors", folder), CN_EXIT_FAILURE);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_matrices_become_bytes_and_can_be_played_by),
      cmocka_unit_test(test_notebook_is_read_from_bytes),
      cmocka_unit_test(test_back_and_forth_changes_nothing_more),
      cmocka_unit_test(test_small_ones_are_compressed_and_coarser_where_told),
      cmocka_unit_test(test_small_ones_become_plain_ones),
      cmocka_unit_test(test_other_kinds_become_small),
      cmocka_unit_test(test_small_ones_say_the_same_of_themselves),
      cmocka_unit_test(test_damaged_ones_are_refused_in_words),
      cmocka_unit_test(test_plain_files_have_no_name_of_compressed_ones),
      cmocka_unit_test(test_other_compressed_files_are_not_written_over),
      cmocka_unit_test(test_rate_of_adaptation_is_written),
      cmocka_unit_test(test_rate_of_adaptation_is_checked),
      cmocka_unit_test(test_wrong_usage_is_told),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
