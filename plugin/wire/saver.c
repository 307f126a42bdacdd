// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/wire/saver.h"

#include "plugin/file/new_file.h"

#include "dsp/base/fault.h"
#include "dsp/file/smf.h"
#include "dsp/music/score.h"

#include <stdlib.h>
#include <string.h>

#define ENDING ".mid" ///< Of all names; nothing else is written

/// Stages of a file
enum { IDLE, ASKED, WRITING, ANSWERED };

void
cn_saver_init(CnSaver* const self, const CnUris* const uris, CnEngine* const engine, CnWorker* const worker,
              LV2_Log_Logger* const logger)
{
  self->uris   = uris;
  self->engine = engine;
  self->worker = worker;
  self->logger = logger;
  strcpy(self->refusal.why, "another file is being written");
}

CN_AUDIO void
cn_saver_hear(CnSaver* const self, const LV2_Atom* const atom)
{
  CnWireSave wish;
  const int  stage = atomic_load_explicit(&self->stage, memory_order_acquire);
  if (atom->type != self->uris->continuo_save || atom->size <= sizeof(wish)) {
    return;
  }
  memcpy(&wish, LV2_ATOM_BODY_CONST(atom), sizeof(wish));
  const char* const path = (const char*)LV2_ATOM_BODY_CONST(atom) + sizeof(wish);
  if (wish.version != CN_WIRE_VERSION || wish.path != atom->size - sizeof(wish) ||
      wish.path > sizeof(self->path) || path[wish.path - 1U]) {
    return;
  }
  if (stage == ASKED || stage == WRITING) {
    self->is_refused = true;
    self->refusal.id = wish.id;
    return;
  }
  self->wish = wish;
  memcpy(self->path, path, wish.path);
  self->must_schedule = true;
  atomic_store_explicit(&self->stage, ASKED, memory_order_release);
}

CN_AUDIO void
cn_saver_end(CnSaver* const self)
{
  if (self->must_schedule && cn_worker_schedule(self->worker)) {
    self->must_schedule = false;
  }
}

CN_AUDIO const CnSaverAnswer*
cn_saver_answer(const CnSaver* const self)
{
  if (self->is_refused) {
    return &self->refusal;
  }
  return atomic_load_explicit(&self->stage, memory_order_acquire) == ANSWERED ? &self->answer : NULL;
}

CN_AUDIO void
cn_saver_forget(CnSaver* const self)
{
  if (self->is_refused) { // That was told
    self->is_refused = false;
  } else {
    atomic_store_explicit(&self->stage, IDLE, memory_order_release);
  }
}

// The worker's

static bool
is_midi(const char* const path)
{
  const size_t length = strlen(path);
  return length > strlen(ENDING) && !strcmp(path + length - strlen(ENDING), ENDING);
}

/// The bytes of the file, to be freed with free()
static CnStatus
make_bytes(const CnSaver* const self, uint8_t** const data, size_t* const size)
{
  const CnWireSave* const wish  = &self->wish;
  CnScore*                score = NULL;
  CN_TRY(wish->to > wish->from ? cn_engine_score_part(self->engine, wish->from, wish->to, &score)
                               : cn_engine_score(self->engine, &score));
  const CnStatus status = cn_smf_write(score, data, size);
  cn_score_free(score);
  return status;
}

static CnStatus
save(const CnSaver* const self, const CnFault fault)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  if (!is_midi(self->path)) {
    return CN_FAIL(fault, CN_STATUS_BAD_ARG, "its name does not end with %s", ENDING);
  }
  CnStatus status = make_bytes(self, &data, &size);
  if (status == CN_STATUS_NOT_FOUND) {
    return CN_FAIL(fault, status, "nothing was played there");
  }
  if (status) {
    return CN_FAIL(fault, status, "%s", cn_strerror(status));
  }
  status = cn_new_file_write(self->path, data, size, fault);
  free(data);
  return status;
}

void
cn_saver_work(CnSaver* const self)
{
  CnSaverAnswer* const answer = &self->answer;
  int                  stage  = ASKED;
  if (!atomic_compare_exchange_strong_explicit(&self->stage, &stage, WRITING, memory_order_acquire,
                                               memory_order_relaxed)) {
    return;
  }
  answer->id         = self->wish.id;
  answer->is_written = save(self, CN_FAULT(answer->why)) == CN_STATUS_SUCCESS;
  if (answer->is_written) {
    answer->why[0] = '\0';
    lv2_log_note(self->logger, "continuo: wrote %s\n", self->path);
  } else {
    lv2_log_warning(self->logger, "continuo: %s: %s\n", self->path, answer->why);
  }
  atomic_store_explicit(&self->stage, ANSWERED, memory_order_release);
}
