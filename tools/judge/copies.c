// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/copies.h"

#include "dsp/base/hash.h"

#include <stdlib.h>
#include <string.h>

/*
  A passage of n notes is one of n - 1 steps from note to note.  All windows of the sample that are one step
  longer than the best passage so far stand in a table, by a hash that rolls (R. Karp and M. Rabin, Efficient
  randomized pattern-matching algorithms, 1987).  A piece is read once; a window that is in the table is
  compared, extended, and makes the windows longer.
*/

#define NONE SIZE_MAX
#define BASE UINT64_C(0x9E3779B97F4A7C15) // Odd, so that no power of it vanishes

struct CnCopyFinder {
  const CnNote* sample;
  size_t        n_steps; // Of the sample
  bool          transposed;
  CnCopy        best;
  size_t        window;  // [steps] that a passage needs to be better
  uint64_t      leading; // BASE to the power of (window - 1)
  size_t*       heads;   // (mask + 1) first window of the sample with such a hash
  size_t        mask;
  size_t*       next;   // (n_steps) the next one with such a hash
  uint64_t*     hashes; // (n_steps) of the windows
};

// The step to the note after this one as a number
static uint64_t
step_at(const CnCopyFinder* const finder, const CnNote* const note)
{
  const uint64_t dt       = (uint64_t)((int64_t)note[1].onset - note[0].onset);
  const uint64_t interval = (uint64_t)(128 + note[1].pitch - note[0].pitch);
  const uint64_t start    = finder->transposed ? 0 : note[0].pitch;
  return (dt << 16) | (interval << 8) | start;
}

static uint64_t
hash_step(const CnCopyFinder* const finder, const CnNote* const note)
{
  return cn_hash_mix(0, step_at(finder, note));
}

static uint64_t
hash_window(const CnCopyFinder* const finder, const CnNote* const notes)
{
  uint64_t hash = 0;
  for (size_t i = 0; i < finder->window; ++i) {
    hash = hash * BASE + hash_step(finder, notes + i);
  }
  return hash;
}

// Hash of the window one note further
static uint64_t
roll_hash(const CnCopyFinder* const finder, const uint64_t hash, const CnNote* const notes)
{
  return (hash - hash_step(finder, notes) * finder->leading) * BASE +
         hash_step(finder, notes + finder->window);
}

static size_t
slot_of(const CnCopyFinder* const finder, const uint64_t hash)
{
  return (size_t)(hash >> 32) & finder->mask;
}

// Enter the sample's windows, later ones first, so that earlier ones are found first
static void
enter_windows(CnCopyFinder* const finder)
{
  memset(finder->heads, 0xFF, (finder->mask + 1) * sizeof(size_t)); // NONE
  finder->leading = 1;
  for (size_t i = 1; i < finder->window; ++i) {
    finder->leading *= BASE;
  }
  const size_t n = finder->n_steps < finder->window ? 0 : finder->n_steps - finder->window + 1;
  for (size_t i = 0; i < n; ++i) {
    finder->hashes[i] = i ? roll_hash(finder, finder->hashes[i - 1], finder->sample + i - 1)
                          : hash_window(finder, finder->sample);
  }
  for (size_t i = n; i-- > 0;) {
    size_t* const head = &finder->heads[slot_of(finder, finder->hashes[i])];
    finder->next[i]    = *head;
    *head              = i;
  }
}

CnCopyFinder*
cn_copy_finder_new(const CnNote* const sample, const size_t n_notes, const bool transposed)
{
  CnCopyFinder* const finder = calloc(1, sizeof(CnCopyFinder));
  if (!finder) {
    return NULL;
  }
  size_t size = 16;
  while (size < 2 * n_notes) {
    size *= 2;
  }
  finder->sample     = sample;
  finder->n_steps    = n_notes ? n_notes - 1 : 0;
  finder->transposed = transposed;
  finder->window     = 1;
  finder->mask       = size - 1;
  finder->heads      = malloc(size * sizeof(size_t));
  finder->next       = malloc((n_notes + 1) * sizeof(size_t));
  finder->hashes     = malloc((n_notes + 1) * sizeof(uint64_t));
  if (!finder->heads || !finder->next || !finder->hashes) {
    cn_copy_finder_free(finder);
    return NULL;
  }
  enter_windows(finder);
  return finder;
}

void
cn_copy_finder_free(CnCopyFinder* const finder)
{
  if (finder) {
    free(finder->heads);
    free(finder->next);
    free(finder->hashes);
    free(finder);
  }
}

// Number of steps that two places have in common [steps]
static size_t
measure_common(const CnCopyFinder* const finder, const size_t sample_first, const CnNote* const notes,
               const size_t n_steps)
{
  const size_t left = finder->n_steps - sample_first;
  const size_t most = left < n_steps ? left : n_steps;
  size_t       n    = 0;
  while (n < most && step_at(finder, finder->sample + sample_first + n) == step_at(finder, notes + n)) {
    ++n;
  }
  return n;
}

// Look at the windows of the sample that hash as the one at `notes` does; true if the passage is the best so
// far
static bool
try_place(CnCopyFinder* const finder, const uint64_t hash, const CnNote* const notes, const size_t n_steps)
{
  bool is_better = false;
  for (size_t i = finder->heads[slot_of(finder, hash)]; i != NONE; i = finder->next[i]) {
    const size_t n = finder->hashes[i] == hash ? measure_common(finder, i, notes, n_steps) : 0;
    if (n && n + 1 > finder->best.n_notes) {
      finder->best.n_notes       = n + 1;
      finder->best.sample_first  = i;
      finder->best.transposition = finder->sample[i].pitch - notes[0].pitch;
      is_better                  = true;
    }
  }
  return is_better;
}

void
cn_copy_finder_search(CnCopyFinder* const finder, const CnNote* const notes, const size_t n_notes,
                      const size_t piece)
{
  const size_t n_steps = n_notes ? n_notes - 1 : 0;
  uint64_t     hash    = 0;
  bool         is_new  = true; // The window begins here
  for (size_t i = 0; i + finder->window <= n_steps; ++i) {
    hash   = is_new ? hash_window(finder, notes + i) : roll_hash(finder, hash, notes + i - 1);
    is_new = try_place(finder, hash, notes + i, n_steps - i);
    if (is_new) {
      finder->best.piece       = piece;
      finder->best.piece_first = i;
      finder->best.bar         = cn_notes_bar(notes, i);
      finder->window           = finder->best.n_notes;
      enter_windows(finder);
    }
  }
}

CnCopy
cn_copy_finder_best(const CnCopyFinder* const finder)
{
  return finder->best;
}

CnStatus
cn_copies_find(const CnNote* const sample, const size_t n_notes, const CnCorpus* const corpus,
               const bool transposed, CnCopy* const copy)
{
  CnCopyFinder* const finder = cn_copy_finder_new(sample, n_notes, transposed);
  if (!finder) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    if (corpus->pieces[i].split == CN_SPLIT_TRAIN) {
      cn_copy_finder_search(finder, corpus->pieces[i].notes, corpus->pieces[i].n_notes, i);
    }
  }
  *copy = finder->best;
  cn_copy_finder_free(finder);
  return CN_STATUS_SUCCESS;
}

uint32_t
cn_notes_bar(const CnNote* const notes, const size_t place)
{
  int64_t bar    = 1;
  int64_t start  = 0;
  int64_t length = notes[0].bar.length;
  for (size_t i = 0; i <= place; ++i) {
    const int64_t next = (int64_t)notes[i].onset - notes[i].bar.offset;
    bar += (next - start + length - 1) / length;
    start  = next;
    length = notes[i].bar.length;
  }
  return (uint32_t)bar;
}
