// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/model/model_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static CnStatus
read_rest(FILE* const file, const size_t size, uint8_t** const data)
{
  *data = (uint8_t*)malloc(size + 1U); // an empty file is the parser's business
  if (!*data) {
    return CN_STATUS_NO_MEMORY;
  }
  if (fread(*data, 1, size, file) == size) {
    return CN_STATUS_SUCCESS;
  }
  free(*data);
  *data = NULL;
  return CN_STATUS_IO;
}

/// Read an open file into a new buffer
static CnStatus
read_stream(FILE* const file, uint8_t** const data, struct stat* const info)
{
  if (fstat(fileno(file), info)) {
    return CN_STATUS_IO;
  }
  if (!S_ISREG(info->st_mode)) {
    return CN_STATUS_UNSUPPORTED;
  }
  return info->st_size > CN_MODEL_FILE_MAX_SIZE ? CN_STATUS_TOO_LARGE
                                                : read_rest(file, (size_t)info->st_size, data);
}

/**
   Open a file on a disk.

   Nothing here may wait, as a pipe would for its writer: a host that closes waits for us.  A device is not
   even opened, as that can set it going; what becomes one meanwhile is found out by read_stream().
*/
static CnStatus
open_file(const char* const path, FILE** const file)
{
  struct stat info;
  if (stat(path, &info)) {
    return CN_STATUS_IO;
  }
  if (!S_ISREG(info.st_mode)) {
    return CN_STATUS_UNSUPPORTED;
  }
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) {
    return CN_STATUS_IO;
  }
  *file = fdopen(fd, "rb");
  if (*file) {
    return CN_STATUS_SUCCESS;
  }
  close(fd);
  return CN_STATUS_NO_MEMORY;
}

static CnStatus
read_file(const char* const path, uint8_t** const data, struct stat* const info)
{
  FILE* file = NULL;
  CN_TRY(open_file(path, &file));
  errno                 = 0;
  const CnStatus status = read_stream(file, data, info);
  const int      error  = errno ? errno : EIO;
  fclose(file);
  errno = error;
  return status;
}

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

/// Why a file was not read, after errno
static const char*
describe(const CnStatus status)
{
  return status == CN_STATUS_IO            ? strerror(errno)
         : status == CN_STATUS_UNSUPPORTED ? "not a regular file"
                                           : cn_strerror(status);
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
write_card(Entry* const entry, const uint8_t* const data)
{
  CnTensors* tensors    = NULL;
  char       fault[128] = "";
  cn_any_model_describe(&entry->model, entry->card, sizeof(entry->card));
  if (!cn_tensors_open(data, (size_t)entry->info.st_size, &tensors, CN_FAULT(fault))) {
    add_to_card(entry->card, ", learnt from ", cn_tensors_metadata(tensors, "trained_on"));
    add_to_card(entry->card, "; ", cn_tensors_metadata(tensors, "licence"));
    add_to_card(entry->card, ". ", cn_tensors_metadata(tensors, "credit"));
    cn_tensors_free(tensors);
  }
}

static CnStatus
load(const char* const path, Entry* const entry, const CnFault fault)
{
  uint8_t*       data   = NULL;
  const CnStatus status = read_file(path, &data, &entry->info);
  if (status) {
    return CN_FAIL(fault, status, "%s", describe(status));
  }
  const CnStatus loaded = cn_any_model_load(data, (size_t)entry->info.st_size, &entry->model, fault);
  if (!loaded) {
    write_card(entry, data);
  }
  free(data);
  return loaded;
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
