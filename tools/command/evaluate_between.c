// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/evaluate_between.h"

#include "tools/base/options.h"

#include <stdio.h>

static CnStatus
measure(const CnAnyModel* const model, const CnCorpus* const corpus, const CnBetweenSettings* const settings,
        CnBetween* const between)
{
  CnAnyComposer composer;
  CN_TRY(cn_any_composer_init(&composer, model));
  const CnPlanner planner = cn_any_composer_planner(&composer);
  const CnStatus  status  = cn_between_measure(&planner, corpus, settings, between);
  cn_any_composer_clear(&composer);
  return status;
}

static int
explain(const CnStatus status)
{
  return cn_error_print("evaluate", "--between", "%s",
                        status == CN_STATUS_NOT_FOUND     ? "no piece is long enough"
                        : status == CN_STATUS_UNSUPPORTED ? "this kind of model cannot tell what leads where"
                                                          : cn_strerror(status));
}

int
cn_evaluate_between(const CnAnyModel* const model, const CnCorpus* const corpus,
                    const CnBetweenSettings* const settings, json_t* const object)
{
  CnBetween      between;
  const CnStatus status = measure(model, corpus, settings, &between);
  if (status) {
    return explain(status);
  }
  if (object) {
    json_object_set_new(object, "between", cn_between_json(&between));
  } else {
    putchar('\n');
    cn_between_print(stdout, settings, &between);
  }
  return CN_EXIT_OK;
}
