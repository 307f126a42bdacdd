// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/bundle.h"
#include "tests/host/host.h"
#include "tests/support/tiny_model.h"

#include "dsp/base/status.h"
#include "dsp/play/notices.h"
#include "tools/base/file.h"

#include <lilv/lilv.h>
#include <lv2/port-props/port-props.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// --- The description

typedef struct {
  const char* symbol;
  const char* name;
  float       initial;
  float       minimum;
  float       maximum;
  const char* property;
  bool        is_input;
} Port;

static const Port documented[] = {
    {"enabled", "Enabled", 1.0F, 0.0F, 1.0F, LV2_CORE__toggled, true},
    {"freewheeling", "Freewheeling", 0.0F, 0.0F, 1.0F, LV2_CORE__toggled, true},
    {"play", "Play", 1.0F, 0.0F, 1.0F, LV2_CORE__toggled, true},
    {"temperature", "Temperature", 0.95F, 0.5F, 1.5F, NULL, true},
    {"focus", "Focus", 97.0F, 50.0F, 100.0F, NULL, true},
    {"motif", "Motif", 100.0F, 0.0F, 100.0F, NULL, true},
    {"take", "Take", 1.0F, 1.0F, 999.0F, LV2_CORE__integer, true},
    {"thru", "Thru", 1.0F, 0.0F, 1.0F, LV2_CORE__toggled, true},
    {"playing", "Playing", 0.0F, 0.0F, 1.0F, LV2_CORE__enumeration, false},
    {"late_notes", "Late notes", 0.0F, 0.0F, 9999.0F, LV2_CORE__integer, false},
    {"role", "Role", 0.0F, 0.0F, 3.0F, LV2_CORE__enumeration, true},
    {"answer_bars", "Answer length", 2.0F, 1.0F, 16.0F, LV2_CORE__integer, true},
    {"hold", "Hold", 0.0F, 0.0F, 1.0F, LV2_CORE__toggled, true},
    {"new_take", "New take", 0.0F, 0.0F, 1.0F, LV2_PORT_PROPS__trigger, true},
    {"tempo", "Own tempo", 120.0F, 20.0F, 300.0F, NULL, true},
    {"model_status", "Model status", 0.0F, 0.0F, 2.0F, LV2_CORE__enumeration, false},
    {"timing", "Timing", 0.0F, 0.0F, 1.0F, LV2_CORE__enumeration, true},
    {"network", "Network", 0.0F, 0.0F, 1.0F, LV2_CORE__enumeration, true},
    {"channel", "Channel", 0.0F, 0.0F, 16.0F, LV2_CORE__integer, true},
    {"entry", "Entry", 0.0F, 0.0F, 2.0F, LV2_CORE__enumeration, true},
    {"scale", "Scale", 0.0F, 0.0F, 18.0F, LV2_CORE__enumeration, true},
    {"root", "Root", 0.0F, 0.0F, 11.0F, LV2_CORE__enumeration, true},
    {"key", "Key", 0.0F, 0.0F, 24.0F, LV2_CORE__enumeration, false},
    {"lowest", "Lowest key", 21.0F, 21.0F, 108.0F, LV2_CORE__integer, true},
    {"highest", "Highest key", 108.0F, 21.0F, 108.0F, LV2_CORE__integer, true},
    {"polyphony", "Polyphony", 0.0F, 0.0F, 16.0F, LV2_CORE__integer, true},
    {"notice", "Notice", 0.0F, 0.0F, 7.0F, LV2_CORE__enumeration, false},
    {"loudness", "Loudness", 0.0F, 0.0F, 200.0F, LV2_CORE__integer, true},
    {"swing", "Swing", 50.0F, 50.0F, 75.0F, LV2_CORE__integer, true},
    {"humanise_time", "Humanise time", 0.0F, 0.0F, 50.0F, LV2_CORE__integer, true},
    {"humanise_velocity", "Humanise velocity", 0.0F, 0.0F, 32.0F, LV2_CORE__integer, true},
    {"chord_keys", "Chord from keys", 0.0F, 0.0F, 2.0F, LV2_CORE__enumeration, true},
    {"chord_split", "Chord split", 55.0F, 21.0F, 108.0F, LV2_CORE__integer, true},
    {"chord_channel", "Chord channel", 2.0F, 1.0F, 16.0F, LV2_CORE__integer, true},
    {"chord_strength", "Chord strength", 0.0F, 0.0F, 100.0F, LV2_CORE__integer, true},
    {"support", "Accompany as", 0.0F, 0.0F, 2.0F, LV2_CORE__enumeration, true},
    {"foot_turn", "Turn controller", 0.0F, 0.0F, 127.0F, LV2_CORE__integer, true},
    {"foot_new_take", "New take controller", 0.0F, 0.0F, 127.0F, LV2_CORE__integer, true},
    {"foot_hold", "Hold controller", 0.0F, 0.0F, 127.0F, LV2_CORE__integer, true},
    {"foot_panic", "Panic controller", 0.0F, 0.0F, 127.0F, LV2_CORE__integer, true},
    {"density", "Density", 0.0F, 0.0F, 8.0F, NULL, true},
    {"length", "Note length", 0.0F, 0.0F, 4.0F, NULL, true},
    {"motion", "Motion", 0.0F, 0.0F, 8.0F, NULL, true},
    {"drift", "Drift", 0.0F, 0.0F, 64.0F, LV2_CORE__integer, true},
};

static bool
is_a(LilvWorld* const world, const LilvPlugin* const plugin, const LilvPort* const port,
     const char* const uri)
{
  LilvNode* const node = lilv_new_uri(world, uri);
  const bool      is   = lilv_port_is_a(plugin, port, node);
  lilv_node_free(node);
  return is;
}

static bool
has_property(LilvWorld* const world, const LilvPlugin* const plugin, const LilvPort* const port,
             const char* const uri)
{
  LilvNode* const node = lilv_new_uri(world, uri);
  const bool      has  = lilv_port_has_property(plugin, port, node);
  lilv_node_free(node);
  return has;
}

static void
check_range(const LilvPlugin* const plugin, const LilvPort* const port, const Port* const expected)
{
  LilvNode* initial = NULL;
  LilvNode* minimum = NULL;
  LilvNode* maximum = NULL;
  lilv_port_get_range(plugin, port, &initial, &minimum, &maximum);
  assert_true(lilv_node_as_float(initial) == expected->initial);
  assert_true(lilv_node_as_float(minimum) == expected->minimum);
  assert_true(lilv_node_as_float(maximum) == expected->maximum);
  lilv_node_free(initial);
  lilv_node_free(minimum);
  lilv_node_free(maximum);
}

static void
test_ports_are_as_documented(void** const state)
{
  LilvWorld*              world  = NULL;
  const LilvPlugin* const plugin = cn_host_plugin(cn_bundle_start(*state, &cn_bundle_plain), &world);
  const size_t            n      = sizeof(documented) / sizeof(documented[0]);
  assert_string_equal(lilv_node_as_uri(lilv_plugin_get_uri(plugin)), "urn:continuo:continuo");
  assert_int_equal(lilv_plugin_get_num_ports(plugin), n + 2);
  for (uint32_t i = 0; i < n; ++i) {
    const Port* const     expected = &documented[i];
    const LilvPort* const port     = lilv_plugin_get_port_by_index(plugin, i + 2);
    LilvNode* const       name     = lilv_port_get_name(plugin, port);
    assert_string_equal(lilv_node_as_string(lilv_port_get_symbol(plugin, port)), expected->symbol);
    assert_string_equal(lilv_node_as_string(name), expected->name);
    assert_true(is_a(world, plugin, port, LV2_CORE__ControlPort));
    assert_true(is_a(world, plugin, port, expected->is_input ? LV2_CORE__InputPort : LV2_CORE__OutputPort));
    assert_true(!expected->property || has_property(world, plugin, port, expected->property));
    check_range(plugin, port, expected);
    lilv_node_free(name);
  }
}

/// Hosts show what a scale point says: there must be one for each value of an enumeration
static void
test_enumerations_name_all_values(void** const state)
{
  LilvWorld*              world  = NULL;
  const LilvPlugin* const plugin = cn_host_plugin(cn_bundle_start(*state, &cn_bundle_plain), &world);
  for (uint32_t i = 2; i < lilv_plugin_get_num_ports(plugin); ++i) {
    const LilvPort* const port  = lilv_plugin_get_port_by_index(plugin, i);
    unsigned              named = 0;
    if (!has_property(world, plugin, port, LV2_CORE__enumeration)) {
      continue;
    }
    LilvScalePoints* const points = lilv_port_get_scale_points(plugin, port);
    LILV_FOREACH(scale_points, j, points)
    {
      const int value = lilv_node_as_int(lilv_scale_point_get_value(lilv_scale_points_get(points, j)));
      named |= 1U << value;
    }
    assert_int_equal(named, (2U << (unsigned)documented[i - 2].maximum) - 1U);
    lilv_scale_points_free(points);
  }
}

// --- Weights

/// Without weights, or with bad ones: the log says why, and the musician's notes pass
static void
check_passes_with_complaint(CnBundle* const fixture, const char* const reason)
{
  CnHost* const host = cn_bundle_start(fixture, &cn_bundle_plain);
  assert_true(cn_host_complaints(host) > 0);
  assert_non_null(strstr(cn_host_log(host), "models/default.safetensors.zst"));
  assert_non_null(strstr(cn_host_log(host), reason));
  cn_bundle_perform(host, 16);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
  assert_true(cn_bundle_count(host, 0) > 70);
  assert_int_equal(cn_bundle_count(host, CN_BUNDLE_QUARTER * CN_BUNDLE_PHRASE), 0);
}

static void
test_missing_weights_are_reported(void** const state)
{
  CnBundle* const self = *state;
  remove(self->weights);
  check_passes_with_complaint(self, "No such file");
}

static void
test_bad_weights_are_reported(void** const state)
{
  static const char garbage[] = "{\"garbage\": true}";
  CnBundle* const   self      = *state;
  uint8_t*          data      = NULL;
  size_t            size      = 0;
  assert_int_equal(cn_file_read(self->weights, 1000000, &data, &size), CN_STATUS_SUCCESS);
  assert_int_equal(cn_file_write(self->weights, data, size - 1), CN_STATUS_SUCCESS);
  free(data);
  check_passes_with_complaint(self, "ends");
  assert_int_equal(cn_file_write(self->weights, garbage, sizeof(garbage)), CN_STATUS_SUCCESS);
  check_passes_with_complaint(self, "header");
  assert_int_equal(cn_file_write(self->weights, NULL, 0), CN_STATUS_SUCCESS);
  check_passes_with_complaint(self, "header");
}

// --- Careless hosts

static void
test_unconnected_ports_are_safe(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_disconnect(host, "in");
  cn_host_run(host, 1000);
  for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); ++i) {
    cn_host_disconnect(host, documented[i].symbol);
  }
  cn_bundle_perform(host, 4);
  cn_host_disconnect(host, "out");
  cn_host_run(host, 1000);
  cn_bundle_stop(host);
}

/// A control that is not connected is as it is documented to be at first
static void
test_unconnected_controls_are_at_their_defaults(void** const state)
{
  CnHost* host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 24);
  const uint32_t hash = cn_bundle_hash(host);
  host                = cn_bundle_start(*state, &cn_bundle_plain);
  for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); ++i) {
    if (documented[i].is_input) {
      cn_host_disconnect(host, documented[i].symbol);
    }
  }
  cn_bundle_perform(host, 24);
  assert_int_equal(cn_bundle_hash(host), hash);
}

static void
test_no_transport_is_mentioned(void** const state)
{
  const CnHostConfig config = {.block = 256, .telling = CN_HOST_TELLS_NOTHING};
  CnHost* const      host   = cn_bundle_start(*state, &config);
  for (unsigned i = 0; i < 2; ++i) { // Once is enough
    cn_bundle_perform(host, 4);
    cn_host_sync_worker(host);
    assert_true(cn_host_get(host, "notice") == (float)CN_NOTICE_NO_TRANSPORT);
    assert_int_equal(cn_host_complaints(host), 1);
    assert_non_null(strstr(cn_host_log(host), "no transport"));
  }
  cn_host_restart(host);
  assert_int_equal(cn_host_complaints(host), 1);
}

static void
test_audio_track_is_mentioned(void** const state)
{
  const CnHostConfig config = {.block = 4096, .telling = CN_HOST_TELLS_NOTHING};
  CnHost* const      host   = cn_bundle_start(*state, &config);
  cn_host_run(host, (uint64_t)((CN_NOTICE_SECONDS - 1.0) * CN_BUNDLE_RATE));
  assert_int_equal(cn_host_complaints(host), 0);
  cn_host_run(host, (uint64_t)(2.0 * CN_BUNDLE_RATE));
  cn_host_sync_worker(host);
  assert_true(cn_host_get(host, "notice") == (float)CN_NOTICE_NO_INPUT);
  assert_int_equal(cn_host_complaints(host), 1);
  assert_non_null(strstr(cn_host_log(host), "MIDI track"));
}

static void
test_empty_blocks_are_harmless(void** const state)
{
  CnHost* const host = cn_bundle_start(*state, &cn_bundle_plain);
  cn_host_run_empty(host);
  cn_bundle_perform(host, 8);
  for (unsigned i = 0; i < 64; ++i) {
    cn_host_run_empty(host);
    cn_host_run(host, 100);
  }
  cn_host_roll(host, false);
  cn_host_run_empty(host);
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

/// Each event is heard at the next frame that is possible
static void
test_unordered_input_comes_out_in_order(void** const state)
{
  const CnHostConfig config = {.block = 4096, .careless = true};
  CnHost* const      host   = cn_bundle_start(*state, &config);
  cn_bundle_perform(host, 4);
  cn_bundle_stop(host);
  assert_int_equal(cn_host_faults(host).outside, 0);
  assert_int_equal(cn_host_faults(host).backwards, 0);
  assert_true(cn_bundle_count(host, 0) > 70);
}

static void
test_nonsense_controls_are_safe(void** const state)
{
  static const float values[] = {NAN, INFINITY, -INFINITY, 1e30F, -1.0F, 0.0F};
  CnHost* const      host     = cn_bundle_start(*state, &cn_bundle_plain);
  cn_bundle_perform(host, 4);
  for (size_t i = 0; i < sizeof(documented) / sizeof(documented[0]); ++i) {
    for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); ++j) {
      cn_host_set(host, documented[i].symbol, values[j]);
      cn_host_run(host, 1500);
    }
    cn_host_set(host, documented[i].symbol, documented[i].initial);
  }
  cn_bundle_stop(host);
  cn_bundle_assert_silent(host);
}

/// A session that was saved with these weights and comes back with others says so
static void
test_state_names_the_weights(void** const state)
{
  CnBundle* const self = *state;
  char* const     text = cn_host_save(cn_bundle_start(self, &cn_bundle_plain));
  assert_non_null(text);
  assert_true(cn_host_restore(self->host, text));
  assert_int_equal(cn_host_complaints(self->host), 0);

  assert_int_equal(cn_tiny_model(self->weights, 2), CN_STATUS_SUCCESS);
  assert_true(cn_host_restore(cn_bundle_start(self, &cn_bundle_plain), text));
  assert_int_equal(cn_host_complaints(self->host), 0); // Its notes stand
  assert_non_null(strstr(cn_host_log(self->host), "other weights"));
  free(text);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      CN_BUNDLE_TEST(test_ports_are_as_documented),
      CN_BUNDLE_TEST(test_enumerations_name_all_values),
      CN_BUNDLE_TEST(test_missing_weights_are_reported),
      CN_BUNDLE_TEST(test_bad_weights_are_reported),
      CN_BUNDLE_TEST(test_unconnected_ports_are_safe),
      CN_BUNDLE_TEST(test_unconnected_controls_are_at_their_defaults),
      CN_BUNDLE_TEST(test_no_transport_is_mentioned),
      CN_BUNDLE_TEST(test_audio_track_is_mentioned),
      CN_BUNDLE_TEST(test_empty_blocks_are_harmless),
      CN_BUNDLE_TEST(test_unordered_input_comes_out_in_order),
      CN_BUNDLE_TEST(test_nonsense_controls_are_safe),
      CN_BUNDLE_TEST(test_state_names_the_weights),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
