// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/phrase/phrase_slot.h"

#include "plugin/file/regular_file.h"

#include "dsp/base/fault.h"
#include "dsp/file/smf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// Tell all who ask what is gone on from
static void
publish(CnPhraseSlot* const self, const char* const path)
{
  const size_t        size = strlen(path) + 1U;
  CnPhraseName* const name = (CnPhraseName*)malloc(sizeof(CnPhraseName) + size);
  if (!name) {
    lv2_log_error(self->logger, "continuo: %s\n", cn_strerror(CN_STATUS_NO_MEMORY));
    return;
  }
  name->previous = atomic_load_explicit(&self->name, memory_order_relaxed);
  memcpy(name->path, path, size);
  atomic_store_explicit(&self->name, name, memory_order_release);
}

/// Let the engine go on from another phrase, and free the one before.  `data` is the slot's from now on
static void
swap(CnPhraseSlot* const self, const CnGivenPhrase* const phrase, uint8_t* const data, const size_t size,
     const int32_t line)
{
  CnGivenPhrase* const old  = self->phrase; // The engine reads it until it is told otherwise
  CnGivenPhrase* const next = old == self->phrases ? self->phrases + 1 : self->phrases;
  *next                     = *phrase;
  cn_engine_set_phrase(self->engine, next->notes ? next : NULL, line);
  self->phrase = next;
  cn_given_phrase_clear(old);
  free(self->data);
  self->data = data;
  self->size = size;
}

/// Mention what was wrong with a file that was read nevertheless
static void
warn(const CnPhraseSlot* const self, const char* const path, const CnScore* const score)
{
  for (unsigned f = 0; f < CN_N_FILE_FAULTS; ++f) {
    const uint32_t n = score->info.faults[f];
    if (n) {
      lv2_log_warning(self->logger, "continuo: %s: %s%s; read on\n", path, cn_smf_fault_words((CnFileFault)f),
                      n > 1 ? ", more than once" : "");
    }
  }
}

/// Take the phrase out of a file's bytes
static CnStatus
read_phrase(const CnPhraseSlot* const self, const char* const path, const uint8_t* const data,
            const size_t size, CnGivenPhrase* const phrase, const CnFault fault)
{
  CnScore* score  = NULL;
  CnStatus status = cn_smf_read(data, size, &score, fault);
  if (status) {
    return fault.text && *fault.text ? status : CN_FAIL(fault, status, "%s", cn_strerror(status));
  }
  warn(self, path, score);
  status = cn_given_phrase_init(phrase, score);
  cn_score_free(score);
  return CN_FAIL(fault, status, "%s",
                 status == CN_STATUS_NOT_FOUND ? "no note of a piano to go on from"
                 : status                      ? cn_strerror(status)
                                               : "");
}

/// Go on from a file's bytes, which are the slot's from now on, or freed; false and a line in the log if that
/// cannot be
static bool
adopt(CnPhraseSlot* const self, const char* const path, uint8_t* const data, const size_t size,
      const int32_t line)
{
  CnGivenPhrase phrase     = {0};
  char          fault[256] = "";
  if (read_phrase(self, path, data, size, &phrase, CN_FAULT(fault))) {
    lv2_log_error(self->logger, "continuo: %s: %s\n", path, fault);
    free(data);
    return false;
  }
  swap(self, &phrase, data, size, line);
  publish(self, path);
  lv2_log_note(self->logger, "continuo: goes on from %s (%u notes)\n", path, self->phrase->n_notes);
  return true;
}

/// Go on from a file, or with an empty path from none.  The slot must be locked
static void
change(CnPhraseSlot* const self, const char* const path, const int32_t line)
{
  struct stat info;
  uint8_t*    data       = NULL;
  char        fault[256] = "";
  if (!*path && !self->phrase->notes) {
    return;
  }
  if (!*path) {
    swap(self, &(CnGivenPhrase){0}, NULL, 0, CN_GIVEN_OPEN);
    publish(self, path);
    return;
  }
  const CnStatus status = cn_regular_file_read(path, CN_PHRASE_FILE_MAX_SIZE, &data, &info, CN_FAULT(fault));
  if (status) {
    lv2_log_error(self->logger, "continuo: %s: %s\n", path, fault);
  }
  if (status || !adopt(self, path, data, (size_t)info.st_size, line)) {
    const CnPhraseName* const name = atomic_load_explicit(&self->name, memory_order_relaxed);
    publish(self, name ? name->path : ""); // Anew, so that whoever asked is told what stands
  }
}

void
cn_phrase_slot_init(CnPhraseSlot* const self, CnEngine* const engine, LV2_Log_Logger* const logger)
{
  self->engine = engine;
  self->logger = logger;
  self->phrase = self->phrases;
  pthread_mutex_init(&self->mutex, NULL);
}

void
cn_phrase_slot_clear(CnPhraseSlot* const self)
{
  CnPhraseName* name = atomic_load_explicit(&self->name, memory_order_relaxed);
  while (name) {
    CnPhraseName* const previous = name->previous;
    free(name);
    name = previous;
  }
  cn_given_phrase_clear(self->phrase);
  free(self->data);
  pthread_mutex_destroy(&self->mutex);
}

CN_AUDIO const char*
cn_phrase_slot_path(const CnPhraseSlot* const self)
{
  const CnPhraseName* const name = atomic_load_explicit(&self->name, memory_order_acquire);
  return name ? name->path : NULL;
}

CnStatus
cn_phrase_slot_copy(CnPhraseSlot* const self, uint8_t** const data, size_t* const size)
{
  CnStatus status = CN_STATUS_SUCCESS;
  *data           = NULL;
  pthread_mutex_lock(&self->mutex);
  *size = self->data ? self->size : 0;
  if (self->data) {
    *data  = (uint8_t*)malloc(self->size);
    status = *data ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  }
  if (*data) {
    memcpy(*data, self->data, self->size);
  }
  pthread_mutex_unlock(&self->mutex);
  return status;
}

void
cn_phrase_slot_work(CnPhraseSlot* const self)
{
  char path[CN_PATH_SIZE];
  pthread_mutex_lock(&self->mutex);
  if (cn_letter_read(&self->letter, path)) {
    change(self, path, CN_GIVEN_OPEN);
  }
  pthread_mutex_unlock(&self->mutex);
}

void
cn_phrase_slot_restore(CnPhraseSlot* const self, const char* const path, const uint8_t* const data,
                       const size_t size, const int32_t line)
{
  pthread_mutex_lock(&self->mutex);
  uint8_t* const copy = *path && size > 0 ? (uint8_t*)malloc(size) : NULL;
  if (copy) {
    memcpy(copy, data, size);
  }
  if (!copy || !adopt(self, path, copy, size, line)) {
    change(self, path, line);
  }
  pthread_mutex_unlock(&self->mutex);
}
