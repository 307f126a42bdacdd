// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_state.c
   Sessions: what was heard comes back, in any order of calls that hosts make.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/phrase.h"
#include "tests/support/run_command.h"
#include "tests/support/strict_smf.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/status.h"
#include "tools/base/file.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL "urn:continuo:model"

enum { QUARTERS = 24 }; ///< Heard after the phrase

/// A session as an earlier version saved it, and what it played
typedef struct {
  const char* file;
  unsigned    n_notes; ///< Those that were saved
  uint32_t    hash;    ///< Of them
  unsigned    n_on;    ///< Those of QUARTERS more, too
  uint32_t    hash_on; ///<
} OldSession;

/// Version 1 of the state
static const OldSession session_1 = {"tests/reference/state-0.1.0.ttl", 48, 0x4aab805cU, 0, 0};

/// Version 3, by commit 309d784: with swing and the like, before Density, Note length, Motion and Drift
static const OldSession session_3 = {"tests/reference/state-3.ttl", 24, 0x65b3638dU, 51, 0x91275733U};

/// Perform with only Continuo's notes coming out, and save
static char*
perform_and_save(CnBundle* const bundle, CnBundleMusic* const music)
{
  CnHost* const host = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_set(host, "thru", 0.0F);
  cn_bundle_perform(host, QUARTERS);
  cn_bundle_stop(host);
  *music = cn_bundle_keep(host);
  assert_true(music->n > 40);
  assert_int_equal(cn_host_complaints(host), 0);
  char* const state = cn_host_save(host);
  assert_non_null(state);
  return state;
}

/// Roll from the start while nobody plays, for some quarters after where the phrase was
static void
roll_alone(CnHost* const host, const unsigned quarters)
{
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  cn_host_run(host, 1000);
  cn_host_roll(host, true);
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * (CN_BUNDLE_PHRASE + quarters));
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

static void
test_take_comes_back_before_activation(void** const state)
{
  static const CnHostWorking workings[] = {CN_HOST_WORKS_IN_THREAD, CN_HOST_WORKS_INLINE, CN_HOST_WORKS_NOT};
  CnBundleMusic              music;
  char* const                saved = perform_and_save(*state, &music);
  for (size_t i = 0; i < sizeof(workings) / sizeof(workings[0]); ++i) {
    const CnHostConfig config = {.block = 256, .state = saved, .working = workings[i]};
    CnHost* const      host   = cn_bundle_start(*state, &config);
    roll_alone(host, QUARTERS);
    cn_bundle_assert_same(host, &music);
    assert_int_equal(cn_host_complaints(host), 0);
  }
  free(saved);
  free(music.events);
}

static void
test_take_comes_back_after_activation(void** const state)
{
  CnBundleMusic music;
  char* const   saved = perform_and_save(*state, &music);
  CnHost* const host  = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_run(host, 1000);
  assert_true(cn_host_restore(host, saved));
  roll_alone(host, QUARTERS);
  cn_bundle_assert_same(host, &music);
  free(saved);
  free(music.events);
}

/// A session over another one, in the middle of its music
static void
test_take_comes_back_while_rolling(void** const state)
{
  CnBundleMusic music;
  char* const   saved = perform_and_save(*state, &music);
  CnHost* const host  = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_set(host, "take", 7.0F);
  cn_bundle_perform(host, 10);
  cn_host_set(host, "take", 1.0F);
  cn_host_set(host, "thru", 0.0F);
  assert_true(cn_host_restore(host, saved));
  cn_host_run(host, CN_BUNDLE_QUARTER);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  cn_host_locate(host, 0.0);
  cn_host_forget(host);
  roll_alone(host, QUARTERS);
  cn_bundle_assert_same(host, &music);
  free(saved);
  free(music.events);
}

static void
test_saving_while_rolling_changes_nothing(void** const state)
{
  CnBundleMusic music;
  free(perform_and_save(*state, &music));
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_set(host, "thru", 0.0F);
  cn_bundle_perform(host, 0);
  for (unsigned i = 0; i < QUARTERS; ++i) {
    free(cn_host_save(host));
    cn_host_run(host, CN_BUNDLE_QUARTER);
  }
  cn_bundle_stop(host);
  cn_bundle_assert_same(host, &music);
  free(music.events);
}

/// What was restored is saved as it was
static void
check_round_trip(CnBundle* const bundle, const char* const saved)
{
  const CnHostConfig config = {.block = 256, .state = saved};
  CnHost* const      host   = cn_bundle_start(bundle, &config);
  char* const        again  = cn_host_save(host);
  assert_non_null(again);
  assert_string_equal(again, saved);
  free(again);
}

static void
test_state_is_saved_as_it_was_restored(void** const state)
{
  CnBundleMusic music;
  char* const   saved = perform_and_save(*state, &music);
  check_round_trip(*state, saved);
  free(saved);
  free(music.events);

  char* const empty = cn_host_save(cn_bundle_start(*state, &cn_bundle_plain));
  assert_non_null(strstr(empty, "urn:continuo:take")); // never of size 0, as some hosts refuse that
  check_round_trip(*state, empty);
  free(empty);
}

/// Start a host with an old session; text is to be freed
static CnHost*
open_session(CnBundle* const bundle, const OldSession* const session, char** const text)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  assert_int_equal(cn_file_read(session->file, 10000000, &data, &size), CN_STATUS_SUCCESS);
  *text = (char*)realloc(data, size + 1);
  assert_non_null(*text);
  (*text)[size]             = '\0';
  const CnHostConfig config = {.block = 256, .state = *text};
  return cn_bundle_start(bundle, &config);
}

/// Sessions of these versions must open in all later ones, and play what was heard then
static void
test_old_session_opens(void** const state)
{
  char*         text = NULL;
  CnHost* const host = open_session(*state, &session_1, &text);
  assert_int_equal(cn_host_complaints(host), 0);
  cn_host_set(host, "motif", 70.0F); // As it was saved
  roll_alone(host, QUARTERS);
  assert_int_equal(cn_bundle_count(host, 0), session_1.n_notes);
  assert_int_equal(cn_bundle_hash(host), session_1.hash);
  free(text);
}

/// As they stood when session_3 was saved; those that have come since are at their defaults
static void
set_controls_of_session_3(CnHost* const host)
{
  static const struct {
    const char* symbol;
    float       value;
  } controls[] = {{"thru", 0.0F},     {"motif", 0.0F},          {"take", 3.0F},
                  {"scale", 2.0F},    {"root", 7.0F},           {"lowest", 40.0F},
                  {"highest", 90.0F}, {"polyphony", 3.0F},      {"loudness", 80.0F},
                  {"swing", 60.0F},   {"humanise_time", 10.0F}, {"humanise_velocity", 6.0F}};
  for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); ++i) {
    cn_host_set(host, controls[i].symbol, controls[i].value);
  }
}

/// Controls that came later say nothing as long as nobody touches them: what was saved is played again, and
/// what comes after it is what came after it then
static void
test_old_session_goes_on_as_then(void** const state)
{
  for (unsigned on = 0; on < 2; ++on) {
    char*         text = NULL;
    CnHost* const host = open_session(*state, &session_3, &text);
    assert_int_equal(cn_host_complaints(host), 0);
    set_controls_of_session_3(host);
    roll_alone(host, on ? 2 * QUARTERS : QUARTERS);
    assert_int_equal(cn_bundle_count(host, 0), on ? session_3.n_on : session_3.n_notes);
    assert_int_equal(cn_bundle_hash(host), on ? session_3.hash_on : session_3.hash);
    free(text);
  }
}

/// A later version may have other weights: what was composed stands, until something else is asked for
static void
test_old_notes_outlive_the_weights(void** const state)
{
  CnBundle* const bundle = *state;
  char*           text   = NULL;
  assert_int_equal(cn_tiny_model(bundle->weights, 2), CN_STATUS_SUCCESS);
  CnHost* const host = open_session(bundle, &session_3, &text);
  assert_int_equal(cn_host_complaints(host), 0);
  set_controls_of_session_3(host);
  roll_alone(host, QUARTERS);
  assert_int_equal(cn_bundle_hash(host), session_3.hash);
  char* const again = cn_host_save(host); // So it is when it is opened the next time, too
  check_round_trip(bundle, again);
  free(again);
  free(text);
}

static void
test_controls_compose_an_old_session_anew(void** const state)
{
  char*         text = NULL;
  CnHost* const host = open_session(*state, &session_3, &text);
  set_controls_of_session_3(host);
  cn_host_set(host, "density", 3.0F);
  roll_alone(host, QUARTERS);
  assert_int_not_equal(cn_bundle_hash(host), session_3.hash);
  free(text);
}

// --- Threads

static void*
run_on(void* const host)
{
  cn_host_run((CnHost*)host, (uint64_t)CN_BUNDLE_QUARTER * 200);
  return NULL;
}

/// Hosts save and restore in another thread than run()'s; a thread sanitizer sees more than we do here
static void
test_session_changes_while_another_thread_runs(void** const state)
{
  const CnHostConfig config = {.block = 64, .live = true};
  pthread_t          thread;
  CnHost* const      host = cn_bundle_start(*state, &config);
  cn_bundle_perform(host, 8);
  assert_int_equal(pthread_create(&thread, NULL, run_on, host), 0);
  for (int i = 0; i < 30; ++i) {
    char* const saved = cn_host_save(host);
    assert_non_null(saved);
    assert_true(cn_host_restore(host, saved));
    free(saved);
  }
  pthread_join(thread, NULL);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

// --- Garbage

/// Replace the first `old` behind `key`; both must be there
static void
spoil(char* const text, const char* const key, const char* const old, const char* const new)
{
  char* const place = strstr(text, key);
  assert_non_null(place);
  char* const at = strstr(place, old);
  assert_non_null(at);
  assert_int_equal(strlen(old), strlen(new));
  memcpy(at, new, strlen(new));
}

/// Restore a spoilt state over a good one: it must complain, and the good one must still play
static void
check_refused(CnBundle* const bundle, const char* const good, const char* const spoilt,
              const CnBundleMusic* const music)
{
  const CnHostConfig config = {.block = 256, .state = good};
  CnHost* const      host   = cn_bundle_start(bundle, &config);
  cn_host_restore(host, spoilt);
  assert_int_not_equal(cn_host_complaints(host), 0);
  roll_alone(host, QUARTERS);
  cn_bundle_assert_same(host, music);
}

static void
test_garbage_is_refused(void** const state)
{
  CnBundleMusic music;
  char* const   good   = perform_and_save(*state, &music);
  char* const   spoilt = strdup(good);
  assert_non_null(spoilt);
  char* const bytes = strchr(strstr(spoilt, "<urn:continuo:take>"), '"');
  memcpy(bytes + strspn(bytes, "\""), "AAAAAAAAAAAA", 12); // its head
  check_refused(*state, good, spoilt, &music);
  strcpy(spoilt, good);
  spoil(spoilt, "<urn:continuo:take>", "base64Binary", "stringstring");
  check_refused(*state, good, spoilt, &music);
  free(spoilt);
  free(good);
  free(music.events);
}

/// A preset has only controls: it must not take the music away
static void
test_state_of_others_changes_nothing(void** const state)
{
  static const char* const nothing = "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
                                     "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
                                     "<urn:x> a pset:Preset ; lv2:appliesTo <urn:continuo:continuo> .\n";
  CnBundleMusic            music;
  char* const              saved  = perform_and_save(*state, &music);
  const CnHostConfig       config = {.block = 256, .state = saved};
  CnHost* const            host   = cn_bundle_start(*state, &config);
  cn_host_restore(host, nothing);
  assert_int_equal(cn_host_complaints(host), 0);
  roll_alone(host, QUARTERS);
  cn_bundle_assert_same(host, &music);
  free(saved);
  free(music.events);
}

// --- Files

typedef struct {
  char folder[96];
  char path[128];  ///< Of the model
  char score[128]; ///< take.mid
} Files;

static Files
make_files(const CnBundle* const bundle)
{
  Files files;
  snprintf(files.folder, sizeof(files.folder), "%s/state", bundle->folder);
  snprintf(files.path, sizeof(files.path), "%s/other.safetensors", bundle->folder);
  snprintf(files.score, sizeof(files.score), "%s/take.mid", files.folder);
  assert_return_code(mkdir(files.folder, 0700), 0);
  assert_int_equal(cn_tiny_model(files.path, 2), CN_STATUS_SUCCESS);
  return files;
}

static void
remove_files(const Files* const files)
{
  static const char* const names[] = {"take.mid", "state.ttl", "manifest.ttl", "other.safetensors", ""};
  char                     path[256];
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    snprintf(path, sizeof(path), "%s/%s", files->folder, names[i]);
    remove(path);
  }
  remove(files->path);
}

static void
test_take_can_be_got_out_as_midi(void** const state)
{
  CnBundle* const bundle = *state;
  const Files     files  = make_files(bundle);
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  assert_true(cn_host_save_to(host, files.folder));
  assert_int_not_equal(access(files.score, F_OK), 0); // nothing was played
  cn_bundle_perform(host, QUARTERS);
  assert_true(cn_host_save_to(host, files.folder));
  assert_int_equal(cn_run("info %s", files.score), 0);
  cn_run_told("Continuo");
  remove_files(&files);
}

/// What the disk had no room for is not there as a part
static void
test_no_part_of_a_take_is_left(void** const state)
{
  CnBundle* const bundle = *state;
  const Files     files  = make_files(bundle);
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  struct stat     info;
  cn_bundle_perform(host, QUARTERS);
  assert_return_code(symlink("/dev/full", files.score), 0);
  assert_true(cn_host_save_to(host, files.folder)); // The session is
  assert_non_null(strstr(cn_host_log(host), "take.mid"));
  assert_int_equal(cn_host_complaints(host), 1);
  assert_int_not_equal(lstat(files.score, &info), 0);
  remove_files(&files);
}

/// 6/8 is 6/8, and 120 then 80 is both; another reader finds it so
static void
test_take_has_the_tempi_and_metres_of_the_song(void** const state)
{
  CnBundle* const bundle = *state;
  const Files     files  = make_files(bundle);
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  const uint8_t   on[]   = {0x90, 60, 80};
  const uint8_t   off[]  = {0x80, 60, 64};
  cn_host_set_tempo(host, 120.0);
  cn_host_set_metre(host, 6, 8);
  cn_host_roll(host, true);
  cn_host_send(host, 0, on, sizeof(on));
  cn_host_send(host, (uint64_t)cn_host_quarter(host), off, sizeof(off));
  cn_host_run(host, (uint64_t)(9.0 * cn_host_quarter(host))); // Three bars
  cn_host_set_tempo(host, 80.0);
  cn_host_run(host, (uint64_t)(6.0 * cn_host_quarter(host)));
  cn_host_roll(host, false);
  cn_host_run(host, 1000);
  assert_true(cn_host_save_to(host, files.folder));

  StrictSmf* const smf = strict_smf_load(files.score);
  assert_int_equal(smf->division, 960);
  assert_int_equal(smf->n_tracks, 3);
  assert_string_equal(smf->names[1], "Phrase");
  assert_string_equal(smf->names[2], "Continuo");
  assert_int_equal(smf->n_metres, 1);
  assert_true(smf->metres[0].at == 0 && smf->metres[0].a == 6 && smf->metres[0].b == 8);
  assert_int_equal(smf->n_tempi, 2);
  assert_true(smf->tempi[0].at == 0 && smf->tempi[0].a == 500000);
  assert_int_equal(smf->tempi[1].a, 750000);
  assert_in_range(smf->tempi[1].at, 9 * 960, 9 * 960 + 80); // A block later at the latest
  for (size_t i = 0; i < smf->n_notes; ++i) {
    assert_true(smf->notes[i].on <= 15 * 960 + 80); // Nothing that did not come to sound
  }
  free(smf);
  remove_files(&files);
}

static void
test_model_comes_back(void** const state)
{
  CnBundle* const bundle = *state;
  const Files     files  = make_files(bundle);
  unsigned        n_told = 0;
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_choose(host, MODEL, files.path);
  cn_host_run(host, 512);
  cn_host_sync_worker(host);
  assert_true(cn_host_save_to(host, files.folder));

  CnHost* const next = cn_bundle_start(bundle, &cn_bundle_plain);
  assert_true(cn_host_restore_from(next, files.folder));
  assert_int_equal(cn_host_complaints(next), 0);
  cn_host_run(next, 512);
  const char* const chosen = cn_host_chosen(next, &n_told);
  assert_non_null(strstr(chosen, "other.safetensors")); // a link in the session's folder, or the file
  assert_true(cn_host_get(next, "model_status") == 0.0F);
  remove_files(&files);
}

/// What is written down for bars is set as a text, told, and comes back with the session
static void
test_chords_come_back(void** const state)
{
  static const char chords[] = "urn:continuo:sheet";
  CnBundle* const   bundle   = *state;
  const Files       files    = make_files(bundle);
  CnHost* const     host     = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_choose(host, chords, "2:Am7  1:C, 4:G7/B 4:+2");
  cn_host_run(host, 512);
  cn_bundle_assert_chosen(host, "1:C 2:Am7 4:G7/B 4:+2");
  cn_host_choose(host, chords, "1:H"); // It is none: what stands is told
  cn_host_run(host, 512);
  cn_bundle_assert_chosen(host, "1:C 2:Am7 4:G7/B 4:+2");
  assert_true(cn_host_save_to(host, files.folder));

  CnHost* const next = cn_bundle_start(bundle, &cn_bundle_plain);
  assert_true(cn_host_restore_from(next, files.folder));
  cn_host_run(next, 512);
  cn_host_ask(next, chords);
  cn_host_run(next, 512);
  cn_bundle_assert_chosen(next, "1:C 2:Am7 4:G7/B 4:+2");
  remove_files(&files);
}

/// The last that is set counts, also where it takes back what the engine is only about to tell
static void
test_chords_that_come_fast(void** const state)
{
  static const char        chords[] = "urn:continuo:sheet";
  static const char* const texts[]  = {"1:C", "1:D", "1:C"};
  CnHost* const            host     = cn_bundle_start(*state, &cn_bundle_plain);
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    cn_host_choose(host, chords, texts[i]);
    cn_host_run(host, 256);
    cn_bundle_assert_chosen(host, texts[i]); // And nothing of before
  }
  cn_host_run(host, 4096);
  cn_host_ask(host, chords);
  cn_host_run(host, 256);
  cn_bundle_assert_chosen(host, "1:C");
}

/// The disk may be there again the next time
static void
test_missing_model_survives_the_next_save(void** const state)
{
  CnBundle* const bundle = *state;
  const Files     files  = make_files(bundle);
  CnHost* const   host   = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_host_choose(host, MODEL, files.path);
  cn_host_run(host, 512);
  cn_host_sync_worker(host);
  char* const saved = cn_host_save(host);
  assert_return_code(remove(files.path), 0);

  const CnHostConfig config = {.block = 256, .state = saved};
  CnHost* const      next   = cn_bundle_start(bundle, &config);
  assert_int_not_equal(cn_host_complaints(next), 0);
  cn_host_run(next, 512);
  assert_true(cn_host_get(next, "model_status") == 1.0F);
  char* const again = cn_host_save(next);
  assert_non_null(strstr(again, files.path));
  free(again);
  free(saved);
  remove_files(&files);
}

/// Make a session to be committed; only for a version whose format is another
static void
write_session(CnBundle* const bundle, const char* const path)
{
  CnBundleMusic music;
  char* const   saved = perform_and_save(bundle, &music);
  assert_int_equal(cn_file_write(path, saved, strlen(saved)), CN_STATUS_SUCCESS);
  printf("%u notes, hash %#x\n", cn_bundle_count(bundle->host, 0), (unsigned)cn_bundle_hash(bundle->host));
  free(saved);
  free(music.events);
}

int
main(const int argc, char** const argv)
{
  if (argc == 3 && !strcmp(argv[1], "--write-session")) {
    void* state = NULL;
    cn_bundle_set_up(&state);
    write_session(state, argv[2]);
    return cn_bundle_tear_down(&state);
  }
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_take_comes_back_before_activation),
      CN_BUNDLE_TEST(test_take_comes_back_after_activation),
      CN_BUNDLE_TEST(test_take_comes_back_while_rolling),
      CN_BUNDLE_TEST(test_saving_while_rolling_changes_nothing),
      CN_BUNDLE_TEST(test_state_is_saved_as_it_was_restored),
      CN_BUNDLE_TEST(test_old_session_opens),
      CN_BUNDLE_TEST(test_old_session_goes_on_as_then),
      CN_BUNDLE_TEST(test_old_notes_outlive_the_weights),
      CN_BUNDLE_TEST(test_controls_compose_an_old_session_anew),
      CN_BUNDLE_TEST(test_session_changes_while_another_thread_runs),
      CN_BUNDLE_TEST(test_garbage_is_refused),
      CN_BUNDLE_TEST(test_state_of_others_changes_nothing),
      CN_BUNDLE_TEST(test_take_can_be_got_out_as_midi),
      CN_BUNDLE_TEST(test_no_part_of_a_take_is_left),
      CN_BUNDLE_TEST(test_take_has_the_tempi_and_metres_of_the_song),
      CN_BUNDLE_TEST(test_model_comes_back),
      CN_BUNDLE_TEST(test_chords_come_back),
      CN_BUNDLE_TEST(test_chords_that_come_fast),
      CN_BUNDLE_TEST(test_missing_model_survives_the_next_save),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
