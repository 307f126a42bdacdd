// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_hosts.c
   Sessions in hosts that behave like those that people have, each by its name.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/host/host_kinds.h"
#include "tests/host/host_store.h"
#include "tests/support/phrase.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/status.h"
#include "dsp/compose/plan.h"
#include "dsp/play/notices.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/presets/presets.h>

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
#define FILE_NAME "other.safetensors"

enum {
  BLOCK     = 256, ///< [frames]
  QUARTERS  = 24,  ///< Heard after the phrase
  TOLERANCE = 7    ///< [frames] Half a tick of Ardour's, 1/1920 beat at 240 BPM, and one
};

typedef struct {
  const CnHostKind* kind;
  CnBundle*         bundle;
  char              other[96];      ///< Path of another model
  char              folders[2][96]; ///< Of two sessions
  CnHostStore       store;          ///< Of the first
} Session;

static int
set_up(void** const state)
{
  Session* const self   = (Session*)calloc(1, sizeof(Session));
  void*          bundle = NULL;
  assert_non_null(self);
  self->kind = (const CnHostKind*)*state;
  cn_bundle_set_up(&bundle);
  self->bundle = (CnBundle*)bundle;
  snprintf(self->other, sizeof(self->other), "%s/" FILE_NAME, self->bundle->folder);
  assert_int_equal(cn_tiny_model(self->other, 2), CN_STATUS_SUCCESS);
  for (int i = 0; i < 2; ++i) {
    snprintf(self->folders[i], sizeof(self->folders[i]), "%s/session-%d", self->bundle->folder, i);
    assert_return_code(mkdir(self->folders[i], 0700), 0);
  }
  self->store.keeping = self->kind->keeping;
  strcpy(self->store.folder, self->folders[0]);
  *state = self;
  return 0;
}

static int
tear_down(void** const state)
{
  Session* const self   = (Session*)*state;
  void*          bundle = self->bundle;
  for (int i = 0; i < 2; ++i) {
    char link[128];
    snprintf(link, sizeof(link), "%s/" FILE_NAME, self->folders[i]);
    remove(link);
    remove(self->folders[i]);
  }
  remove(self->other);
  cn_host_store_clear(&self->store);
  cn_bundle_tear_down(&bundle);
  free(self);
  return 0;
}

/// Start this kind of host with a session
static CnHost*
start(Session* const self, CnHostStore* const store)
{
  CnHostConfig config = self->kind->config;
  config.block        = BLOCK;
  config.store        = store;
  return cn_bundle_start(self->bundle, &config);
}

static void
choose(CnHost* const host, const char* const path)
{
  cn_host_choose(host, MODEL, path);
  cn_bundle_settle(host);
}

/// Assert that a model plays, by the end of its path
static void
assert_plays_by(CnHost* const host, const char* const name)
{
  unsigned n_told = 0;
  cn_host_ask(host, MODEL);
  cn_bundle_settle(host);
  const char* const told = cn_host_chosen(host, &n_told);
  if (strlen(told) < strlen(name) || strcmp(told + strlen(told) - strlen(name), name) != 0) {
    fail_msg("%s plays, and not %s", told, name);
  }
  assert_true(cn_host_get(host, "model_status") == 0.0F);
  assert_int_equal(cn_host_complaints(host), 0);
}

/// Roll from the start while nobody plays, and hear the same music
static void
assert_plays_again(CnHost* const host, const CnBundleMusic* const music)
{
  cn_host_set(host, "thru", 0.0F);
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_set_metre(host, CN_PHRASE_NUMERATOR, CN_PHRASE_DENOMINATOR);
  cn_host_run(host, 1000);
  cn_host_roll(host, true);
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * (CN_BUNDLE_PHRASE + QUARTERS));
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  cn_bundle_assert_same(host, music);
}

/// Roll, strike one chord in the very frame in which the song starts, and rest
static void
play_chord(CnHost* const host)
{
  static const uint8_t keys[] = {60, 64, 67};
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_run(host, 1000);
  cn_host_roll(host, true);
  for (size_t i = 0; i < sizeof(keys); ++i) {
    const uint8_t on[]  = {0x90, keys[i], 80};
    const uint8_t off[] = {0x80, keys[i], 64};
    cn_host_send(host, cn_host_frame(host), on, sizeof(on));
    cn_host_send(host, cn_host_frame(host) + CN_BUNDLE_QUARTER, off, sizeof(off));
  }
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * QUARTERS);
  cn_bundle_stop(host);
}

/// However a host tells its transport, what is struck first belongs to the phrase, and the same music follows
static void
test_first_chord_is_heard(void** const state)
{
  Session* const self  = (Session*)*state;
  CnHost* const  plain = cn_bundle_start(self->bundle, &cn_bundle_plain);
  play_chord(plain);
  const CnBundleMusic music = cn_bundle_keep(plain);
  size_t              n     = 0;
  CnHost* const       host  = start(self, &self->store);
  play_chord(host);
  cn_bundle_assert_silent(host);
  assert_true(cn_host_get(host, "late_notes") == 0.0F);
  const CnHostEvent* const events = cn_host_output(host, &n);
  assert_true(cn_bundle_count(host, 2 * CN_BUNDLE_QUARTER) > 20);
  assert_int_equal(n, music.n);
  for (size_t i = 0; i < n; ++i) {
    assert_in_range(events[i].song + TOLERANCE - music.events[i].song, 0, 2 * TOLERANCE);
    assert_memory_equal(events[i].bytes, music.events[i].bytes, events[i].size);
  }
  free(music.events);
}

/// A solo begins with the song, even if that rolls in the first block of all
static void
test_solo_begins_with_the_song(void** const state)
{
  Session* const self = (Session*)*state;
  CnHost* const  host = start(self, &self->store);
  size_t         n    = 0;
  cn_host_set(host, "role", CN_ROLE_SOLO);
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  cn_host_roll(host, true);
  cn_host_run(host, (uint64_t)CN_BUNDLE_QUARTER * QUARTERS);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  const CnHostEvent* const events = cn_host_output(host, &n);
  assert_true(n > 40);
  for (size_t i = 0; i < 3; ++i) { // A chord, which sounds a block late where the start is told so late
    assert_int_equal(events[i].bytes[0], 0x90);
    assert_in_range(events[i].song, 0, self->kind->config.told_late ? BLOCK : 0);
  }
  assert_true(cn_host_get(host, "late_notes") == 0.0F);
}

/// Who plays while the transport stands is told what to do, once
static void
test_standing_transport_is_mentioned(void** const state)
{
  Session* const self = (Session*)*state;
  CnHost* const  host = start(self, &self->store);
  cn_host_set_tempo(host, CN_BUNDLE_BPM);
  for (unsigned i = 0; i < 2; ++i) {
    static const uint8_t on[]  = {0x90, 60, 80};
    static const uint8_t off[] = {0x80, 60, 64};
    cn_host_send(host, cn_host_frame(host), on, sizeof(on));
    cn_host_run(host, CN_BUNDLE_QUARTER);
    cn_host_send(host, cn_host_frame(host), off, sizeof(off));
    cn_host_run(host, (uint64_t)2 * CN_BUNDLE_QUARTER);
    cn_host_sync_worker(host);
    assert_true(cn_host_get(host, "notice") == (float)CN_NOTICE_STANDS);
    assert_int_equal(cn_host_complaints(host), 1);
    assert_non_null(strstr(cn_host_log(host), "start it"));
  }
  cn_host_roll(host, true);
  cn_host_run(host, (uint64_t)4 * BLOCK);
  assert_true(cn_host_get(host, "notice") == (float)CN_NOTICE_NONE);
}

/// Choose the other model, play, and save
static CnBundleMusic
perform_and_save(Session* const self)
{
  CnHost* const host = start(self, &self->store);
  cn_host_set(host, "thru", 0.0F);
  choose(host, self->other);
  cn_bundle_perform(host, QUARTERS);
  cn_bundle_stop(host);
  const CnBundleMusic music = cn_bundle_keep(host);
  assert_true(music.n > 40);
  assert_true(cn_host_save_in(host, &self->store));
  return music;
}

static void
test_session_comes_back(void** const state)
{
  Session* const self  = (Session*)*state;
  CnBundleMusic  music = perform_and_save(self);
  CnHost* const  host  = start(self, &self->store);
  assert_plays_by(host, FILE_NAME);
  cn_host_forget(host);
  assert_plays_again(host, &music);
  assert_true(cn_host_save_in(host, &self->store)); // and once more, after it was restored
  CnHost* const next = start(self, &self->store);
  assert_plays_by(next, FILE_NAME);
  cn_host_forget(next);
  assert_plays_again(next, &music);
  free(music.events);
}

/// A solo over which the musician plays from the song's first frame on comes back with its opening
static void
test_solo_under_a_chord_comes_back(void** const state)
{
  Session* const self = (Session*)*state;
  CnHost* const  host = start(self, &self->store);
  cn_host_set(host, "role", 3.0F);
  play_chord(host);
  const CnBundleMusic music = cn_bundle_keep(host);
  assert_true(cn_host_save_in(host, &self->store));
  CnHost* const next = start(self, &self->store);
  cn_host_set(next, "role", 3.0F);
  play_chord(next);
  cn_bundle_assert_same(next, &music);
  free(music.events);
}

/// Carla has the file of the save before under a key that is not stored again
static void
test_own_model_comes_back_after_a_file(void** const state)
{
  Session* const self = (Session*)*state;
  CnHost* const  host = start(self, &self->store);
  choose(host, self->other);
  assert_true(cn_host_save_in(host, &self->store));
  choose(host, "");
  assert_true(cn_host_save_in(host, &self->store));
  CnHost* const next = start(self, &self->store);
  assert_plays_by(next, "models/default.safetensors.zst");
  cn_host_set(next, "network", 1.0F);
  cn_bundle_settle(next);
  assert_true(cn_host_save_in(next, &self->store));
  assert_plays_by(start(self, &self->store), "models/notebook.safetensors.zst");
}

/// And the other way: in Carla the key then has the type of a name
static void
test_file_comes_back_after_own_model(void** const state)
{
  Session* const self = (Session*)*state;
  CnHost* const  host = start(self, &self->store);
  assert_true(cn_host_save_in(host, &self->store));
  choose(host, self->other);
  assert_true(cn_host_save_in(host, &self->store));
  assert_plays_by(start(self, &self->store), FILE_NAME);
}

/// The bundle's model, chosen as a file by the name that it had before it was compressed; links to it are
/// dead
static void
test_former_name_comes_back(void** const state)
{
  Session* const self = (Session*)*state;
  char           former[128];
  char           link[128];
  snprintf(former, sizeof(former), "%s/models/default.safetensors", self->bundle->folder);
  snprintf(link, sizeof(link), "%s/default.safetensors", self->folders[0]);
  assert_int_equal(cn_tiny_model(former, 3), CN_STATUS_SUCCESS);
  CnHost* const host = start(self, &self->store);
  choose(host, former);
  assert_plays_by(host, "models/default.safetensors");
  assert_true(cn_host_save_in(host, &self->store));
  assert_return_code(remove(former), 0);
  assert_plays_by(start(self, &self->store), "models/default.safetensors.zst");
  remove(link); // Of hosts that make some
}

/// A copy in another session, to which the links of the first do not come along: a clone, or a .carxs
static void
test_copy_comes_back_elsewhere(void** const state)
{
  Session* const self  = (Session*)*state;
  CnBundleMusic  music = perform_and_save(self);
  CnHostStore    copy;
  cn_host_store_copy(&self->store, &copy);
  strcpy(copy.folder, self->folders[1]);
  CnHost* const host = start(self, &copy);
  assert_plays_by(host, FILE_NAME);
  cn_host_forget(host);
  assert_plays_again(host, &music);
  cn_host_store_clear(&copy);
  free(music.events);
}

static void
load_first_preset(CnHost* const host)
{
  LilvWorld*              world   = NULL;
  const LilvPlugin* const plugin  = cn_host_plugin(host, &world);
  LilvNode* const         kind    = lilv_new_uri(world, LV2_PRESETS__Preset);
  LilvNodes* const        presets = lilv_plugin_get_related(plugin, kind);
  assert_true(lilv_nodes_size(presets) > 0);
  assert_true(cn_host_load_preset(host, lilv_nodes_get(presets, lilv_nodes_begin(presets))));
  lilv_nodes_free(presets);
  lilv_node_free(kind);
}

/// A preset sets controls; what was chosen and what was played stay
static void
test_preset_leaves_model_and_take(void** const state)
{
  Session* const self   = (Session*)*state;
  CnBundleMusic  music  = perform_and_save(self);
  CnHost* const  host   = start(self, &self->store);
  CnHostStore    before = self->store;
  CnHostStore    after  = {.keeping = self->store.keeping};
  strcpy(after.folder, self->folders[1]);
  load_first_preset(host);
  assert_true(cn_host_save_in(host, &after)); // before its controls count for what comes next
  const CnHostValue* const take = cn_host_store_find(&before, "urn:continuo:take");
  const CnHostValue* const same = cn_host_store_find(&after, "urn:continuo:take");
  assert_non_null(same);
  assert_int_equal(same->size, take->size);
  assert_memory_equal(same->bytes, take->bytes, take->size);
  assert_plays_by(host, FILE_NAME);
  cn_host_store_clear(&after);
  free(music.events);
}

/// Any one value that cannot be read costs itself and no other
static void
test_unreadable_value_costs_itself(void** const state)
{
  static const char* const keys[] = {MODEL, "urn:continuo:weights", "urn:continuo:network",
                                     "urn:continuo:file"};
  Session* const           self   = (Session*)*state;
  CnBundleMusic            music  = perform_and_save(self);
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); ++i) {
    CnHostStore spoilt;
    cn_host_store_copy(&self->store, &spoilt);
    strcpy(cn_host_store_find(&spoilt, keys[i])->type, LV2_ATOM__Vector);
    CnHost* const host = start(self, &spoilt);
    assert_int_equal(cn_host_complaints(host),
                     i ? 1 : 2); // another model would play the take's notes otherwise
    if (i == 0) {
      choose(host, self->other);
    }
    cn_host_forget(host);
    assert_plays_again(host, &music);
    cn_host_store_clear(&spoilt);
  }
  CnHostStore spoilt;
  cn_host_store_copy(&self->store, &spoilt);
  strcpy(cn_host_store_find(&spoilt, "urn:continuo:take")->type, LV2_ATOM__Vector);
  CnHost* const host = start(self, &spoilt);
  assert_int_equal(cn_host_complaints(host), 1);
  unsigned n_told = 0;
  cn_host_ask(host, MODEL);
  cn_bundle_settle(host);
  assert_non_null(strstr(cn_host_chosen(host, &n_told), FILE_NAME));
  cn_host_store_clear(&spoilt);
  free(music.events);
}

#define CASE(test, kind)                                                               \
  {                                                                                    \
#    test " in " #    kind, test, set_up, tear_down, (void*)(uintptr_t)&cn_host_##kind \
  }

#define CASES(kind)                                                                                     \
  CASE(test_first_chord_is_heard, kind), CASE(test_solo_begins_with_the_song, kind),                    \
      CASE(test_solo_under_a_chord_comes_back, kind), CASE(test_standing_transport_is_mentioned, kind), \
      CASE(test_session_comes_back, kind), CASE(test_own_model_comes_back_after_a_file, kind),          \
      CASE(test_file_comes_back_after_own_model, kind), CASE(test_former_name_comes_back, kind),        \
      CASE(test_copy_comes_back_elsewhere, kind), CASE(test_preset_leaves_model_and_take, kind),        \
      CASE(test_unreadable_value_costs_itself, kind)

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CASES(ardour),
      CASES(carla),
      CASES(jalv),
      CASES(qtractor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
