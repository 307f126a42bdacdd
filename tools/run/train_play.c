// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_play.h"

#include "tools/compare/compare.h"
#include "tools/compare/play.h"
#include "tools/compare/report.h"

#include "dsp/network/composer.h"

#include <stdlib.h>

#define MOST_PIECES 20 // That are gone on with: half a minute of one core at most
#define LEAST_PIECES 5 // Fewer have no range
#define N_SECTIONS 4   // Of eight bars

static CnStatus
play(const CnModel* const model, const CnCorpus* const corpus, CnExcerpts* const real, CnExcerpts* const own)
{
  static const CnPlaySettings settings = {.n_sections = N_SECTIONS,
                                          .n_takes    = 1,
                                          .n_pieces   = MOST_PIECES,
                                          .side       = CN_SPLIT_VALID,
                                          .has_sides  = true};

  CnComposer* const composer = cn_composer_new(model);
  if (!composer) {
    return CN_STATUS_NO_MEMORY;
  }
  const CnPlanner planner = cn_composer_planner(composer);
  const CnStatus  status  = cn_play(&planner, corpus, &settings, real, own);
  cn_composer_free(composer);
  return status;
}

static CnStatus
compare(FILE* const file, const CnExcerpts* const real, const CnExcerpts* const own)
{
  CnComparison* const comparison = malloc(sizeof(CnComparison));
  CnStatus            status     = CN_STATUS_NO_MEMORY;
  if (comparison) {
    status = cn_compare(real, own, N_SECTIONS, comparison);
  }
  if (!status) {
    fprintf(file, "Does it play like them?  It has gone on with %zu of those pieces for %d bars.\n", real->n,
            N_SECTIONS * CN_SECTION_BARS);
    cn_comparison_print_gist(file, comparison);
  }
  free(comparison);
  return status == CN_STATUS_NOT_FOUND ? CN_STATUS_SUCCESS : status; // It may have played next to nothing
}

CnStatus
cn_train_play_print(FILE* const file, const CnModel* const model, const CnCorpus* const corpus)
{
  CnExcerpts real   = {0};
  CnExcerpts own    = {0};
  CnStatus   status = play(model, corpus, &real, &own);
  if (!status && real.n >= LEAST_PIECES) {
    status = compare(file, &real, &own);
  }
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
  return status;
}
