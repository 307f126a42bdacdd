// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file run_table.h
   The table that a training run writes beside its weights: comma-separated values under a heading.
*/

#ifndef CN_RUN_TABLE_H
#define CN_RUN_TABLE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stddef.h>

/// Numbers in named columns
typedef struct {
  char*   text;      ///< What the names stand in
  char**  names;     ///< (n_columns)
  double* values;    ///< (n_rows, n_columns), NaN where a cell is no number
  size_t  n_columns; ///<
  size_t  n_rows;    ///< At least 1
} CnRunTable;

/**
   Read a table.

   @param[out] table To be cleared with cn_run_table_clear(), also after a failure.
   @param[out] fault What is wrong, in words, without the path.
   @return #CN_STATUS_SUCCESS; #CN_STATUS_BAD_SYNTAX if it is no table or has no rows; what
   cn_file_read() says.

   Thread: WORKER
*/
CnStatus
cn_run_table_load(const char* path, CnRunTable* table, CnFault fault);

/// Free what a table owns.  Thread: WORKER
void
cn_run_table_clear(CnRunTable* table);

#endif // CN_RUN_TABLE_H
