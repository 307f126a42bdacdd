// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/split_table.h"

#include "tools/base/file.h"
#include "tools/base/options.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE ((size_t)64 << 20) // [bytes]

static int
compare_lines(const void* const a, const void* const b)
{
  return strcmp(((const CnSplitLine*)a)->file, ((const CnSplitLine*)b)->file);
}

const char*
cn_split_name(const CnSplit split)
{
  static const char* const names[CN_N_SPLITS] = {"train", "valid", "test"};
  return names[split];
}

// Read the name of a split; false if it is none
static bool
parse_split(const char* const word, CnSplit* const split)
{
  for (unsigned s = 0; s < CN_N_SPLITS; ++s) {
    if (!strcmp(word, cn_split_name((CnSplit)s))) {
      *split = (CnSplit)s;
      return true;
    }
  }
  return false;
}

bool
cn_split_option(const char* const command, const char* const word, CnSplit* const split)
{
  const bool is_one = parse_split(word, split);
  if (!is_one) {
    cn_error_print(command, "--side", "'%s' is not train, valid or test", word);
  }
  return is_one;
}

// What stands for itself in no table, and the letters after a backslash that stand for it
static const char outcasts[] = "\t\n\r\\";
static const char letters[]  = "tnr\\";

void
cn_split_print_name(FILE* const table, const char* const name)
{
  for (const char* c = name; *c; ++c) {
    const char* const outcast = strchr(outcasts, *c);
    if (outcast) {
      fputc('\\', table);
    }
    fputc(outcast ? letters[outcast - outcasts] : *c, table);
  }
}

// Put back in place what a name has letters for
static void
unescape(char* const name)
{
  char* to = name;
  for (const char* from = name; *from; ++from) {
    const char* const letter = *from == '\\' && from[1] ? strchr(letters, from[1]) : NULL;
    from += letter != NULL;
    *to++ = letter ? outcasts[letter - letters] : *from;
  }
  *to = '\0';
}

// Cut a line up; null, or what is wrong with it
static const char*
parse_line(char* const line, CnSplitLine* const entry)
{
  char* const work  = strchr(line, '\t');
  char* const split = work ? strchr(work + 1, '\t') : NULL;
  char* const more  = split ? strchr(split + 1, '\t') : NULL;
  if (more) {
    *more                   = '\0';
    entry->tells_velocities = true;
    entry->is_notated       = !strcmp(more + 1, "notated");
    if (!entry->is_notated && strcmp(more + 1, "played")) {
      return "velocities are played or notated";
    }
  }
  if (!split || !parse_split(split + 1, &entry->split)) {
    return "not a file, a work, and train, valid or test";
  }
  *work       = '\0';
  entry->file = line;
  unescape(line);
  return NULL;
}

static CnStatus
parse_lines(CnSplitTable* const table, const char* const path, const CnFault fault)
{
  char*    rest   = table->text;
  unsigned number = 0;
  while (rest && *rest) {
    char* const line = rest;
    rest             = strchr(line, '\n');
    if (rest) {
      *rest++ = '\0';
    }
    line[strcspn(line, "\r")] = '\0';
    if (++number == 1 && strncmp(line, "file\twork\tsplit", 15)) {
      return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX,
                     "%s: not a split table: its heading is not file, work, split", path);
    }
    if (number == 1 || !*line) {
      continue;
    }
    const char* const reason = parse_line(line, &table->lines[table->n_lines]);
    if (reason) {
      return CN_FAIL(fault, CN_STATUS_BAD_SYNTAX, "%s: line %u: %s", path, number, reason);
    }
    ++table->n_lines;
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
sort_lines(CnSplitTable* const table, const char* const path, const CnFault fault)
{
  qsort(table->lines, table->n_lines, sizeof(CnSplitLine), compare_lines);
  for (size_t i = 1; i < table->n_lines; ++i) {
    if (!compare_lines(&table->lines[i - 1], &table->lines[i])) {
      return CN_FAIL(fault, CN_STATUS_BAD_VALUE, "%s: %s is listed twice", path, table->lines[i].file);
    }
  }
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_split_table_load(const char* const path, CnSplitTable* const table, const CnFault fault)
{
  uint8_t* data         = NULL;
  size_t   size         = 0;
  *table                = (CnSplitTable){0};
  const CnStatus status = cn_file_read(path, MAX_SIZE, &data, &size);
  if (status) {
    return CN_FAIL(fault, status, "%s: %s", path, cn_file_strerror(status));
  }

  size_t n_lines = 1;
  for (size_t i = 0; i < size; ++i) {
    n_lines += data[i] == '\n';
  }
  table->text  = (char*)data; // A null follows it
  table->lines = calloc(n_lines, sizeof(CnSplitLine));
  if (!table->lines) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s: out of memory", path);
  }
  CN_TRY(parse_lines(table, path, fault));
  return sort_lines(table, path, fault);
}

const CnSplitLine*
cn_split_table_find(const CnSplitTable* const table, const char* const file)
{
  const CnSplitLine  key  = {.file = file};
  CnSplitLine* const line = bsearch(&key, table->lines, table->n_lines, sizeof(CnSplitLine), compare_lines);
  if (line) {
    line->is_found = true;
  }
  return line;
}

void
cn_split_table_clear(CnSplitTable* const table)
{
  free(table->text);
  free(table->lines);
  *table = (CnSplitTable){0};
}
