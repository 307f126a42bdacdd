// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/evaluate_play.h"

#include "tools/base/options.h"
#include "tools/command/toolsets.h"
#include "tools/compare/chart.h"
#include "tools/compare/compare.h"
#include "tools/compare/report.h"
#include "tools/gradient/gradient.h"
#include "tools/judge/judge.h"

#include <stdio.h>
#include <stdlib.h>

static const char command[] = "evaluate";

/// Notes that a section has at most: of bars of eight quarters at the longest, so that it always fits
#define MOST_OF_SECTION (8U * 16U * CN_SEGMENT_NOTES)

// What notes after a phrase cost the model
typedef struct {
  const CnJudge* judge;
  void*          scorer;
  uint32_t       most;       // Notes that it has room for
  CnLoss         loss[2][2]; // Of real and own notes, without motifs and with them
} Path;

// Score the notes after a phrase: those of all, less those of the phrase
static CnStatus
score(void* const handle, CnNote* const notes, const uint32_t n_phrase, const uint32_t n_notes,
      const bool is_own)
{
  Path* const path   = (Path*)handle;
  CnPiece     phrase = {.notes = notes, .n_notes = n_phrase};
  CnPiece     whole  = {.notes = notes, .n_notes = n_notes};
  for (unsigned motif = 0; motif < 2 && n_notes <= path->most; ++motif) {
    char          fault[256];
    CnScoring     scoring[2] = {{.all = {.n_notes = 0.0}}, {.all = {.n_notes = 0.0}}};
    CnScoring     mean       = {.all = {.n_notes = 0.0}};
    CnLoss* const loss       = &path->loss[is_own][motif];
    CN_TRY(path->judge->score(path->scorer, &(CnTrial){&phrase, "", motif, false, 0}, &scoring[0], &mean,
                              CN_FAULT(fault)));
    CN_TRY(path->judge->score(path->scorer, &(CnTrial){&whole, "", motif, false, 0}, &scoring[1], &mean,
                              CN_FAULT(fault)));
    for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
      loss->nll[f] += scoring[1].all.nll[f] - scoring[0].all.nll[f];
    }
    loss->n_notes += scoring[1].all.n_notes - scoring[0].all.n_notes;
    loss->n_velocities += scoring[1].all.n_velocities - scoring[0].all.n_velocities;
  }
  return CN_STATUS_SUCCESS;
}

static void
tell_path(const Path* const path, json_t* const object)
{
  static const char* const names[2][2] = {{"real_bare", "real"}, {"own_bare", "own"}};
  if (!object) {
    printf("A note that it plays costs it %.2f nats, one by which the piece goes on %.2f; without motifs "
           "%.2f and "
           "%.2f.\n",
           cn_loss_mean(&path->loss[1][1]), cn_loss_mean(&path->loss[0][1]), cn_loss_mean(&path->loss[1][0]),
           cn_loss_mean(&path->loss[0][0]));
    return;
  }
  json_t* const nats = json_object();
  for (unsigned i = 0; i < 4; ++i) {
    json_object_set_new(nats, names[i / 2][i % 2], json_real(cn_loss_mean(&path->loss[i / 2][i % 2])));
  }
  json_object_set_new(json_object_get(object, "play"), "nats", nats);
}

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
tell(const CnComparison* const comparison, const Path* const path, json_t* const object)
{
  if (object) {
    json_object_set_new(object, "play", cn_comparison_json(comparison));
  } else {
    putchar('\n');
    cn_comparison_print(stdout, "as it plays", comparison);
  }
  if (path->scorer) {
    tell_path(path, object);
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

// Play, compare and tell
static int
play_and_tell(const CnAnyModel* const model, const CnCorpus* const corpus,
              const CnPlaySettings* const settings, const char* const picture, const Path* const path,
              json_t* const object)
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
    tell(comparison, path, object);
    result = picture ? draw(comparison, picture) : CN_EXIT_OK;
  }
  cn_excerpts_clear(&real);
  cn_excerpts_clear(&own);
  free(comparison);
  return result;
}

int
cn_evaluate_play(const CnAnyModel* const model, const CnCorpus* const corpus,
                 const CnPlaySettings* const settings, const char* const picture, json_t* const object)
{
  const CnJudge* const judge    = cn_toolset_of(model->architecture)->judge;
  const uint32_t       most     = settings->n_sections * MOST_OF_SECTION + corpus->longest;
  Path                 path     = {.judge = judge, .most = most};
  const CnPlayListener listener = {&path, score};
  CnPlaySettings       played   = *settings;
  if (judge->hears_motifs) { // Of others, notes alone do not say what they cost
    path.scorer     = judge->scorer_new(model->handle, most);
    played.listener = path.scorer ? &listener : NULL;
  }
  const int result = play_and_tell(model, corpus, &played, picture, &path, object);
  judge->scorer_free(path.scorer);
  return result;
}
