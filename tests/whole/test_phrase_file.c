// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_phrase_file.c
   A MIDI file that is gone on from: the plugin plays what `continuo generate` writes, wherever and however it
   runs; and the file as a parameter, in words and in sessions.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/midi_file.h"
#include "tests/support/phrase.h"
#include "tests/support/run_command.h"
#include "tests/support/tiny_notebook.h"

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/file/smf.h"
#include "tools/base/file.h"

#include <math.h>
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

#define PHRASE "urn:continuo:phrase"

enum {
  BARS      = 8,                           // That are compared
  BAR       = 2 * CN_TICKS_PER_QUARTER,    // [ticks]
  MAX_NOTES = 2000,                        //
  QUARTERS  = 2 * BARS,                    //
  WHOLE     = CN_PHRASE_BARS * BAR,        // [ticks] of the phrase
  CUT       = WHOLE - CN_TICKS_PER_QUARTER // [ticks] within its last bar
};

// A note of Continuo's, by its tick since the bar in which it begins to play
typedef struct {
  int32_t onset;
  int32_t duration;
  uint8_t pitch;
  uint8_t velocity;
} Note;

typedef struct {
  Note   notes[MAX_NOTES];
  size_t n;
} Music;

static char folder[64];
static char file[128]; // The phrase

static const char*
path_of(const char* const name)
{
  static char paths[4][160];
  static int  i = 0;
  i             = (i + 1) % 4;
  snprintf(paths[i], sizeof(paths[i]), "%s/%s", folder, name);
  return paths[i];
}

// Write the phrase up to a tick
static void
write_phrase(const char* const path, const int32_t end)
{
  CnNote              notes[CN_PHRASE_MAX_NOTES];
  size_t              n     = 0;
  uint8_t*            data  = NULL;
  size_t              size  = 0;
  CnScore*            score = NULL;
  const size_t        all   = cn_phrase_notes(notes);
  const CnTempoChange tempo = {0, (uint32_t)lround(6e7 / CN_PHRASE_BPM)};
  const CnMeterChange meter = {0, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR};
  for (; n < all && notes[n].onset < end; ++n) {
    const int32_t room = end - notes[n].onset;
    notes[n].duration  = notes[n].duration < room ? notes[n].duration : room;
  }
  assert_int_equal(cn_score_new(notes, n, &tempo, 1, &meter, 1, &score), CN_STATUS_SUCCESS);
  assert_int_equal(cn_smf_write(score, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path, data, size), CN_STATUS_SUCCESS);
  free(data);
  cn_score_free(score);
}

static int
set_up(void** const state)
{
  cn_bundle_set_up(state);
  snprintf(folder, sizeof(folder), "/tmp/continuo-phrase-XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(file, sizeof(file), "%s/phrase.mid", folder);
  write_phrase(file, WHOLE);
  return 0;
}

static int
tear_down(void** const state)
{
  char command[128];
  snprintf(command, sizeof(command), "rm -r %s", folder);
  assert_int_equal(system(command), 0);
  return cn_bundle_tear_down(state);
}

// What `generate` makes of the phrase, from the line of the bar in which it ends
static void
generate(const char* const weights, const char* const options, const int32_t line, Music* const music)
{
  const size_t few = strstr(weights, "notebook") ? 4 : 20; // As untrained networks play
  assert_int_equal(cn_run("generate -m %s --phrase %s --bars %d %s --force -o %s", weights, file, BARS,
                          options, path_of("out.mid")),
                   0);
  CnScore* const score = midi_file_read_score(path_of("out.mid"));
  music->n             = 0;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    if (note->part == CN_PART_CONTINUO) {
      music->notes[music->n++] = (Note){note->onset - line, note->duration, note->pitch, note->velocity};
    }
  }
  cn_score_free(score);
  assert_true(music->n > few);
}

static int32_t
tick_of(const CnHost* const host, const CnHostEvent* const event, const double quarter)
{
  return (int32_t)lround(((double)event->song / cn_host_quarter(host) - quarter) * CN_TICKS_PER_QUARTER);
}

// What the plugin has played since frame `since` of the stream, by its tick from a quarter on
static void
collect(const CnHost* const host, const uint64_t since, const double quarter, Music* const music)
{
  size_t                   n      = 0;
  const CnHostEvent* const events = cn_host_output(host, &n);
  music->n                        = 0;
  for (size_t i = 0; i < n; ++i) {
    if (events[i].frame < since || (events[i].bytes[0] & 0xE0U) != 0x80) {
      continue;
    }
    const int32_t tick  = tick_of(host, &events[i], quarter);
    const uint8_t pitch = events[i].bytes[1];
    const bool    is_on = (events[i].bytes[0] & 0xF0U) == 0x90 && events[i].bytes[2] > 0;
    for (size_t k = music->n; !is_on && k-- > 0;) {
      if (music->notes[k].pitch == pitch) {
        music->notes[k].duration = tick - music->notes[k].onset;
        break;
      }
    }
    if (is_on && music->n < MAX_NOTES) {
      music->notes[music->n++] = (Note){tick, 0, pitch, events[i].bytes[2]};
    }
  }
}

// Number of notes, up to the last bar line, in which they differ; how long one is that sounds on is not
// compared
static size_t
count_mismatches(const Music* const played, const Music* const expected)
{
  const int32_t end        = BARS * BAR;
  size_t        i          = 0;
  size_t        mismatches = 0;
  for (size_t k = 0; k < expected->n; ++k, ++i) {
    const Note* const note = &expected->notes[k];
    const Note* const own  = &played->notes[i];
    if (note->onset >= end) {
      break;
    }
    const bool is_same = i < played->n && own->onset == note->onset && own->pitch == note->pitch &&
                         own->velocity == note->velocity &&
                         (own->duration == note->duration || note->onset + note->duration >= end);
    if (!is_same && ++mismatches < 4) {
      printf("expected %d+%d key %d velocity %d; played %d+%d key %d velocity %d\n", note->onset,
             note->duration, note->pitch, note->velocity, own->onset, own->duration, own->pitch,
             own->velocity);
    }
  }
  return mismatches + (i < played->n && played->notes[i].onset < end);
}

static void
assert_plays(const CnHost* const host, const uint64_t since, const double quarter,
             const Music* const expected)
{
  static Music played;
  collect(host, since, quarter, &played);
  assert_int_equal(count_mismatches(&played, expected), 0);
}

static void
settle(CnHost* const host)
{
  for (int i = 0; i < 3; ++i) {
    cn_host_run(host, 512);
    cn_host_sync_worker(host);
  }
  cn_host_run(host, 512);
}

static CnHost*
start(CnBundle* const bundle, const CnHostConfig* const config)
{
  CnHost* const host = cn_bundle_start(bundle, config);
  cn_host_set_tempo(host, CN_PHRASE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  return host;
}

// Stand at a quarter, then roll for some quarters; returns the frame of the stream
static uint64_t
roll_for(CnHost* const host, const double quarter, const double quarters)
{
  cn_host_locate(host, quarter);
  settle(host);
  const uint64_t since = cn_host_frame(host);
  cn_host_roll(host, true);
  cn_host_run(host, (uint64_t)(quarters * cn_host_quarter(host)));
  cn_bundle_stop(host);
  return since;
}

// The same for the bars that are compared
static uint64_t
roll(CnHost* const host, const double quarter)
{
  return roll_for(host, quarter, QUARTERS + 1);
}

static void
choose(CnHost* const host, const char* const path)
{
  cn_host_choose(host, PHRASE, path);
  settle(host);
}

static const char*
told(CnHost* const host)
{
  unsigned n_told = 0;
  return cn_host_chosen(host, &n_told);
}

static void
test_plugin_goes_on_as_generate_does(void** const state)
{
  static const char* const options[] = {"", "--take 5", "--timing average"};
  static Music             expected;
  CnBundle* const          bundle = *state;
  for (size_t i = 0; i < 3; ++i) {
    generate(bundle->weights, options[i], WHOLE, &expected);
    CnHost* const host = start(bundle, &cn_bundle_plain);
    cn_host_set(host, "take", i == 1 ? 5.0F : 1.0F);
    cn_host_set(host, "timing", i == 2 ? 1.0F : 0.0F);
    choose(host, file);
    assert_string_equal(told(host), file);
    assert_int_equal(cn_host_complaints(host), 0);
    assert_plays(host, roll(host, 0.0), 0.0, &expected);
    cn_bundle_assert_silent(host);
  }
}

static void
test_notebook_goes_on_as_generate_does(void** const state)
{
  static Music    expected;
  CnBundle* const bundle = *state;
  for (int i = 0; i < 2; ++i) { // The second counts in seconds, at the tempo of the file and the song
    assert_int_equal(cn_tiny_notebook(bundle->notebook, 1, i ? CN_NOTEBOOK_SECONDS : CN_NOTEBOOK_BEATS),
                     CN_STATUS_SUCCESS);
    generate(bundle->notebook, "", WHOLE, &expected);
    CnHost* const host = start(bundle, &cn_bundle_plain);
    cn_host_set(host, "network", 1.0F);
    settle(host);
    choose(host, file);
    assert_plays(host, roll(host, 0.0), 0.0, &expected);
  }
}

// Its last bar is the one in which the music begins
static void
test_phrase_that_ends_within_a_bar_is_gone_on_from_there(void** const state)
{
  static Music    expected;
  CnBundle* const bundle = *state;
  write_phrase(file, CUT);
  generate(bundle->weights, "", WHOLE - BAR, &expected);
  assert_true(expected.notes[0].onset >= BAR / 2);
  CnHost* const host = start(bundle, &cn_bundle_plain);
  choose(host, file);
  assert_plays(host, roll(host, 0.0), 0.0, &expected);
}

static void
test_music_is_the_same_in_blocks_of_all_sizes(void** const state)
{
  static const uint32_t blocks[] = {16, 64, 1000, 4096, 16384};
  static Music          expected;
  CnBundle* const       bundle = *state;
  generate(bundle->weights, "", WHOLE, &expected);
  for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); ++i) {
    const CnHostConfig config = {.block = blocks[i], .telling = i % 2 ? CN_HOST_TELLS_CHANGES : 0};
    CnHost* const      host   = start(bundle, &config);
    choose(host, file);
    cn_host_set(host, "freewheeling", i == 2 ? 1.0F : 0.0F);
    assert_plays(host, roll(host, 0.0), 0.0, &expected);
    cn_bundle_assert_silent(host);
  }
}

// From whatever bar it begins; then after locates, and held against all that is turned
static void
test_music_is_the_same_wherever_it_begins_and_again(void** const state)
{
  static Music    expected;
  CnBundle* const bundle = *state;
  generate(bundle->weights, "", WHOLE, &expected);
  CnHost* const host = start(bundle, &cn_bundle_plain);
  choose(host, file);
  assert_plays(host, roll(host, 40.0), 40.0, &expected);
  assert_plays(host, roll(host, 40.0), 40.0, &expected);
  cn_host_set(host, "freewheeling", 1.0F); // Exported
  assert_plays(host, roll(host, 40.0), 40.0, &expected);
  cn_host_set(host, "freewheeling", 0.0F);
  cn_host_set(host, "hold", 1.0F);
  cn_host_set(host, "temperature", 1.8F);
  choose(host, "");
  assert_string_equal(told(host), "");
  assert_plays(host, roll(host, 40.0), 40.0, &expected);
  cn_host_locate(host, 8.0);
  choose(host, file); // It has its place only where the take is not held
  assert_plays(host, roll(host, 40.0), 40.0, &expected);
}

// It lies where the transport first rolled, also for a roll that begins before, as an export does, until it
// is chosen anew or a new take begins before
static void
test_phrase_stays_where_the_music_began(void** const state)
{
  static Music    expected;
  static Music    played;
  CnBundle* const bundle = *state;
  generate(bundle->weights, "", WHOLE, &expected);
  for (int role = CN_ROLE_CONTINUE; role <= CN_ROLE_SOLO; role += CN_ROLE_SOLO) {
    CnHost* const host = start(bundle, &cn_bundle_plain);
    cn_host_set(host, "role", (float)role);
    choose(host, file);
    collect(host, roll(host, 24.0), 24.0, &played);
    if (role == CN_ROLE_SOLO) {
      memcpy(&expected, &played, sizeof(expected)); // Which generate has no word for
    }
    const uint64_t since = roll_for(host, 0.0, 24.0 + QUARTERS + 1);
    collect(host, since, 24.0, &played);
    assert_true(played.n > 20 && played.notes[0].onset >= 0); // Silent until then
    assert_plays(host, since, 24.0, &expected);
    char* const saved = cn_host_save(host);

    cn_host_locate(host, 0.0);
    settle(host);
    cn_host_set(host, "new_take", 1.0F);
    settle(host);
    cn_host_set(host, "new_take", 0.0F);
    collect(host, roll(host, 0.0), 0.0, &played);
    assert_true(played.n > 20 && played.notes[0].onset < BAR);
    choose(host, file);
    collect(host, roll(host, 8.0), 8.0, &played);
    assert_true(played.n > 20 && played.notes[0].onset < BAR);

    CnHost* const again = start(bundle, &cn_bundle_plain);
    cn_host_set(again, "role", (float)role);
    assert_true(cn_host_restore(again, saved));
    assert_plays(again, roll_for(again, 0.0, 24.0 + QUARTERS + 1), 24.0, &expected);
    free(saved);
  }
}

// What was played long before does not count, and stands
static void
test_phrase_counts_as_played_last(void** const state)
{
  static Music    expected;
  static Music    before;
  static Music    after;
  CnBundle* const bundle = *state;
  generate(bundle->weights, "", WHOLE, &expected);
  CnHost* const host = start(bundle, &cn_bundle_plain);
  cn_host_set(host, "thru", 0.0F);
  cn_bundle_perform(host, 16);
  cn_bundle_stop(host);
  collect(host, 0, 0.0, &before);
  cn_host_locate(host, 80.0);
  choose(host, file);
  assert_plays(host, roll(host, 80.0), 80.0, &expected);
  collect(host, roll_for(host, 0.0, CN_BUNDLE_PHRASE + 16), 0.0, &after);
  assert_int_equal(before.n, after.n);
  assert_true(before.n > 20);
  assert_memory_equal(before.notes, after.notes, (before.n - 8) * sizeof(Note)); // The last were cut
}

// Roles that play by themselves begin with what is given; the others have it before what they hear
static void
test_each_role_goes_on_from_it(void** const state)
{
  static Music    played;
  CnBundle* const bundle = *state;
  for (int role = 0; role < CN_N_ROLES; ++role) {
    CnHost* const host = start(bundle, &cn_bundle_plain);
    cn_host_set(host, "role", (float)role);
    const uint64_t before = roll(host, 0.0);
    collect(host, before, 0.0, &played);
    const size_t n = played.n;
    assert_true(role == CN_ROLE_SOLO ? n > 0 : n == 0); // By itself
    CnHost* const again = start(bundle, &cn_bundle_plain);
    cn_host_set(again, "role", (float)role);
    choose(again, file);
    collect(again, roll(again, 0.0), 0.0, &played);
    assert_true(played.n > 4);
    assert_true(role == CN_ROLE_ANSWER ? played.notes[0].onset >= 2 * BAR : played.notes[0].onset < BAR);
  }
}

static void
test_without_it_all_is_as_before(void** const state)
{
  static Music    before;
  static Music    after;
  CnBundle* const bundle = *state;
  CnHost*         host   = cn_bundle_start(bundle, &cn_bundle_plain);
  cn_bundle_perform(host, 16);
  collect(host, 0, 0.0, &before);
  host = cn_bundle_start(bundle, &cn_bundle_plain);
  choose(host, file);
  choose(host, "");
  cn_bundle_perform(host, 16);
  collect(host, 0, 0.0, &after);
  assert_int_equal(before.n, after.n);
  assert_memory_equal(before.notes, after.notes, before.n * sizeof(Note));
}

static void
check_refused(CnHost* const host, const char* const path, const char* const reason)
{
  const unsigned before = cn_host_complaints(host);
  choose(host, path);
  assert_string_equal(told(host), file);
  assert_int_equal(cn_host_complaints(host), before + 1);
  if (!strstr(cn_host_log(host), reason)) {
    fail_msg("%s: no '%s' in the log", path, reason);
  }
}

static void
test_bad_files_are_refused_in_words(void** const state)
{
  static Music   expected;
  MidiFile       silent = midi_file_of_track(96, TRACK(END));
  CnHost* const  host   = start(*state, &cn_bundle_plain);
  uint8_t* const zeros  = (uint8_t*)calloc(5, 1 << 20);
  assert_return_code(mkfifo(path_of("pipe"), 0600), 0);
  assert_int_equal(cn_file_write(path_of("text.mid"), "no music at all", 15), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path_of("silent.mid"), silent.bytes, silent.size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(path_of("large.mid"), zeros, (size_t)5 << 20), CN_STATUS_SUCCESS);
  free(zeros);
  choose(host, file);
  alarm(60); // Instead of a test that hangs
  check_refused(host, path_of("pipe"), "not a regular file");
  check_refused(host, "/dev/zero", "/dev/zero: not a regular file");
  check_refused(host, folder, "not a regular file");
  check_refused(host, "/nowhere/at/all.mid", "No such file");
  check_refused(host, path_of("text.mid"), "MIDI");
  check_refused(host, path_of("silent.mid"), "no note of a piano to go on from");
  check_refused(host, path_of("large.mid"), cn_strerror(CN_STATUS_TOO_LARGE));
  alarm(0);
  generate(((CnBundle*)*state)->weights, "", WHOLE, &expected);
  assert_plays(host, roll(host, 0.0), 0.0, &expected); // From the one before
}

static void
test_faults_of_a_file_are_told(void** const state)
{
  MidiFile odd =
      midi_file_of_track(96, TRACK(0x00, 0x90, 60, 64, 0x60, 0x80, 60, 64, 0x00, TEMPO(0, 0, 0), END));
  CnHost* const host = start(*state, &cn_bundle_plain);
  assert_int_equal(cn_file_write(path_of("odd.mid"), odd.bytes, odd.size), CN_STATUS_SUCCESS);
  choose(host, path_of("odd.mid"));
  assert_string_equal(told(host), path_of("odd.mid"));
  assert_non_null(strstr(cn_host_log(host), "an impossible tempo; read on"));
}

// The session has what stands in the file, whatever becomes of it
static void
test_session_keeps_it(void** const state)
{
  static Music    expected;
  CnBundle* const bundle = *state;
  generate(bundle->weights, "", WHOLE, &expected);
  CnHost* host = start(bundle, &cn_bundle_plain);
  choose(host, file);
  roll(host, 0.0);
  char* const saved = cn_host_save(host);
  char        session[160];
  snprintf(session, sizeof(session), "%s/session", folder);
  assert_true(cn_host_save_to(host, session));
  assert_int_equal(remove(file), 0);

  host = start(bundle, &cn_bundle_plain);
  assert_true(cn_host_restore(host, saved));
  settle(host);
  assert_string_equal(told(host), file);
  assert_plays(host, roll(host, 0.0), 0.0, &expected);
  cn_host_set(host, "take", 2.0F); // Composed anew, and then as it was
  roll(host, 0.0);
  cn_host_set(host, "take", 1.0F);
  assert_plays(host, roll(host, 0.0), 0.0, &expected);

  host = start(bundle, &cn_bundle_plain);
  assert_true(cn_host_restore_from(host, session));
  assert_plays(host, roll(host, 0.0), 0.0, &expected);
  free(saved);
}

// As Carla keeps sessions: keys and their types stay, texts have no end, paths become links
static void
test_careless_hosts_keep_it_and_forget_it(void** const state)
{
  static Music    expected;
  static Music    played;
  CnBundle* const bundle = *state;
  CnHostStore     store  = {.keeping = {true, true, true, true, true}};
  snprintf(store.folder, sizeof(store.folder), "%s/carla", folder);
  assert_return_code(mkdir(store.folder, 0700), 0);
  generate(bundle->weights, "", WHOLE, &expected);
  CnHost* host = start(bundle, &cn_bundle_plain);
  choose(host, file);
  assert_true(cn_host_save_in(host, &store));
  host = start(bundle, &(CnHostConfig){.block = 256, .store = &store});
  settle(host);
  assert_non_null(strstr(told(host), "phrase.mid"));
  assert_plays(host, roll(host, 0.0), 0.0, &expected);
  choose(host, "");
  assert_true(cn_host_save_in(host, &store));
  host = start(bundle, &(CnHostConfig){.block = 256, .store = &store});
  settle(host);
  collect(host, roll(host, 100.0), 100.0, &played);
  assert_string_equal(told(host), "");
  cn_host_store_clear(&store);
}

static void
test_session_without_it_goes_on_from_nothing(void** const state)
{
  static Music    played;
  CnBundle* const bundle = *state;
  CnHost*         host   = start(bundle, &cn_bundle_plain);
  char* const     saved  = cn_host_save(host);
  choose(host, file);
  assert_true(cn_host_restore(host, saved));
  settle(host);
  assert_string_equal(told(host), "");
  collect(host, roll(host, 0.0), 0.0, &played);
  assert_int_equal(played.n, 0);
  free(saved);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(test_plugin_goes_on_as_generate_does),
      CASE(test_notebook_goes_on_as_generate_does),
      CASE(test_phrase_that_ends_within_a_bar_is_gone_on_from_there),
      CASE(test_music_is_the_same_in_blocks_of_all_sizes),
      CASE(test_music_is_the_same_wherever_it_begins_and_again),
      CASE(test_phrase_stays_where_the_music_began),
      CASE(test_phrase_counts_as_played_last),
      CASE(test_each_role_goes_on_from_it),
      CASE(test_without_it_all_is_as_before),
      CASE(test_bad_files_are_refused_in_words),
      CASE(test_faults_of_a_file_are_told),
      CASE(test_session_keeps_it),
      CASE(test_careless_hosts_keep_it_and_forget_it),
      CASE(test_session_without_it_goes_on_from_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
