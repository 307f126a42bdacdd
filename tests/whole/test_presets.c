// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file test_presets.c
   Each factory preset has a name, fits the controls, and plays unlike all others.
*/

#include "tests/host/bundle.h"
#include "tests/host/host.h"

#include <lilv/lilv.h>
#include <lv2/presets/presets.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { N_PRESETS = 24, N_PRESETS_MAX = 32 };

/// Controls that no preset leaves as the one before had them
static const char* const shaping[] = {"density", "length",   "motion", "drift",    "scale",
                                      "swing",   "loudness", "lowest", "polyphony"};

#define UNTOUCHED (-99.0F) ///< In range of none of them

/// Called with a host that has loaded a preset; `data` is the caller's
typedef void (*Visit)(CnHost* host, const LilvPlugin* plugin, void* data);

/// Write down the URIs of all presets; returns their number
static unsigned
list_presets(CnBundle* const bundle, char uris[N_PRESETS_MAX][64])
{
  unsigned                n       = 0;
  LilvWorld*              world   = NULL;
  const LilvPlugin* const plugin  = cn_host_plugin(cn_bundle_start(bundle, &cn_bundle_plain), &world);
  LilvNode* const         kind    = lilv_new_uri(world, LV2_PRESETS__Preset);
  LilvNodes* const        presets = lilv_plugin_get_related(plugin, kind);
  assert_int_equal(lilv_nodes_size(presets), N_PRESETS);
  LILV_FOREACH(nodes, i, presets)
  {
    snprintf(uris[n++], sizeof(uris[0]), "%s", lilv_node_as_uri(lilv_nodes_get(presets, i)));
  }
  lilv_nodes_free(presets);
  lilv_node_free(kind);
  return n;
}

/// Visit all presets, each with a host of its own; returns their number
static unsigned
visit_presets(CnBundle* const bundle, const Visit visit, void* const data)
{
  char           uris[N_PRESETS_MAX][64];
  const unsigned n = list_presets(bundle, uris);
  for (unsigned i = 0; i < n; ++i) {
    LilvWorld*              world  = NULL;
    CnHost* const           host   = cn_bundle_start(bundle, &cn_bundle_plain);
    const LilvPlugin* const plugin = cn_host_plugin(host, &world);
    LilvNode* const         preset = lilv_new_uri(world, uris[i]);
    LilvNode* const         says   = lilv_new_uri(world, LILV_NS_RDFS "comment");
    for (size_t s = 0; s < sizeof(shaping) / sizeof(shaping[0]); ++s) {
      cn_host_set(host, shaping[s], UNTOUCHED); // It must be set
    }
    assert_true(cn_host_load_preset(host, preset));
    assert_true(lilv_world_ask(world, preset, says, NULL)); // In a line, what it does
    lilv_node_free(says);
    visit(host, plugin, data);
    lilv_node_free(preset);
  }
  return n;
}

/// After loading, each input must be within its range, and some must not be at its default
static void
check_fits(CnHost* const host, const LilvPlugin* const plugin, void* const data)
{
  float    minimum[64];
  float    maximum[64];
  float    initial[64];
  unsigned n_changed = 0;
  lilv_plugin_get_port_ranges_float(plugin, minimum, maximum, initial);
  for (uint32_t i = 2; i < lilv_plugin_get_num_ports(plugin); ++i) {
    const LilvPort* const port  = lilv_plugin_get_port_by_index(plugin, i);
    const float           value = cn_host_get(host, lilv_node_as_string(lilv_port_get_symbol(plugin, port)));
    assert_true(value >= minimum[i] && value <= maximum[i]);
    n_changed += value != initial[i];
  }
  *(unsigned*)data += n_changed > 0;
}

static void
test_presets_fit_the_controls(void** const state)
{
  unsigned       n_changing = 0;
  const unsigned n          = visit_presets(*state, check_fits, &n_changing);
  assert_in_range(n_changing, n - 1, n); // one may be the defaults
}

typedef struct {
  unsigned n;
  uint32_t hashes[N_PRESETS_MAX];
} Performances;

/// Play by a preset, and keep a hash of what came out
static void
play(CnHost* const host, const LilvPlugin* const plugin, void* const data)
{
  Performances* const performances = data;
  size_t              n            = 0;
  uint32_t            hash         = 0;
  (void)plugin;
  cn_host_run(host, 512);
  cn_host_sync_worker(host); // Some choose another network
  cn_bundle_perform(host, 64);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  assert_true(cn_bundle_count(host, 0) > 20);
  const CnHostEvent* const events = cn_host_output(host, &n);
  for (size_t i = 0; i < n; ++i) {
    hash = 31 * hash + events[i].bytes[1] + (uint32_t)events[i].song;
  }
  performances->hashes[performances->n++] = hash;
}

static void
test_presets_differ_audibly(void** const state)
{
  Performances performances = {.n = 0};
  visit_presets(*state, play, &performances);
  for (unsigned i = 0; i < performances.n; ++i) {
    for (unsigned j = 0; j < i; ++j) {
      assert_int_not_equal(performances.hashes[i], performances.hashes[j]);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_presets_fit_the_controls),
      CN_BUNDLE_TEST(test_presets_differ_audibly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
