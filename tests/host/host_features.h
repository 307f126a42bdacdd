// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_features.h
   The LV2 features that the test host offers: URIDs, a log that is kept, options.
*/

#ifndef CN_HOST_FEATURES_H
#define CN_HOST_FEATURES_H

#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/urid/urid.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define CN_HOST_MAX_URIDS 256
#define CN_HOST_LOG_SIZE 8192

typedef struct {
  pthread_mutex_t  mutex;                     ///< Of all that any thread may do: map, and log
  char*            uris[CN_HOST_MAX_URIDS];   ///< By URID - 1
  uint64_t         hashes[CN_HOST_MAX_URIDS]; ///< Of each
  uint32_t         n_uris;
  char             log_text[CN_HOST_LOG_SIZE];
  _Atomic unsigned n_complaints; ///< Errors and warnings of the log, of any thread

  int32_t min_block;
  int32_t max_block;
  int32_t sequence_size;

  LV2_URID_Map       map;
  LV2_URID_Unmap     unmap;
  LV2_Log_Log        log;
  LV2_Options_Option options[4];
  LV2_Feature        features[5];
  const LV2_Feature* list[8]; ///< For instantiate(), with room for two more, null at the end
} CnHostFeatures;

/// Set all up in place; `features` must not move afterwards
void
cn_host_features_init(CnHostFeatures* features, uint32_t max_block, uint32_t sequence_size);

/// Add one more feature, which is borrowed
void
cn_host_features_add(CnHostFeatures* features, const LV2_Feature* feature);

/// Free what was mapped
void
cn_host_features_clear(CnHostFeatures* features);

/// Map a URI
LV2_URID
cn_host_map(CnHostFeatures* features, const char* uri);

#endif // CN_HOST_FEATURES_H
