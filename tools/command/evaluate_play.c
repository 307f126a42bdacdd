// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/evaluate_play.h"

#include "tools/base/options.h"
#include "tools/compare/chart.h"
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

static int
draw(const CnComparison* const comparison, const char* const path)
{
  char            fault[256] = "";
  CnPictureFormat format     = CN_PICTURE_PNG;
  const CnChart   chart      = {&comparison, (const char* const[]){"as it plays"}, 1, "How it plays"};
  cn_picture_format(path, &format);
  const CnPage page = cn_chart_page(&chart, format, CN_PICTURE_WIDTH_DEFAULT);
  return cn_picture_save(&page, path, CN_FAULT(fault)) ? cn_error_print(command, path, "%s", fault)
                                                       : CN_EXIT_OK;
}

static int
explain(const CnStatus status)
{
  return cn_error_print(command, "--play", "%s",
                        status == CN_STATUS_NOT_FOUND
                            ? "no piece with eight bars and eight more to compare with"
                            : cn_strerror(status));
}

int
cn_evaluate_play(const CnAnyModel* const model, const CnCorpus* const corpus,
                 const CnPlaySettings* const settings, const char* const picture, json_t* const object)
{
  CnExcerpts          real       = {0};
  CnExcerpts          own        = {0};
  CnComparison* const comparison = malloc(sizeof(CnComparison));
  CnStatus            status     = CN_STATUS_NO_MEMORY;
  int                 result     = CN_EXIT_OK;
  if (comparison) {
    status = play(model, corpus, settings, &real, &own);
    status = status ? status : cn_compare(&real, &own, settings->n_sections, comparison);
  }
  if (status) {
    result = explain(status);
  } else {
    tell(comparison, object);
    result = picture ? draw(comparison, picture) : CN_EXIT_OK;
  }
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
  free(comparison);
  return result;
}
