// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/evaluate_play.h"

#include "tools/base/options.h"
#include "tools/compare/compare.h"
#include "tools/compare/report.h"

#include <stdio.h>
#include <stdlib.h>

static const char command[] = "evaluate";

static CnStatus
play(const CnAnyModel* const model, const CnCorpus* const corpus, const CnPlaySettings* const settings,
     CnExcerpts* const real, CnExcerpts* const own)
{
  CnAnyComposer composer;
  CN_TRY(cn_any_composer_init(&composer, model));
  const CnPlanner planner = cn_any_composer_planner(&composer);
  const CnStatus  status  = cn_play(&planner, corpus, settings, real, own);
  cn_any_composer_clear(&composer);
  return status;
}

static void
tell(const CnComparison* const comparison, json_t* const object)
{
  if (object) {
    json_object_set_new(object, "play", cn_comparison_json(comparison));
  } else {
    putchar('\n');
    cn_comparison_print(stdout, "as it plays", comparison);
  }
}

int
cn_evaluate_play(const CnAnyModel* const model, const CnCorpus* const corpus,
                 const CnPlaySettings* const settings, json_t* const object)
{
  CnExcerpts          real       = {0};
  CnExcerpts          own        = {0};
  CnComparison* const comparison = malloc(sizeof(CnComparison));
  CnStatus            status = comparison ? play(model, corpus, settings, &real, &own) : CN_STATUS_NO_MEMORY;
  if (!status) {
    status = cn_compare(&real, &own, settings->n_sections, comparison);
  }
  if (!status) {
    tell(comparison, object);
  }
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
  free(comparison);
  return !status ? CN_EXIT_OK
                 : cn_error_print(command, "--play", "%s",
                                  status == CN_STATUS_NOT_FOUND
                                      ? "no piece with eight bars and eight more to compare with"
                                      : cn_strerror(status));
}
