// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/compare/excerpt.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/corpus/score_file.h"

#include "dsp/file/ending.h"

#include <stdlib.h>
#include <string.h>

#define SLACK_BARS 2 ///< That the last section may lack, as pieces often end with a rest

static CnStatus
reserve(CnExcerpts* const excerpts)
{
  if (excerpts->n < excerpts->capacity) {
    return CN_STATUS_SUCCESS;
  }
  const size_t     capacity = excerpts->capacity ? 2 * excerpts->capacity : 16;
  CnExcerpt* const items    = realloc(excerpts->items, capacity * sizeof(CnExcerpt));
  if (!items) {
    return CN_STATUS_NO_MEMORY;
  }
  excerpts->items    = items;
  excerpts->capacity = capacity;
  return CN_STATUS_SUCCESS;
}

/// Look at some bars, in which there may be nearly nothing
static CnStatus
look(const CnGrid* const grid, const int32_t first, CnFeatures* const features, bool* const is_there)
{
  const CnStatus status = cn_features_find(grid, first, CN_SECTION_BARS, features);
  *is_there             = !status;
  return status == CN_STATUS_NOT_FOUND ? CN_STATUS_SUCCESS : status;
}

static CnStatus
look_at_sections(const CnGrid* const grid, const unsigned n_sections, CnExcerpt* const excerpt)
{
  const int32_t n_bars = grid->n_notes ? grid->notes[grid->n_notes - 1].onset / grid->bar + 1 : 0;
  for (unsigned s = 0; s < n_sections; ++s) {
    const int32_t first = (int32_t)(CN_SECTION_BARS * (s + 1));
    if (first + CN_SECTION_BARS <= n_bars + SLACK_BARS) {
      CN_TRY(look(grid, first, &excerpt->sections[s], &excerpt->has[s]));
    }
  }
  return CN_STATUS_SUCCESS;
}

/// The phrase sounds no further than its bars; shortens the notes
static CnStatus
look_at_phrase(CnNote* const notes, const CnGrid* const grid, CnExcerpt* const excerpt)
{
  const int32_t end = CN_SECTION_BARS * grid->bar;
  const size_t  n   = cn_grid_find(grid, end);
  for (size_t i = 0; i < n; ++i) {
    const int32_t room = end - notes[i].onset;
    notes[i].duration  = notes[i].duration < room ? notes[i].duration : room;
  }
  cn_grid_round(notes, n);
  const CnGrid phrase = {notes, n, grid->bar};
  return look(&phrase, 0, &excerpt->phrase, &excerpt->has_phrase);
}

CnStatus
cn_excerpts_add(CnExcerpts* const excerpts, const char* const piece, const CnScore* const score,
                const unsigned n_sections)
{
  CN_TRY(reserve(excerpts));
  CnExcerpt* const excerpt = &excerpts->items[excerpts->n];
  CnNote* const    notes   = malloc((score->n_notes + 1) * sizeof(CnNote));
  memset(excerpt, 0, sizeof(*excerpt));
  excerpt->piece = strdup(piece);
  if (!notes || !excerpt->piece) {
    free(notes);
    free(excerpt->piece);
    return CN_STATUS_NO_MEMORY;
  }
  memcpy(notes, score->notes, score->n_notes * sizeof(CnNote));
  const CnGrid grid   = {notes, cn_grid_round(notes, score->n_notes), cn_score_bar(score, 0).length};
  CnStatus     status = look_at_sections(&grid, n_sections, excerpt);
  excerpt->has_form =
      !cn_form_find(&grid, CN_SECTION_BARS, (int32_t)(CN_SECTION_BARS * n_sections), &excerpt->form);
  if (!status) {
    status = look_at_phrase(notes, &grid, excerpt);
  }
  free(notes);
  if (status) {
    free(excerpt->piece);
    return status;
  }
  ++excerpts->n;
  return CN_STATUS_SUCCESS;
}

/// What a file's piece is called, to be freed: "a/b.3.mid" is take 3 of "a/b"
static char*
name_piece(const char* const path)
{
  char* const name = strdup(path);
  char* const dot  = name ? strrchr(name, '.') : NULL;
  if (!dot) {
    return name;
  }
  *dot             = '\0';
  char* const take = strrchr(name, '.');
  if (take && take[1] && strspn(take + 1, "0123456789") == strlen(take + 1)) {
    *take = '\0';
  }
  return name;
}

static CnStatus
load_file(CnExcerpts* const excerpts, const char* const command, const char* const path,
          const char* const name, const unsigned n_sections)
{
  CnScore* score      = NULL;
  char     fault[256] = "";
  if (cn_score_load(path, &score, CN_FAULT(fault))) {
    cn_error_print(command, path, "%s; left out", fault);
    return CN_STATUS_SUCCESS;
  }
  char* const    piece  = name_piece(name);
  const CnStatus status = piece ? cn_excerpts_add(excerpts, piece, score, n_sections) : CN_STATUS_NO_MEMORY;
  free(piece);
  cn_score_free(score);
  return status;
}

bool
cn_excerpts_load(CnExcerpts* const excerpts, const char* const command, const char* const folder,
                 const unsigned n_sections)
{
  CnPaths  paths;
  CnStatus status = cn_folder_list(folder, cn_endings_of_midi, &paths);
  for (size_t i = 0; !status && i < paths.n; ++i) {
    status = load_file(excerpts, command, paths.items[i], paths.items[i] + paths.root, n_sections);
  }
  if (status) {
    cn_error_print(command, folder, "%s", cn_file_strerror(status));
  } else if (!excerpts->n) {
    cn_error_print(command, folder, "no MIDI file");
  }
  cn_paths_clear(&paths);
  return !status && excerpts->n;
}

const CnExcerpt*
cn_excerpts_find(const CnExcerpts* const excerpts, const char* const piece)
{
  for (size_t i = 0; i < excerpts->n; ++i) {
    if (!strcmp(excerpts->items[i].piece, piece)) {
      return &excerpts->items[i];
    }
  }
  return NULL;
}

void
cn_excerpts_clear(CnExcerpts* const excerpts)
{
  for (size_t i = 0; i < excerpts->n; ++i) {
    free(excerpts->items[i].piece);
  }
  free(excerpts->items);
  *excerpts = (CnExcerpts){0};
}
