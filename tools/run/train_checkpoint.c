// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_checkpoint.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/learn/ranks.h"
#include "tools/run/train_table.h"

#include "dsp/base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char*
describe_corpus(const CnCorpus* const corpus)
{
  char     text[128];
  uint64_t hash = 0;
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    const CnPiece* const piece  = &corpus->pieces[i];
    const uint8_t        use[2] = {(uint8_t)piece->split, piece->is_notated};
    hash                        = cn_hash_bytes(hash, use, sizeof(use));
    hash                        = cn_hash_bytes(hash, piece->notes, piece->n_notes * sizeof(CnNote));
  }
  snprintf(text, sizeof(text), "%zu pieces, %zu notes to learn from, hash %016llx", corpus->n_pieces,
           corpus->n_notes_in[CN_SPLIT_TRAIN], (unsigned long long)hash);
  return strdup(text);
}

CnStatus
cn_train_checkpoint_init(CnTrainCheckpoint* const checkpoint, const char* const output,
                         const char* const recipe, const CnCorpus* const corpus)
{
  *checkpoint = (CnTrainCheckpoint){.path   = cn_train_table_path(output, ".checkpoint"),
                                    .recipe = recipe ? strdup(recipe) : NULL,
                                    .corpus = describe_corpus(corpus)};
  return checkpoint->path && checkpoint->recipe && checkpoint->corpus ? CN_STATUS_SUCCESS
                                                                      : CN_STATUS_NO_MEMORY;
}

void
cn_train_checkpoint_clear(CnTrainCheckpoint* const checkpoint)
{
  cn_checkpoint_clear(&checkpoint->fields);
  free(checkpoint->path);
  free(checkpoint->recipe);
  free(checkpoint->corpus);
  *checkpoint = (CnTrainCheckpoint){0};
}

void
cn_train_checkpoint_remind(const CnTrainCheckpoint* const checkpoint)
{
  if (!access(checkpoint->path, F_OK)) {
    fprintf(stderr, "%s: is of a run that was interrupted, which --resume would go on with\n",
            checkpoint->path);
  }
}

bool
cn_train_checkpoint_save(CnTrainCheckpoint* const checkpoint, const double seconds,
                         const CnTrainExchangeFunc exchange, void* const handle)
{
  CnCheckpoint* const fields = &checkpoint->fields;
  cn_checkpoint_rewind(fields);
  cn_checkpoint_text(fields, &checkpoint->recipe);
  cn_checkpoint_text(fields, &checkpoint->corpus);
  exchange(handle, fields);
  const CnStatus status = cn_ranks_index() ? fields->status : cn_checkpoint_save(fields, checkpoint->path);
  checkpoint->last      = seconds;
  if (status) {
    cn_error_print("train", checkpoint->path, "%s; the run goes on without it", cn_file_strerror(status));
  }
  return !status;
}

void
cn_train_checkpoint_rescue(CnTrainCheckpoint* const checkpoint, const CnTrainExchangeFunc exchange,
                           void* const handle)
{
  if (cn_train_checkpoint_save(checkpoint, 0.0, exchange, handle)) {
    fprintf(stderr, "nothing is lost: with --resume, the weights will be written from %s\n",
            checkpoint->path);
  }
}

// Give all ranks what the first one has read
static CnStatus
share_fields(CnCheckpoint* const fields)
{
  uint64_t size = fields->size;
  cn_ranks_broadcast(&size, sizeof(size));
  if (cn_ranks_index()) {
    *fields = (CnCheckpoint){.data = malloc(size), .size = size, .capacity = size};
    cn_checkpoint_turn(fields);
  }
  if (cn_ranks_find(!fields->data) < cn_ranks_count()) {
    return CN_STATUS_NO_MEMORY;
  }
  cn_ranks_broadcast(fields->data, size);
  return CN_STATUS_SUCCESS;
}

// The first rank reads the file for all
static CnStatus
load_fields(CnTrainCheckpoint* const checkpoint, const CnFault fault)
{
  CnStatus status = CN_STATUS_SUCCESS;
  if (!cn_ranks_index()) {
    status = cn_checkpoint_load(&checkpoint->fields, checkpoint->path, fault);
  }
  cn_ranks_broadcast(&status, sizeof(status));
  return status ? status : share_fields(&checkpoint->fields);
}

// Read a text, and compare it with ours
static CnStatus
match_text(CnTrainCheckpoint* const checkpoint, const char* const what, const char* const ours,
           const CnFault fault)
{
  char* theirs = NULL;
  cn_checkpoint_text(&checkpoint->fields, &theirs);
  if (!checkpoint->fields.status && strcmp(theirs, ours)) {
    checkpoint->fields.status =
        CN_FAIL(fault, CN_STATUS_BAD_VALUE, "%s: is of another %s (%s), while this run has %s",
                checkpoint->path, what, theirs, ours);
  }
  free(theirs);
  return checkpoint->fields.status;
}

CnStatus
cn_train_checkpoint_load(CnTrainCheckpoint* const checkpoint, const CnTrainExchangeFunc exchange,
                         void* const handle, const CnFault fault)
{
  CnCheckpoint* const fields = &checkpoint->fields;
  cn_fault_clear(fault);
  CN_TRY(load_fields(checkpoint, fault));
  if (!match_text(checkpoint, "recipe", checkpoint->recipe, fault) &&
      !match_text(checkpoint, "corpus", checkpoint->corpus, fault)) {
    exchange(handle, fields);
  }
  const CnStatus status = fields->status;
  if (status && fault.text && !*fault.text) {
    CN_FAIL(fault, status, "%s: %s", checkpoint->path, cn_strerror(status));
  }
  cn_checkpoint_clear(fields);
  return status;
}

void
cn_train_checkpoint_remove(const CnTrainCheckpoint* const checkpoint)
{
  if (!cn_ranks_index()) {
    unlink(checkpoint->path);
  }
}
