// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/model/model_cache.h"

#include "plugin/file/regular_file.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Entry {
  struct Entry* next;
  struct stat   info; ///< Of the file as it was read
  CnAnyModel    model;
  unsigned      n_users;
  char          card[CN_MODEL_CARD_SIZE];
} Entry;

/// All models in use; held while a file is read, so that nobody reads it at the same time
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static Entry*          entries;

static bool
is_same_file(const struct stat* const a, const struct stat* const b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static Entry*
find_file(const char* const path)
{
  struct stat info;
  if (stat(path, &info)) {
    return NULL;
  }
  for (Entry* entry = entries; entry; entry = entry->next) {
    if (is_same_file(&entry->info, &info)) {
      return entry;
    }
  }
  return NULL;
}

/// Add what a file says of itself, if it does
static void
add_to_card(char* const card, const char* const before, const char* const text)
{
  const size_t length = strlen(card);
  if (text) {
    snprintf(card + length, CN_MODEL_CARD_SIZE - length, "%s%s", before, text);
  }
}

static void
write_card(Entry* const entry, const CnTensors* const tensors)
{
  cn_any_model_describe(&entry->model, entry->card, sizeof(entry->card));
  add_to_card(entry->card, ", learnt from ", cn_tensors_metadata(tensors, "trained_on"));
  add_to_card(entry->card, "; ", cn_tensors_metadata(tensors, "licence"));
  add_to_card(entry->card, ". ", cn_tensors_metadata(tensors, "credit"));
}

/// Read the model and what is said of it, so that a compressed file is decompressed once
static CnStatus
read_model(Entry* const entry, const uint8_t* const data, const CnFault fault)
{
  CnTensors* tensors = NULL;
  CN_TRY(cn_tensors_open(data, (size_t)entry->info.st_size, &tensors, fault));
  const CnStatus status = cn_any_model_read(tensors, &entry->model, fault);
  if (!status) {
    write_card(entry, tensors);
  }
  cn_tensors_free(tensors);
  return status;
}

static CnStatus
load(const char* const path, Entry* const entry, const CnFault fault)
{
  uint8_t* data = NULL;
  CN_TRY(cn_regular_file_read(path, CN_MODEL_FILE_MAX_SIZE, &data, &entry->info, fault));
  const CnStatus status = read_model(entry, data, fault);
  free(data);
  return status;
}

/// Load a file into a new entry; null if it cannot be
static CnStatus
add(const char* const path, Entry** const added, const CnFault fault)
{
  Entry* const entry = (Entry*)calloc(1, sizeof(Entry));
  if (!entry) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s", cn_strerror(CN_STATUS_NO_MEMORY));
  }
  const CnStatus status = load(path, entry, fault);
  if (status) {
    free(entry);
    return status;
  }
  entry->next = entries;
  entries     = entry;
  *added      = entry;
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_model_cache_get(const char* const path, CnAnyModel* const model, const CnFault fault)
{
  CnStatus status = CN_STATUS_SUCCESS;
  *model          = (CnAnyModel){NULL, NULL};
  pthread_mutex_lock(&mutex);
  Entry* entry = find_file(path);
  if (!entry) {
    status = add(path, &entry, fault);
  }
  if (entry) {
    ++entry->n_users;
    *model = entry->model;
  }
  pthread_mutex_unlock(&mutex);
  return status;
}

void
cn_model_cache_describe(const CnAnyModel* const model, char* const text, const size_t size)
{
  text[0] = '\0';
  pthread_mutex_lock(&mutex);
  for (const Entry* entry = entries; entry; entry = entry->next) {
    if (entry->model.handle == model->handle) {
      snprintf(text, size, "%s", entry->card);
    }
  }
  pthread_mutex_unlock(&mutex);
}

void
cn_model_cache_put(const CnAnyModel* const model)
{
  pthread_mutex_lock(&mutex);
  for (Entry** place = &entries; *place; place = &(*place)->next) {
    Entry* const entry = *place;
    if (entry->model.handle == model->handle) {
      if (--entry->n_users == 0) {
        *place = entry->next;
        cn_any_model_free(&entry->model);
        free(entry);
      }
      break;
    }
  }
  pthread_mutex_unlock(&mutex);
}
