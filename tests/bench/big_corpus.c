// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file big_corpus.c
   Makes a large corpus of a small one, to see that memory stays bounded: big_corpus CORPUS NOTES FOLDER.

   Every piece is written in all transpositions, then without its first notes, and again with more of them
   gone, until there are NOTES notes.  The first file is one giant of all pieces one after another.
*/

#include "dsp/file/smf.h"
#include "tools/base/file.h"
#include "tools/corpus/score_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define LOWEST_SHIFT (-6)
#define N_SHIFTS 12
#define STEP 48 // Notes that are left out from one round to the next

// Notes in memory, growing
typedef struct {
  CnNote* notes;
  size_t  n;
} Notes;

static bool
write_notes(const CnNote* const notes, const size_t n, const char* const path)
{
  CnScore* score = NULL;
  uint8_t* data  = NULL;
  size_t   size  = 0;
  FILE*    file  = NULL;
  bool     good  = !cn_score_new(notes, n, NULL, 0, NULL, 0, &score) && !cn_smf_write(score, &data, &size);
  if (good) { // Thousands of files that are made anew at any time need no sync
    file = fopen(path, "wb");
    good = file && fwrite(data, 1, size, file) == size;
  }
  if (file) {
    good = !fclose(file) && good;
  }
  if (!good) {
    fprintf(stderr, "big_corpus: cannot write %s\n", path);
  }
  cn_score_free(score);
  free(data);
  return good;
}

// A piece from note `first` on, moved by `shift` semitones where the keyboard reaches; 0 on failure
static size_t
write_variant(const CnScore* const score, const size_t first, const int shift, const char* const path)
{
  const size_t  n     = score->n_notes - first;
  CnNote* const notes = malloc(n * sizeof(CnNote));
  for (size_t i = 0; notes && i < n; ++i) {
    notes[i]        = score->notes[first + i];
    const int pitch = notes[i].pitch + shift;
    notes[i].pitch = (uint8_t)(pitch < CN_PITCH_MIN ? pitch + 12 : pitch > CN_PITCH_MAX ? pitch - 12 : pitch);
    notes[i].onset -= score->notes[first].onset;
  }
  const bool good = notes && write_notes(notes, n, path);
  free(notes);
  return good ? n : 0;
}

// Put a piece behind all others
static bool
append(Notes* const all, const CnScore* const score)
{
  const int32_t end   = all->n ? all->notes[all->n - 1].onset + 96 : 0;
  CnNote* const grown = realloc(all->notes, (all->n + score->n_notes + 1) * sizeof(CnNote));
  if (!grown) {
    return false;
  }
  all->notes = grown;
  for (size_t i = 0; i < score->n_notes; ++i) {
    grown[all->n] = score->notes[i];
    grown[all->n++].onset += end;
  }
  return true;
}

// Write one variant of all pieces; the number of notes, 0 if that went wrong
static size_t
write_round(const CnPaths* const paths, const unsigned round, const char* const folder, Notes* const all)
{
  size_t n = 0;
  for (size_t i = 0; i < paths->n; ++i) {
    CnScore* score = NULL;
    char     fault[256];
    char     path[4096];
    if (cn_score_load(paths->items[i], &score, CN_FAULT(fault))) {
      continue;
    }
    const size_t first = round / N_SHIFTS * STEP;
    const int    shift = LOWEST_SHIFT + (int)(round % N_SHIFTS);
    snprintf(path, sizeof(path), "%s/%03u-%04zu.mid", folder, round, i);
    const bool good = first + 2 > score->n_notes || (write_variant(score, first, shift, path));
    n += first < score->n_notes ? score->n_notes - first : 0;
    const bool is_appended = round || append(all, score);
    cn_score_free(score);
    if (!good || !is_appended) {
      return 0;
    }
  }
  return n;
}

static bool
write_corpus(const CnPaths* const paths, const size_t wanted, const char* const folder)
{
  Notes  all = {NULL, 0};
  char   path[4096];
  bool   good = true;
  size_t n    = 0;
  for (unsigned round = 0; good && n < wanted; ++round) {
    const size_t made = write_round(paths, round, folder, &all);
    n += made;
    good = made;
    if (good && !round) {
      snprintf(path, sizeof(path), "%s/giant.mid", folder);
      good = write_notes(all.notes, all.n, path);
      n += all.n;
    }
  }
  free(all.notes);
  printf("%zu notes in %s\n", n, folder);
  return good;
}

int
main(int argc, char** argv)
{
  static const char* const suffixes[] = {".mid", ".midi", NULL};

  CnPaths paths = {0};
  if (argc != 4 || !strtoul(argv[2], NULL, 10)) {
    fprintf(stderr, "usage: big_corpus CORPUS NOTES FOLDER\n");
    return 2;
  }
  const CnStatus status = cn_folder_list(argv[1], suffixes, &paths);
  if (status || !paths.n) {
    fprintf(stderr, "big_corpus: %s: %s\n", argv[1], status ? cn_file_strerror(status) : "no MIDI files");
    return 1;
  }
  const bool good = write_corpus(&paths, strtoul(argv[2], NULL, 10), argv[3]);
  cn_paths_clear(&paths);
  return good ? 0 : 1;
}
