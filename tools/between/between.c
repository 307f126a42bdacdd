// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/between/between.h"

#include "tools/between/infill.h"
#include "tools/judge/continuation.h"

#include <math.h>
#include <stdlib.h>

enum { BARS_BEFORE = 8, N_CHROMA = 12 };

// A piece cut in three
typedef struct {
  CnScore* before;
  CnScore* real; // That, and the bars between
  CnScore* after;
  int32_t  line; // [ticks] where `after` begins in the piece
} Cut;

// How the pitch classes share the time of a passage [ticks]
static void
count_chroma(const CnScore* const score, const int32_t from, const int32_t until, double chroma[N_CHROMA])
{
  for (unsigned c = 0; c < N_CHROMA; ++c) {
    chroma[c] = 0.0;
  }
  for (size_t i = 0; i < score->n_notes; ++i) {
    chroma[score->notes[i].pitch % N_CHROMA] += cn_note_overlap(&score->notes[i], from, until);
  }
}

// One less the cosine of two vectors
static double
distance(const double a[N_CHROMA], const double b[N_CHROMA])
{
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;
  for (unsigned c = 0; c < N_CHROMA; ++c) {
    aa += a[c] * a[c];
    bb += b[c] * b[c];
    ab += a[c] * b[c];
  }
  return aa > 0.0 && bb > 0.0 ? 1.0 - ab / sqrt(aa * bb) : 1.0;
}

// From the bar before a line to the first bar of what follows
static double
find_apart(const CnScore* const before, const int32_t line, const CnScore* const after)
{
  double      a[N_CHROMA];
  double      b[N_CHROMA];
  const CnBar first = cn_score_bar(after, 0);
  count_chroma(before, cn_score_bar(before, line - 1).start, line, a);
  count_chroma(after, 0, first.start + first.length, b);
  return distance(a, b);
}

static void
add(CnBetween* const between, const double nats[CN_N_BETWEEN_WAYS], const double apart[CN_N_BETWEEN_WAYS])
{
  for (unsigned w = 0; w < CN_N_BETWEEN_WAYS; ++w) {
    between->nats[w] += nats[w];
    between->apart[w] += apart[w];
    between->n_better[w] += nats[w] < nats[CN_BETWEEN_PLAIN];
    between->n_nearer[w] += apart[w] < apart[CN_BETWEEN_PLAIN];
    between->n_further[w] += apart[w] > apart[CN_BETWEEN_PLAIN];
  }
  ++between->n;
}

// Compose between the passages of a piece, once
static CnStatus
measure_take(const CnPlanner* const planner, const Cut* const cut, const CnInfillSettings* const settings,
             CnBetween* const between)
{
  CnInfillSettings told                       = *settings;
  CnScore*         results[CN_N_BETWEEN_WAYS] = {NULL};
  CnInfill         infills[CN_N_BETWEEN_WAYS];
  double           nats[CN_N_BETWEEN_WAYS];
  double           apart[CN_N_BETWEEN_WAYS];
  told.n_candidates      = 1;
  CnInfillSettings plain = told;
  plain.hides            = true;

  const CnInfillSettings* const ways[CN_N_BETWEEN_WAYS] = {NULL, &plain, &told, settings};
  CnStatus status = cn_following_surprise(planner, cut->real, cut->after, cut->line, &nats[CN_BETWEEN_REAL]);
  apart[CN_BETWEEN_REAL] = find_apart(cut->real, cut->line, cut->after);
  for (unsigned w = CN_BETWEEN_PLAIN; !status && w <= CN_BETWEEN_INFILL; ++w) {
    status = cn_score_infill(cut->before, cut->after, planner, ways[w], &results[w], &infills[w]);
    if (!status) {
      nats[w]  = infills[w].nats[1];
      apart[w] = find_apart(results[w], infills[w].place.end, cut->after);
    }
    cn_score_free(results[w]);
  }
  if (!status) {
    add(between, nats, apart);
  }
  return status;
}

static int32_t
find_line(const CnScore* const score, const int32_t n_bars)
{
  int32_t line = 0;
  for (int32_t b = 0; b < n_bars; ++b) {
    line += cn_score_bar(score, line).length;
  }
  return line;
}

// Take what follows a line out of a piece
static CnStatus
take_after(const CnScore* const whole, const int32_t line, const int32_t end, CnScore** const after)
{
  CnNote* const notes  = malloc((whole->n_notes + 1) * sizeof(CnNote));
  size_t        n      = 0;
  CnStatus      status = CN_STATUS_NO_MEMORY;
  for (size_t i = 0; notes && i < whole->n_notes; ++i) {
    if (whole->notes[i].onset >= line && whole->notes[i].onset < end) {
      notes[n] = whole->notes[i];
      notes[n++].onset -= line;
    }
  }
  if (notes) {
    status = cn_score_new(notes, n, whole->tempi, 1, whole->meters, 1, after);
  }
  free(notes);
  return status;
}

// Cut a piece; one that is too short leaves a part without a note
static CnStatus
cut_piece(const CnPiece* const piece, const int32_t n_bars, Cut* const cut)
{
  CnScore* whole  = NULL;
  CnStatus status = cn_score_of_passage(piece->notes, piece->n_notes, &whole);
  if (!status) {
    status = cn_score_of_passage(piece->notes, piece->n_notes, &cut->before);
  }
  if (!status) {
    status = cn_score_of_passage(piece->notes, piece->n_notes, &cut->real);
  }
  if (!status) {
    cut->line = find_line(whole, BARS_BEFORE + n_bars);
    cn_score_keep_bars(cut->before, BARS_BEFORE);
    cn_score_keep_bars(cut->real, BARS_BEFORE + n_bars);
    status =
        take_after(whole, cut->line, find_line(whole, BARS_BEFORE + n_bars + CN_INFILL_BARS), &cut->after);
  }
  cn_score_free(whole);
  return status;
}

static void
clear(Cut* const cut)
{
  cn_score_free(cut->before);
  cn_score_free(cut->real);
  cn_score_free(cut->after);
}

static CnStatus
measure_piece(const CnPlanner* const planner, const CnPiece* const piece,
              const CnBetweenSettings* const settings, CnBetween* const between)
{
  Cut              cut    = {NULL, NULL, NULL, 0};
  CnStatus         status = cut_piece(piece, settings->n_bars, &cut);
  CnInfillSettings infill = {cn_continuation_settings(settings->n_bars), settings->n_candidates, false};
  const bool       is_fit =
      !status && cut.before->n_notes && cut.after->n_notes && cut.real->n_notes > cut.before->n_notes;
  for (uint32_t take = 1; is_fit && !status && take <= settings->n_takes; ++take) {
    infill.continuation.params.take = take;
    status                          = measure_take(planner, &cut, &infill, between);
  }
  clear(&cut);
  return status;
}

CnStatus
cn_between_measure(const CnPlanner* const planner, const CnCorpus* const corpus,
                   const CnBetweenSettings* const settings, CnBetween* const between)
{
  CnStatus status = CN_STATUS_SUCCESS;
  *between        = (CnBetween){.n = 0};
  for (size_t i = 0; !status && i < corpus->n_pieces; ++i) {
    const CnPiece* const piece = &corpus->pieces[i];
    if (!piece->first && (!settings->has_sides || piece->split == settings->side) &&
        between->n / settings->n_takes < settings->n_pieces) {
      status = measure_piece(planner, piece, settings, between);
    }
  }
  return status || between->n ? status : CN_STATUS_NOT_FOUND;
}

void
cn_between_print(FILE* const file, const CnBetweenSettings* const settings, const CnBetween* const between)
{
  static const char* const names[CN_N_BETWEEN_WAYS] = {"the piece's own", "plain", "told", "chosen"};
  fprintf(file,
          "%d bars between, %u cases; the two bars that follow, nats a note, and how far their harmony is:\n",
          (int)settings->n_bars, between->n);
  for (unsigned w = 0; w < CN_N_BETWEEN_WAYS; ++w) {
    fprintf(file, "%-16s %7.4f  %6.4f", names[w], between->nats[w] / between->n,
            between->apart[w] / between->n);
    if (w > CN_BETWEEN_PLAIN) {
      fprintf(file, "  less surprising than plain in %u, nearer in %u, further in %u", between->n_better[w],
              between->n_nearer[w], between->n_further[w]);
    }
    fputc('\n', file);
  }
  fprintf(file, "plain knows nothing of what follows; chosen is the best of %u that do\n",
          settings->n_candidates);
}

json_t*
cn_between_json(const CnBetween* const between)
{
  static const char* const names[CN_N_BETWEEN_WAYS] = {"real", "plain", "told", "infill"};
  json_t* const            object                   = json_object();
  for (unsigned w = 0; w < CN_N_BETWEEN_WAYS; ++w) {
    json_t* const way = json_object();
    json_object_set_new(way, "nll", json_real(between->nats[w] / between->n));
    json_object_set_new(way, "apart", json_real(between->apart[w] / between->n));
    json_object_set_new(way, "better", json_integer(between->n_better[w]));
    json_object_set_new(way, "nearer", json_integer(between->n_nearer[w]));
    json_object_set_new(way, "further", json_integer(between->n_further[w]));
    json_object_set_new(object, names[w], way);
  }
  json_object_set_new(object, "cases", json_integer(between->n));
  return object;
}
