// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_install.c
   `make install` to strange places: the installed command finds the model of the installed bundle.
*/

#include "tests/support/midi_file.h"

#include "tools/base/file.h"
#include "tools/base/options.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef CN_SANITIZE // The Makefile says it
#  define CN_SANITIZE ""
#endif

#define ROOM CN_BUILD_DIR "/strange" ///< For all that is installed here

enum {
  MAX_LINE    = 4 * PATH_MAX,
  MAX_PROGRAM = 1 << 28,
  MAX_PLUGIN  = 1 << 19,
  MAX_BUNDLE  = 3000000,
  N_NOTES     = 12
};

static const char phrase[] = ROOM "/phrase.mid";
static const char output[] = ROOM "/longer.mid";

static CN_PRINTF(1, 2) int run(const char* const format, ...)
{
  char    line[MAX_LINE];
  va_list args;
  va_start(args, format);
  assert_in_range(vsnprintf(line, sizeof(line), format, args), 1, sizeof(line) - 1);
  va_end(args);
  const int status = system(line);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

// Install what is built, and build nothing anew, by whatever flags it was built and this program was started
static void
install(const char* const places)
{
  assert_int_equal(run("touch " ROOM "/mark"), 0);
  if (run("make -s FLAGS=\"$(cat " CN_BUILD_DIR "/flags)\" B=" CN_BUILD_DIR " SANITIZE=" CN_SANITIZE
          " install %s >" ROOM "/log 2>&1",
          places)) {
    run("cat " ROOM "/log");
    fail_msg("make install %s", places);
  }
  assert_int_equal(
      run("test -z \"$(find " CN_BUILD_DIR "/obj -name '*.o' ! -name installed.o -newer " ROOM "/mark)\""),
      0);
}

// Continue a phrase while nothing but the program itself tells where the model is; true if there is music
static bool
generates(const char* const program)
{
  remove(output);
  const int status =
      run("env -u LV2_PATH HOME=" ROOM "/home %s generate --seed %s --bars 2 -o %s >" ROOM "/log 2>&1",
          program, phrase, output);
  if (status) {
    assert_int_equal(run("grep -q 'no default model is installed' " ROOM "/log"), 0);
    return false;
  }
  CnScore* const score = midi_file_read_score(output);
  assert_true(score->n_notes > N_NOTES);
  cn_score_free(score);
  return true;
}

static int
set_up(void** const state)
{
  (void)state;
  assert_int_equal(run("rm -rf " ROOM " && mkdir -p " ROOM "/home"), 0);
  midi_file_write_quarters(phrase, N_NOTES, 60, NULL, 0);
  return 0;
}

static int
tear_down(void** const state)
{
  (void)state;
  return run("rm -rf " ROOM);
}

static bool
holds_text(const char* const path, const char* const text)
{
  uint8_t*     data = NULL;
  size_t       size = 0;
  const size_t n    = strlen(text);
  bool         has  = false;
  assert_int_equal(cn_file_read(path, MAX_PROGRAM, &data, &size), CN_STATUS_SUCCESS);
  for (size_t i = 0; i + n <= size && !has; ++i) {
    has = !memcmp(data + i, text, n);
  }
  free(data);
  return has;
}

// As far from each other as no guess would find them, with and without the program in its place
static void
test_program_knows_where_the_bundle_is(void** const state)
{
  (void)state;
  char here[PATH_MAX];
  char places[3 * PATH_MAX];
  assert_non_null(getcwd(here, sizeof(here)));
  snprintf(places, sizeof(places), "DESTDIR= PREFIX=%s/" ROOM "/a LV2DIR=%s/" ROOM "/far/away/plugins", here,
           here);
  install(places);
  assert_true(generates(ROOM "/a/bin/continuo"));
  assert_int_equal(run("mkdir " ROOM "/moved && mv " ROOM "/a/bin/continuo " ROOM "/moved/"), 0);
  assert_true(generates(ROOM "/moved/continuo"));
  assert_int_equal(run("rm -r " ROOM "/far"), 0);
  assert_false(generates(ROOM "/moved/continuo"));
}

// What a packager stages works where it is staged, and says nothing of that place
static void
test_staged_program_finds_the_staged_bundle(void** const state)
{
  (void)state;
  static const char program[] = ROOM "/stage/opt/odd/programs/continuo";
  install("DESTDIR=" ROOM "/stage PREFIX=/opt/odd BINDIR=/opt/odd/programs LV2DIR=/opt/odd/plugins");
  assert_true(generates(program));
  assert_true(holds_text(program, "/opt/odd/plugins"));
  assert_false(holds_text(program, ROOM "/stage"));
  assert_int_equal(run("rm -r " ROOM "/stage/opt/odd/plugins"), 0);
  assert_false(generates(program));
}

// Another place is another program
static void
test_usual_place_is_found(void** const state)
{
  (void)state;
  install("DESTDIR=" ROOM "/stage PREFIX=/usr LV2DIR=/usr/lib/lv2 BINDIR=/usr/bin");
  assert_true(generates(ROOM "/stage/usr/bin/continuo"));
  assert_false(holds_text(ROOM "/stage/usr/bin/continuo", "/opt/odd/plugins"));
}

// The plugin brings no library for training, nor what only debuggers read
static void
test_plugin_is_small(void** const state)
{
  static const char* const objects[] = {"continuo.so", "continuo_ui.so"};
  (void)state;
  if (*CN_SANITIZE) {
    skip();
  }
  install("DESTDIR=" ROOM "/small LV2DIR=/lv2");
  for (unsigned i = 0; i < sizeof(objects) / sizeof(objects[0]); ++i) {
    struct stat info;
    char        path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/small/lv2/continuo.lv2/%s", ROOM, objects[i]);
    assert_int_equal(stat(path, &info), 0);
    assert_in_range(info.st_size, 1, MAX_PLUGIN);
  }
}

// Nor are there many bytes in all, and who wrote what the weights learnt from is named
static void
test_bundle_is_small_and_names_its_sources(void** const state)
{
  static const char* const tables[] = {"mutopia", "open-scores"};
  static const char        bundle[] = ROOM "/small/lv2/continuo.lv2";
  (void)state;
  install("DESTDIR=" ROOM "/small LV2DIR=/lv2");
  for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); ++i) {
    assert_int_equal(
        run("gzip -dc %s/LICENSES/%s.tsv.gz | cmp - LICENSES/%s.tsv", bundle, tables[i], tables[i]), 0);
  }
  if (!*CN_SANITIZE) {
    assert_int_equal(run("test -f %s/models/default.safetensors.zst -a -f %s/models/notebook.safetensors.zst",
                         bundle, bundle),
                     0);
    assert_int_equal(run("test $(find %s -type f -exec cat {} + | wc -c) -le %u", bundle, MAX_BUNDLE), 0);
  }
}

// What an older version left goes, and what the user put beside it stays
static void
test_older_version_is_replaced(void** const state)
{
  static const char models[] = ROOM "/small/lv2/continuo.lv2/models";
  (void)state;
  assert_int_equal(
      run("mkdir -p %s && cd %s && touch default.safetensors notebook.safetensors mine.safetensors", models,
          models),
      0);
  install("DESTDIR=" ROOM "/small LV2DIR=/lv2");
  assert_int_equal(run("test ! -e %s/default.safetensors -a ! -e %s/notebook.safetensors", models, models),
                   0);
  assert_int_equal(run("rm %s/mine.safetensors", models), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_plugin_is_small),
      cmocka_unit_test(test_older_version_is_replaced),
      cmocka_unit_test(test_bundle_is_small_and_names_its_sources),
      cmocka_unit_test(test_program_knows_where_the_bundle_is),
      cmocka_unit_test(test_staged_program_finds_the_staged_bundle),
      cmocka_unit_test(test_usual_place_is_found),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
