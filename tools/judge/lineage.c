// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/judge/lineage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 200 }; // [bytes] Of what a line of descent says of a thing

// A copy of a text, or of two with something between them; null for null
static char*
join(const char* const first, const char* const between, const char* const second)
{
  if (!first || !second) {
    return first || second ? strdup(first ? first : second) : NULL;
  }
  const size_t size = strlen(first) + strlen(between) + strlen(second) + 1;
  char* const  text = malloc(size);
  if (text) {
    snprintf(text, size, "%s%s%s", first, between, second);
  }
  return text;
}

// Bytes of the whole letters at the beginning of a text in UTF-8, as many as there is room for
static int
measure_letters(const char* const text)
{
  size_t n = strlen(text);
  if (n > MOST_WORDS) {
    for (n = MOST_WORDS; n > 0 && ((uint8_t)text[n] & 0xC0U) == 0x80U;) {
      --n;
    }
  }
  return (int)n;
}

// The parent's own line, before those of its parents
static char*
describe(const CnTensors* const tensors, const char* const parent)
{
  const char* const told    = cn_tensors_metadata(tensors, "trained_on");
  const char* const what    = told ? told : "does not say what it learnt";
  const char* const licence = cn_tensors_metadata(tensors, "licence");
  const char* const under   = licence ? licence : "";
  char              line[64 + 2 * MOST_WORDS];
  snprintf(line, sizeof(line), "%s: %.*s%s%.*s", parent, measure_letters(what), what, licence ? ", " : "",
           measure_letters(under), under);
  return join(line, "\n", cn_tensors_metadata(tensors, "descent"));
}

CnStatus
cn_lineage_inherit(const CnTensors* const tensors, const uint64_t id, CnLineage* const lineage)
{
  const char* const licence = cn_tensors_metadata(tensors, "licence");
  const char* const credit  = cn_tensors_metadata(tensors, "credit");
  *lineage = (CnLineage){.licence = join(licence, "", NULL), .credit = join(credit, "", NULL)};
  snprintf(lineage->parent, sizeof(lineage->parent), "%016" PRIx64, id);
  lineage->descent = describe(tensors, lineage->parent);
  CN_TRY(cn_learnt_parse(cn_tensors_metadata(tensors, "learnt"), &lineage->learnt));
  return !lineage->descent || !lineage->licence != !licence || !lineage->credit != !credit
             ? CN_STATUS_NO_MEMORY
             : CN_STATUS_SUCCESS;
}

static CnStatus
replace(char** const text, char* const with)
{
  if (!with) {
    return CN_STATUS_NO_MEMORY;
  }
  free(*text);
  *text = with;
  return CN_STATUS_SUCCESS;
}

static CnStatus
add_corpus(CnLearnt* const learnt, const CnCorpus* const corpus)
{
  size_t          n   = 0;
  uint64_t* const ids = calloc(corpus->n_pieces + 1, sizeof(uint64_t));
  if (!ids) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    if (corpus->pieces[i].split == CN_SPLIT_TRAIN) {
      ids[n++] = corpus->pieces[i].id;
    }
  }
  const CnStatus status = cn_learnt_add(learnt, ids, n);
  free(ids);
  return status;
}

CnStatus
cn_lineage_complete(CnLineage* const lineage, const CnCorpus* const corpus, const char* const licence,
                    const char* const credit)
{
  if (licence) {
    CN_TRY(replace(&lineage->licence, join(licence, "", NULL)));
  }
  if (credit && !(lineage->credit && strstr(lineage->credit, credit))) { // Thanks are said once
    CN_TRY(replace(&lineage->credit, join(credit, "; ", lineage->credit)));
  }
  CN_TRY(add_corpus(&lineage->learnt, corpus));
  return replace(&lineage->list, cn_learnt_format(&lineage->learnt));
}

size_t
cn_lineage_metadata(const CnLineage* const lineage, CnTensorsMetadata* const metadata)
{
  const CnTensorsMetadata all[CN_N_LINEAGE_ENTRIES] = {
      {"licence", lineage->licence},
      {"credit", lineage->credit},
      {"parent", *lineage->parent ? lineage->parent : NULL},
      {"descent", lineage->descent},
      {"learnt", lineage->list},
  };
  size_t n = 0;
  for (size_t i = 0; i < CN_N_LINEAGE_ENTRIES; ++i) {
    if (all[i].value) {
      metadata[n++] = all[i];
    }
  }
  return n;
}

size_t
cn_lineage_count(const CnLearnt* const learnt, const CnCorpus* const corpus, const CnSplit side)
{
  size_t n = 0;
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    const CnPiece* const piece = &corpus->pieces[i];
    n += piece->split == side && !piece->first && cn_learnt_has(learnt, piece->id);
  }
  return n;
}

void
cn_lineage_clear(CnLineage* const lineage)
{
  cn_learnt_clear(&lineage->learnt);
  free(lineage->descent);
  free(lineage->licence);
  free(lineage->credit);
  free(lineage->list);
  *lineage = (CnLineage){0};
}
