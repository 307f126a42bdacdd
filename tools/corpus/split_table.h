// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file split_table.h
   What pieces are used for, and the table that says so: a heading, then lines of file, work and split,
   separated by tabs; a fourth column may say whether velocities were played or notated.

   Names that have a tab, a line feed, a carriage return or a backslash stand with \\t, \\n, \\r and \\\\ for
   these.
*/

#ifndef CN_SPLIT_TABLE_H
#define CN_SPLIT_TABLE_H

#include "dsp/base/fault.h"
#include "dsp/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/// What a piece is used for
typedef enum {
  CN_SPLIT_TRAIN, ///< To learn from
  CN_SPLIT_VALID, ///< To choose by
  CN_SPLIT_TEST,  ///< To report on, and nothing else
} CnSplit;

#define CN_N_SPLITS 3

/// A line of a table
typedef struct {
  const char* file;
  CnSplit     split;
  bool        tells_velocities; ///< It has a fourth column
  bool        is_notated;       ///< Which says that its velocities were not played by anybody
  bool        is_found;         ///< It has been asked for
} CnSplitLine;

/// A table, its text cut up in place; all zero is none
typedef struct {
  char*        text;
  CnSplitLine* lines; ///< (n_lines) by file
  size_t       n_lines;
} CnSplitTable;

/// The name of a split.  Thread: ANY
const char*
cn_split_name(CnSplit split);

/// Read the value of a command's option --side: train, valid or test; false, having said on stderr why, if it
/// is none.  Thread: WORKER
bool
cn_split_option(const char* command, const char* word, CnSplit* split);

/// Write a name as a table has it.  Thread: ANY
void
cn_split_print_name(FILE* table, const char* name);

/**
   Read a table.

   @param[out] table To be cleared with cn_split_table_clear(), after a failure, too.
   @param[out] fault What is wrong, in words, naming the file.
   @return #CN_STATUS_SUCCESS, a status of cn_file_read(), #CN_STATUS_BAD_SYNTAX, #CN_STATUS_BAD_VALUE if a
   file is listed twice, or #CN_STATUS_NO_MEMORY.

   Thread: WORKER
*/
CnStatus
cn_split_table_load(const char* path, CnSplitTable* table, CnFault fault);

/// The line of a file, which is found from now on; null if there is none.  Thread: WORKER
const CnSplitLine*
cn_split_table_find(const CnSplitTable* table, const char* file);

/// Free what a table holds.  Thread: WORKER
void
cn_split_table_clear(CnSplitTable* table);

#endif // CN_SPLIT_TABLE_H
