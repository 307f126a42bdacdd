// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_features.h"

#include "dsp/base/hash.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Find a URI, or add it; strings are compared once, as every block asks for many
static LV2_URID
enter_uri(CnHostFeatures* const self, const char* const uri)
{
  const uint64_t hash = cn_hash_bytes(0, uri, strlen(uri));
  for (uint32_t i = 0; i < self->n_uris; ++i) {
    if (self->hashes[i] == hash && !strcmp(self->uris[i], uri)) {
      return i + 1;
    }
  }
  assert(self->n_uris < CN_HOST_MAX_URIDS);
  char* const copy = strdup(uri);
  assert(copy);
  self->hashes[self->n_uris] = hash;
  self->uris[self->n_uris++] = copy;
  return self->n_uris;
}

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  CnHostFeatures* const self = (CnHostFeatures*)handle;
  pthread_mutex_lock(&self->mutex);
  const LV2_URID urid = enter_uri(self, uri);
  pthread_mutex_unlock(&self->mutex);
  return urid;
}

static const char*
unmap_urid(const LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  CnHostFeatures* const self = (CnHostFeatures*)handle;
  pthread_mutex_lock(&self->mutex);
  const char* const uri = urid > 0 && urid <= self->n_uris ? self->uris[urid - 1] : NULL;
  pthread_mutex_unlock(&self->mutex);
  return uri;
}

LV2_LOG_FUNC(3, 0)
static int
log_vprintf(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, va_list args)
{
  CnHostFeatures* const self = (CnHostFeatures*)handle;
  const char* const     uri  = unmap_urid(handle, type);
  pthread_mutex_lock(&self->mutex);
  const size_t length  = strlen(self->log_text);
  const int    written = vsnprintf(self->log_text + length, sizeof(self->log_text) - length, format, args);
  self->n_complaints += uri && (!strcmp(uri, LV2_LOG__Error) || !strcmp(uri, LV2_LOG__Warning));
  pthread_mutex_unlock(&self->mutex);
  return written;
}

LV2_LOG_FUNC(3, 4)
static int
log_printf(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  const int written = log_vprintf(handle, type, format, args);
  va_end(args);
  return written;
}

static LV2_Options_Option
make_option(CnHostFeatures* const self, const char* const uri, const int32_t* const value)
{
  const LV2_URID key  = cn_host_map(self, uri);
  const LV2_URID type = cn_host_map(self, LV2_ATOM__Int);
  return (LV2_Options_Option){LV2_OPTIONS_INSTANCE, 0, key, sizeof(*value), type, value};
}

void
cn_host_features_init(CnHostFeatures* const self, const uint32_t max_block, const uint32_t sequence_size)
{
  *self = (CnHostFeatures){0};
  pthread_mutex_init(&self->mutex, NULL);
  self->min_block     = 0;
  self->max_block     = (int32_t)max_block;
  self->sequence_size = (int32_t)sequence_size;
  self->map           = (LV2_URID_Map){self, map_uri};
  self->unmap         = (LV2_URID_Unmap){self, unmap_urid};
  self->log           = (LV2_Log_Log){self, log_printf, log_vprintf};
  self->options[0]    = make_option(self, LV2_BUF_SIZE__minBlockLength, &self->min_block);
  self->options[1]    = make_option(self, LV2_BUF_SIZE__maxBlockLength, &self->max_block);
  self->options[2]    = make_option(self, LV2_BUF_SIZE__sequenceSize, &self->sequence_size);

  self->features[0] = (LV2_Feature){LV2_URID__map, &self->map};
  self->features[1] = (LV2_Feature){LV2_URID__unmap, &self->unmap};
  self->features[2] = (LV2_Feature){LV2_LOG__log, &self->log};
  self->features[3] = (LV2_Feature){LV2_OPTIONS__options, self->options};
  self->features[4] = (LV2_Feature){LV2_BUF_SIZE__boundedBlockLength, NULL};
  for (size_t i = 0; i < sizeof(self->features) / sizeof(self->features[0]); ++i) {
    self->list[i] = &self->features[i];
  }
}

void
cn_host_features_add(CnHostFeatures* const self, const LV2_Feature* const feature)
{
  size_t n = 0;
  while (self->list[n]) {
    ++n;
  }
  assert(n + 1 < sizeof(self->list) / sizeof(self->list[0]));
  self->list[n] = feature;
}

void
cn_host_features_clear(CnHostFeatures* const self)
{
  pthread_mutex_destroy(&self->mutex);
  for (uint32_t i = 0; i < self->n_uris; ++i) {
    free(self->uris[i]);
  }
  self->n_uris = 0;
}

LV2_URID
cn_host_map(CnHostFeatures* const self, const char* const uri)
{
  return self->map.map(self->map.handle, uri);
}
