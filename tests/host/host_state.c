// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_state.h"

#include <lv2/state/state.h>

#include <stddef.h>
#include <stdio.h>

#define FILE_NAME "state.ttl"
#define FLAGS (LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE)

static bool
restore(const CnHostState* const self, LilvState* const state)
{
  if (state) {
    lilv_state_restore(state, self->instance, NULL, NULL, 0, NULL);
  }
  lilv_state_free(state);
  return state;
}

char*
cn_host_state_print(const CnHostState* const self)
{
  CnHostFeatures* const features = self->features;
  LilvState* const state = lilv_state_new_from_instance(self->plugin, self->instance, &features->map, NULL,
                                                        NULL, NULL, NULL, NULL, NULL, FLAGS, NULL);
  char* const      text  = state && lilv_state_get_num_properties(state)
                               ? lilv_state_to_string(self->world, &features->map, &features->unmap, state,
                                                      "urn:continuo:test:state", NULL)
                               : NULL;
  lilv_state_free(state);
  return text;
}

bool
cn_host_state_scan(const CnHostState* const self, const char* const text)
{
  return restore(self, lilv_state_new_from_string(self->world, &self->features->map, text));
}

bool
cn_host_state_write(const CnHostState* const self, const char* const folder)
{
  CnHostFeatures* const features = self->features;
  LilvState* const state = lilv_state_new_from_instance(self->plugin, self->instance, &features->map, NULL,
                                                        folder, folder, folder, NULL, NULL, FLAGS, NULL);
  const int        failed =
      state ? lilv_state_save(self->world, &features->map, &features->unmap, state, NULL, folder, FILE_NAME)
                   : 1;
  lilv_state_free(state);
  return !failed;
}

bool
cn_host_state_read(const CnHostState* const self, const char* const folder)
{
  char path[1024];
  snprintf(path, sizeof(path), "%s/" FILE_NAME, folder);
  return restore(self, lilv_state_new_from_file(self->world, &self->features->map, NULL, path));
}
