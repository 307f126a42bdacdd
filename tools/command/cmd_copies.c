// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/options.h"
#include "tools/corpus/corpus.h"
#include "tools/judge/copies.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME "copies"

static const char help_text[] =
    "Usage: continuo copies IN.mid CORPUS_DIR [--split FILE]\n"
    "\n"
    "Find the longest passage of a MIDI file that stands in a file of the folder, too: the same\n"
    "pitches in the same order, and the same times from onset to onset; then the same in any key.\n"
    "In a file that 'continuo generate' made, only Continuo's notes count.  Bad files of the\n"
    "folder are told, and left out.\n"
    "\n"
    "Options:\n"
    "      --split=FILE  look only in the files that this table puts on the train side\n"
    "      --help        show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed, 2 wrong usage.\n";

/// The command line
typedef struct {
  const char* input;
  const char* folder;
  const char* split; ///< Null: all files count
  bool        help;
} Arguments;

/// The notes that may be copies
typedef struct {
  CnNote* notes;
  size_t* places; ///< Of each in its piece
  size_t  n;
  bool    has_parts; ///< They are Continuo's alone
} Sample;

static int
parse_arguments(Arguments* const arguments, const int argc, char** const argv)
{
  enum { OPTION_SPLIT = 256, OPTION_HELP };
  static const struct option long_options[] = {
      {"split", required_argument, NULL, OPTION_SPLIT},
      {"help", no_argument, NULL, OPTION_HELP},
      {NULL, 0, NULL, 0},
  };

  optind = 1;
  for (int option = 0; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
    if (option == OPTION_SPLIT) {
      arguments->split = optarg;
    } else if (option == OPTION_HELP) {
      arguments->help = true;
      return CN_EXIT_OK;
    } else {
      return cn_usage_hint(NAME);
    }
  }
  if (argc - optind != 2) {
    return cn_usage_error(NAME, NULL, "name a MIDI file and a folder of them");
  }
  arguments->input  = argv[optind];
  arguments->folder = argv[optind + 1];
  return CN_EXIT_OK;
}

/// Take Continuo's notes, or all if it has none
static CnStatus
take_sample(const CnPiece* const piece, Sample* const sample)
{
  sample->notes  = malloc(piece->n_notes * sizeof(CnNote));
  sample->places = malloc(piece->n_notes * sizeof(size_t));
  if (!sample->notes || !sample->places) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < piece->n_notes; ++i) {
    sample->has_parts = sample->has_parts || piece->notes[i].part == CN_PART_CONTINUO;
  }
  for (size_t i = 0; i < piece->n_notes; ++i) {
    if (!sample->has_parts || piece->notes[i].part == CN_PART_CONTINUO) {
      sample->notes[sample->n]    = piece->notes[i];
      sample->places[sample->n++] = i;
    }
  }
  return CN_STATUS_SUCCESS;
}

static void
print_copy(const char* const name, const CnCopy* const copy, const Sample* const sample,
           const CnPiece* const piece, const CnCorpus* const corpus)
{
  printf("%-12s", name);
  if (!copy->n_notes) {
    puts("nothing");
    return;
  }
  printf("%zu notes from bar %u are in %s, bar %u", copy->n_notes,
         cn_notes_bar(piece->notes, sample->places[copy->sample_first]), corpus->pieces[copy->piece].name,
         copy->bar);
  if (copy->transposition) {
    printf(", %d semitones %s", abs(copy->transposition), copy->transposition > 0 ? "lower" : "higher");
  }
  putchar('\n');
}

static int
search_corpus(const Arguments* const arguments, const CnPiece* const piece, CnCorpus* const corpus)
{
  Sample   sample = {0};
  CnCopy   copies[2];
  CnStatus status = take_sample(piece, &sample);
  for (size_t i = 0; !arguments->split && i < corpus->n_pieces; ++i) {
    corpus->pieces[i].split = CN_SPLIT_TRAIN;
  }
  for (unsigned transposed = 0; !status && transposed < 2; ++transposed) {
    status = cn_copies_find(sample.notes, sample.n, corpus, transposed, &copies[transposed]);
  }
  if (!status) {
    const size_t n = arguments->split ? corpus->n_in_split[CN_SPLIT_TRAIN] : corpus->n_pieces;
    printf("%zu notes%s, looked for in %zu %s:\n", sample.n, sample.has_parts ? " of Continuo's" : "", n,
           n == 1 ? "file" : "files");
    print_copy("verbatim", &copies[0], &sample, piece, corpus);
    print_copy("in any key", &copies[1], &sample, piece, corpus);
  }
  free(sample.notes);
  free(sample.places);
  return status ? cn_error_print(NAME, NULL, "%s", cn_strerror(status)) : CN_EXIT_OK;
}

static int
load_corpus(const Arguments* const arguments, CnCorpus* const corpus)
{
  char           fault[512] = "";
  const CnStatus status =
      cn_corpus_load(arguments->folder, arguments->split, 0, CN_LENGTHS_FINGERS, corpus, CN_FAULT(fault));
  cn_corpus_tell_left_out(NAME, corpus);
  if (status) {
    return cn_error_print(NAME, NULL, "%s", fault);
  }
  if (arguments->split && !corpus->n_in_split[CN_SPLIT_TRAIN]) {
    return cn_error_print(NAME, arguments->split, "no file on the train side");
  }
  return CN_EXIT_OK;
}

int
cn_cmd_copies(int argc, char** argv)
{
  Arguments arguments  = {0};
  CnPiece   piece      = {0};
  CnCorpus  corpus     = {0};
  char      fault[256] = "";

  int status = parse_arguments(&arguments, argc, argv);
  if (status || arguments.help) {
    return status ? status : cn_help_print(help_text);
  }
  assert(arguments.input && arguments.folder);
  if (cn_piece_load(arguments.input, CN_LENGTHS_FINGERS, &piece, CN_FAULT(fault))) {
    return cn_error_print(NAME, arguments.input, "%s", fault);
  }
  status = load_corpus(&arguments, &corpus);
  if (!status) {
    status = search_corpus(&arguments, &piece, &corpus);
  }
  cn_corpus_clear(&corpus);
  cn_piece_clear(&piece);
  return status;
}
