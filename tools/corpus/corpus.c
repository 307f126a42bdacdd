// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/corpus/corpus.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/base/temporary.h"
#include "tools/corpus/piece_index.h"
#include "tools/corpus/score_file.h"
#include "tools/corpus/velocities.h"

#include "dsp/base/random.h"
#include "dsp/file/ending.h"
#include "dsp/music/chord.h"
#include "dsp/music/vocabulary.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASS_TOP 60       // The lowest key is the bass if it lies below this
#define MOST_HELD_OUT 200 // Pieces on each side that is not learnt from, where no table says so

// The chord of the notes from `first` to before `next`, by how long they sound until `end`
static int32_t
hear_chord(const CnPiece* const piece, const uint32_t first, const uint32_t next, const int32_t end)
{
  float weights[12] = {0.0F};
  int   lowest      = BASS_TOP;
  for (uint32_t i = first; i < next; ++i) {
    const CnNote* const note  = &piece->notes[i];
    const int32_t       ticks = note->duration < end - note->onset ? note->duration : end - note->onset;
    weights[note->pitch % 12U] += (float)ticks;
    lowest = note->pitch < lowest ? note->pitch : lowest;
  }
  return cn_chord_hear(weights, lowest < BASS_TOP ? lowest % 12 : -1);
}

// Give each note the chord of its half bar, by the notes that begin there
static void
label_chords(CnPiece* const piece)
{
  for (uint32_t first = 0, next = 0; first < piece->n_notes; first = next) {
    const CnNote* const note = &piece->notes[first];
    const int32_t       half = note->bar.length > 1 ? note->bar.length / 2 : 1;
    const int32_t       end  = note->onset - note->bar.offset % half + half;
    for (next = first; next < piece->n_notes && piece->notes[next].onset < end;) {
      ++next;
    }
    const int32_t chord = hear_chord(piece, first, next, end);
    for (uint32_t i = first; i < next; ++i) {
      piece->chords[i] = (int16_t)chord;
    }
  }
}

static CnStatus
take_notes(const CnScore* const score, CnPiece* const piece)
{
  piece->notes  = malloc((score->n_notes + 1) * sizeof(CnNote));
  piece->chords = malloc((score->n_notes + 1) * sizeof(int16_t));
  if (!piece->notes || !piece->chords || score->n_notes > UINT32_MAX / 2) {
    return CN_STATUS_NO_MEMORY;
  }

  piece->low  = CN_PITCH_MAX;
  piece->high = CN_PITCH_MIN;
  for (size_t i = 0; i < score->n_notes; ++i) {
    const CnNote* const note = &score->notes[i];
    if (cn_note_is_speakable(note)) {
      piece->low                     = note->pitch < piece->low ? note->pitch : piece->low;
      piece->high                    = note->pitch > piece->high ? note->pitch : piece->high;
      piece->notes[piece->n_notes++] = *note;
    }
  }
  piece->id = cn_piece_id(piece);
  label_chords(piece);
  piece->is_notated = !cn_velocities_are_played(piece->notes, piece->n_notes, score->info.on_grid);
  return CN_STATUS_SUCCESS;
}

CnStatus
cn_piece_load(const char* const path, const CnLengths lengths, CnPiece* const piece, const CnFault fault)
{
  CnScore* score = NULL;
  *piece         = (CnPiece){0};
  CN_TRY(cn_score_load(path, &score, fault));
  cn_score_warn(path, score);
  if (lengths == CN_LENGTHS_PEDAL) {
    cn_score_sustain(score);
  }

  CnStatus status = take_notes(score, piece);
  cn_score_free(score);
  if (status) {
    CN_FAIL(fault, status, "%s", cn_strerror(status));
  } else if (piece->n_notes < 2) {
    status = CN_FAIL(fault, CN_STATUS_NOT_FOUND, "fewer than two notes of a piano");
  }
  if (status) {
    cn_piece_clear(piece);
  }
  return status;
}

void
cn_piece_clear(CnPiece* const piece)
{
  free(piece->name);
  free(piece->notes);
  free(piece->chords);
  *piece = (CnPiece){0};
}

// A piece and the number that it has drawn
typedef struct {
  CnPiece* piece;
  uint32_t number;
  bool     is_known;
} Draw;

static int
compare_draws(const void* const a, const void* const b)
{
  const Draw* const x = a;
  const Draw* const y = b;
  if (x->is_known != y->is_known) {
    return x->is_known - y->is_known;
  }
  return x->number != y->number ? (x->number > y->number) - (x->number < y->number)
                                : strcmp(x->piece->name, y->piece->name);
}

// A number for a name, which does not depend on what other pieces there are
static uint32_t
draw_number(const char* const name, const uint32_t seed)
{
  uint32_t hash = UINT32_C(2166136261); // FNV-1a
  for (const char* c = name; *c; ++c) {
    hash = (hash ^ (uint8_t)*c) * UINT32_C(16777619);
  }
  CnRandom random = cn_random(seed, 0x53504C54, hash, 0, 0);
  return cn_random_bits(&random);
}

void
cn_corpus_count(CnCorpus* const corpus)
{
  corpus->longest = 0;
  memset(corpus->n_in_split, 0, sizeof(corpus->n_in_split));
  memset(corpus->n_notes_in, 0, sizeof(corpus->n_notes_in));
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    const CnPiece* const piece = &corpus->pieces[i];
    corpus->n_in_split[piece->split] += !piece->first;
    corpus->n_notes_in[piece->split] += piece->n_notes;
    corpus->longest = piece->n_notes > corpus->longest ? piece->n_notes : corpus->longest;
  }
}

// Pieces to draw from: those that are new to some weights, unless they are too few to be split
static size_t
count_drawn(const Draw* const draws, const size_t n)
{
  size_t n_new = 0;
  while (n_new < n && !draws[n_new].is_known) {
    ++n_new;
  }
  return n_new < 3 ? n : n_new;
}

CnStatus
cn_corpus_draw_split(CnCorpus* const corpus, const uint32_t seed, const CnLearnt* const known)
{
  const size_t n     = corpus->n_pieces;
  Draw* const  draws = calloc(n + 1, sizeof(Draw));
  if (!draws) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < n; ++i) {
    CnPiece* const piece = &corpus->pieces[i];
    assert(piece->name);
    draws[i] = (Draw){piece, draw_number(piece->name, seed), known && cn_learnt_has(known, piece->id)};
  }
  qsort(draws, n, sizeof(Draw), compare_draws);

  const size_t n_drawn = count_drawn(draws, n);
  const size_t share   = n_drawn < 3 ? 0 : n_drawn < 10 ? 1 : n_drawn / 10;
  const size_t tenth   = share < MOST_HELD_OUT ? share : MOST_HELD_OUT;
  for (size_t i = 0; i < n; ++i) {
    draws[i].piece->split = i < tenth ? CN_SPLIT_VALID : i < 2 * tenth ? CN_SPLIT_TEST : CN_SPLIT_TRAIN;
  }
  free(draws);
  cn_corpus_count(corpus);
  return CN_STATUS_SUCCESS;
}

static void
add_bad_file(CnCorpus* const corpus, const char* const name, const char* const reason)
{
  corpus->bad_files[corpus->n_bad_files++] = (CnBadFile){strdup(name), strdup(reason)};
}

// Move the notes of a piece to the store, unless they are known; what is left is to be cleared
static CnStatus
add_piece(CnCorpus* const corpus, CnPieceIndex* const known, CnPiece* const piece, const char* const name,
          size_t* const places)
{
  const size_t twin = cn_piece_index_enter(known, piece, corpus->n_pieces);
  if (twin < corpus->n_pieces) {
    char reason[512];
    snprintf(reason, sizeof(reason), "has the notes of %s", corpus->pieces[twin].name);
    add_bad_file(corpus, name, reason);
    return CN_STATUS_SUCCESS;
  }

  CN_TRY(cn_note_store_add(corpus->store, piece->notes, piece->chords, piece->n_notes,
                           &places[corpus->n_pieces]));
  CnPiece* const added = &corpus->pieces[corpus->n_pieces];
  *added               = *piece;
  added->notes         = NULL; // Until the store is mapped
  added->chords        = NULL;
  added->name          = strdup(name);
  if (!added->name) {
    return CN_STATUS_NO_MEMORY;
  }
  ++corpus->n_pieces;
  return CN_STATUS_SUCCESS;
}

// Read all files, or those that a table lists
static CnStatus
read_files(const CnPaths* const paths, CnSplitTable* const table, const CnLengths lengths,
           CnCorpus* const corpus, CnPieceIndex* const known, size_t* const places)
{
  for (size_t i = 0; i < paths->n; ++i) {
    const char* const  name = paths->items[i] + paths->root;
    char               reason[256];
    CnPiece            piece;
    const CnSplitLine* line = table->text ? cn_split_table_find(table, name) : NULL;
    if (table->text && !line) {
      add_bad_file(corpus, name, "not in the split table");
    } else if (cn_piece_load(paths->items[i], lengths, &piece, CN_FAULT(reason))) {
      add_bad_file(corpus, name, reason);
    } else {
      piece.split           = line ? line->split : CN_SPLIT_TRAIN;
      piece.is_notated      = line && line->tells_velocities ? line->is_notated : piece.is_notated;
      const CnStatus status = add_piece(corpus, known, &piece, name, places);
      cn_piece_clear(&piece);
      CN_TRY(status);
    }
  }
  for (size_t i = 0; i < table->n_lines; ++i) {
    if (!table->lines[i].is_found) {
      add_bad_file(corpus, table->lines[i].file, "in the split table, but not there");
    }
  }
  return CN_STATUS_SUCCESS;
}

// Tell the pieces where their notes are
static CnStatus
map_pieces(CnCorpus* const corpus, const size_t* const places)
{
  CN_TRY(cn_note_store_map(corpus->store));
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    CnPiece* const piece = &corpus->pieces[i];
    piece->notes         = cn_note_store_notes(corpus->store, places[i]);
    piece->chords        = cn_note_store_chords(corpus->store, places[i], piece->n_notes);
  }
  return CN_STATUS_SUCCESS;
}

// Music that cannot be read as it is, which nobody should miss in silence
static CnStatus
add_others(const char* const folder, CnCorpus* const corpus)
{
  static const char* const endings[] = {".gz",  ".bz2",      ".xz",   ".zip",  ".7z",  ".mxl",
                                        ".xml", ".musicxml", ".mscz", ".mscx", ".krn", NULL};
  CnPaths                  others    = {0};
  CN_TRY(cn_folder_list(folder, endings, &others));
  CnBadFile* const grown =
      realloc(corpus->bad_files, (corpus->n_bad_files + others.n + 1) * sizeof(CnBadFile));
  if (grown) {
    corpus->bad_files = grown;
    for (size_t i = 0; i < others.n; ++i) {
      add_bad_file(corpus, others.items[i] + others.root, "compressed, or no MIDI file: unpack or export it");
    }
  }
  cn_paths_clear(&others);
  return grown ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
}

static CnStatus
load_pieces(const CnPaths* const paths, CnSplitTable* const table, const CnLengths lengths,
            CnCorpus* const corpus)
{
  CnPieceIndex  known  = {0};
  const size_t  room   = paths->n + table->n_lines + 1;
  size_t* const places = calloc(room, sizeof(size_t));
  corpus->pieces       = calloc(room, sizeof(CnPiece));
  corpus->bad_files    = calloc(room, sizeof(CnBadFile));

  CnStatus status = places && corpus->pieces && corpus->bad_files ? cn_piece_index_init(&known, paths->n)
                                                                  : CN_STATUS_NO_MEMORY;
  if (!status) {
    status = cn_note_store_new(&corpus->store);
  }
  if (!status) {
    status = read_files(paths, table, lengths, corpus, &known, places);
  }
  if (!status) {
    status = map_pieces(corpus, places);
  }
  cn_piece_index_clear(&known);
  free(places);
  return status;
}

CnStatus
cn_corpus_load(const char* const folder, const char* const split_path, const uint32_t seed,
               const CnLengths lengths, CnCorpus* const corpus, const CnFault fault)
{
  CnSplitTable table = {0};
  CnPaths      paths = {0};
  *corpus            = (CnCorpus){0};

  CnStatus status = split_path ? cn_split_table_load(split_path, &table, fault) : CN_STATUS_SUCCESS;
  if (!status) {
    status = cn_folder_list(folder, cn_endings_of_midi, &paths);
    if (status) {
      CN_FAIL(fault, status, "%s: %s", folder, cn_file_strerror(status));
    }
  }
  if (!status) {
    status = load_pieces(&paths, &table, lengths, corpus);
    if (!status && !split_path) {
      status = add_others(folder, corpus);
    }
    if (!status && !split_path) {
      status = cn_corpus_draw_split(corpus, seed, NULL);
    }
    if (!status) {
      cn_corpus_count(corpus);
    }
    if (status == CN_STATUS_IO) { // Files that cannot be read are listed, so it is the notes
      CN_FAIL(fault, status, "%s: %s; TMPDIR says where else the notes may be kept", cn_temporary_folder(),
              cn_file_strerror(status));
    } else if (status) {
      CN_FAIL(fault, status, "%s: %s", folder, cn_strerror(status));
    }
  }
  cn_paths_clear(&paths);
  cn_split_table_clear(&table);

  if (!status && !corpus->n_pieces) {
    status = CN_FAIL(fault, CN_STATUS_NOT_FOUND, "%s: no usable MIDI file", folder);
  }
  return status;
}

void
cn_corpus_tell_left_out(const char* const command, const CnCorpus* const corpus)
{
  for (size_t i = 0; i < corpus->n_bad_files; ++i) {
    cn_error_print(command, corpus->bad_files[i].name, "left out: %s", corpus->bad_files[i].reason);
  }
}

void
cn_corpus_clear(CnCorpus* const corpus)
{
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    if (corpus->store) {
      free(corpus->pieces[i].name);
    } else {
      cn_piece_clear(&corpus->pieces[i]);
    }
  }
  cn_note_store_free(corpus->store);
  for (size_t i = 0; i < corpus->n_bad_files; ++i) {
    free(corpus->bad_files[i].name);
    free(corpus->bad_files[i].reason);
  }
  free(corpus->pieces);
  free(corpus->bad_files);
  *corpus = (CnCorpus){0};
}
