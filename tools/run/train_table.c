// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_table.h"

#include "tools/base/file.h"

#include "dsp/file/ending.h"

#include <stdlib.h>
#include <string.h>

char*
cn_train_table_path(const char* const output, const char* const ending)
{
  const size_t length = strlen(output);
  const size_t n      = strlen(CN_ENDING_WEIGHTS);
  const bool   has_it = length > n && cn_ending_is(output, CN_ENDING_WEIGHTS);
  const size_t stem   = has_it ? length - n : length;
  char* const  path   = malloc(stem + strlen(ending) + 1);
  if (path) {
    memcpy(path, output, stem);
    strcpy(path + stem, ending);
  }
  return path;
}

CnStatus
cn_train_table_init(CnTrainTable* const table, const char* const output, const char* const heading)
{
  *table      = (CnTrainTable){.path = cn_train_table_path(output, ".csv")};
  table->rows = open_memstream(&table->text, &table->length);
  if (!table->path || !table->rows) {
    return CN_STATUS_NO_MEMORY;
  }
  fprintf(table->rows, "%s\n", heading);
  return CN_STATUS_SUCCESS;
}

void
cn_train_table_clear(CnTrainTable* const table)
{
  if (table->rows) {
    fclose(table->rows);
  }
  free(table->text);
  free(table->path);
  *table = (CnTrainTable){0};
}

// Have `text` be all that was written
static CnStatus
flush(const CnTrainTable* const table)
{
  return fflush(table->rows) || ferror(table->rows) ? CN_STATUS_NO_MEMORY : CN_STATUS_SUCCESS;
}

CnStatus
cn_train_table_save(const CnTrainTable* const table)
{
  CN_TRY(flush(table));
  return cn_file_write(table->path, table->text, table->length);
}

void
cn_train_table_exchange(CnTrainTable* const table, CnCheckpoint* const checkpoint)
{
  const CnStatus status = flush(table);
  char*          text   = table->text;
  checkpoint->status    = checkpoint->status ? checkpoint->status : status;
  cn_checkpoint_text(checkpoint, &text);
  if (text != table->text) {
    rewind(table->rows);
    fputs(text, table->rows);
    free(text);
  }
}
