// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/run_table.h"

#include "tools/base/file.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE ((size_t)16 << 20) // [bytes]
#define MAX_COLUMNS 64

// Cut the first line off; null at the end
static char*
take_line(char** const rest)
{
  char* const line = *rest;
  if (!line || !*line) {
    return NULL;
  }
  char* const end = strchr(line, '\n');
  *rest           = end ? end + 1 : NULL;
  if (end) {
    *end = '\0';
  }
  line[strcspn(line, "\r")] = '\0';
  return line;
}

// Cut a line into cells; returns how many there are, of which MAX_COLUMNS at most are told
static size_t
cut_cells(char* const line, char* cells[MAX_COLUMNS])
{
  size_t n    = 0;
  char*  cell = line;
  while (cell) {
    char* const comma = strchr(cell, ',');
    if (comma) {
      *comma = '\0';
    }
    if (n < MAX_COLUMNS) {
      cells[n] = cell;
    }
    ++n;
    cell = comma ? comma + 1 : NULL;
  }
  return n;
}

// A name begins with a letter and goes on with letters, digits, or what joins them
static bool
is_name(const char* const cell)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-. /()";
  return isalpha((unsigned char)cell[0]) && strspn(cell, letters) == strlen(cell);
}

static CnStatus
read_heading(CnRunTable* const table, char* const line, const CnFault fault)
{
  char* cells[MAX_COLUMNS];
  table->n_columns = line ? cut_cells(line, cells) : 0;
  bool is_heading  = table->n_columns > 1 && table->n_columns <= MAX_COLUMNS;
  for (size_t c = 0; is_heading && c < table->n_columns; ++c) {
    is_heading = is_name(cells[c]);
  }
  if (!is_heading) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX,
                   "not the table of a training run: its first line has no names of columns");
  }
  table->names = malloc(table->n_columns * sizeof(char*));
  if (table->names) {
    memcpy(table->names, cells, table->n_columns * sizeof(char*));
  }
  return table->names ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

static double
read_number(const char* const cell)
{
  char*        end   = NULL;
  const double value = strtod(cell, &end);
  return end == cell || *end || !isfinite(value) ? NAN : value;
}

static CnStatus
read_rows(CnRunTable* const table, char* rest, const CnFault fault)
{
  size_t n_lines = 1;
  for (const char* c = rest; c && *c; ++c) {
    n_lines += *c == '\n';
  }
  table->values = malloc(n_lines * table->n_columns * sizeof(double));
  if (!table->values) {
    return CN_STATUS_NO_MEMORY;
  }
  size_t number = 1;
  for (char* line = NULL; (line = take_line(&rest));) {
    char*        cells[MAX_COLUMNS];
    const size_t n = cut_cells(line, cells);
    if (++number && n == 1 && !*line) {
      continue;
    }
    if (n != table->n_columns) {
      return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "line %zu has %zu columns, but the heading %zu", number, n,
                     table->n_columns);
    }
    for (size_t c = 0; c < n; ++c) {
      table->values[table->n_rows * n + c] = read_number(cells[c]);
    }
    ++table->n_rows;
  }
  if (!table->n_rows) {
    return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "the table has no rows yet: the run has made no validation");
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_run_table_load(const char* const path, CnRunTable* const table, const CnFault fault)
{
  uint8_t* data = NULL;
  size_t   size = 0;
  *table        = (CnRunTable){0};

  CnStatus status = cn_file_read(path, MAX_SIZE, &data, &size);
  if (status) {
    return CN_FAIL(fault, status, "%s", cn_file_strerror(status));
  }
  table->text = (char*)data;
  char* rest  = table->text;
  CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s", cn_strerror(CN_STATUS_NO_MEMORY)); // Unless we know better
  status = read_heading(table, take_line(&rest), fault);
  if (!status) {
    status = read_rows(table, rest, fault);
  }
  if (!status) {
    cn_fault_clear(fault);
  }
  return status;
}

void
cn_run_table_clear(CnRunTable* const table)
{
  free(table->text);
  free(table->names);
  free(table->values);
  *table = (CnRunTable){0};
}
