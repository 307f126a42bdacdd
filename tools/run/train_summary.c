// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_summary.h"

#include "tools/judge/lineage.h"
#include "tools/judge/ngram.h"
#include "tools/run/train_samples.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_GAIN 0.005 // [nats] a note that is worth being called better: two seeds differ by twice that
#define LEAST_PASSAGE 8  // Notes that are worth being told of: fewer are a scale or a chord

static CnStatus
score_trigram(const CnCorpus* const corpus, CnLoss* const loss)
{
  CnScoring      sum   = {.all = {.n_notes = 0.0}};
  CnNgram* const ngram = cn_ngram_new(corpus);
  if (!ngram) {
    return CN_STATUS_NO_MEMORY;
  }
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    if (corpus->pieces[i].split == CN_SPLIT_VALID) {
      const CnScoring scoring = cn_ngram_score(ngram, &corpus->pieces[i], NULL);
      cn_scoring_add(&sum, &scoring);
    }
  }
  cn_ngram_free(ngram);
  *loss = sum.all;
  return CN_STATUS_SUCCESS;
}

// The pieces that it is judged by, of which nobody is told that they are new unless they are
static void
print_judges(FILE* const file, const CnTrainOutcome* const outcome)
{
  const size_t n = outcome->corpus->n_in_split[CN_SPLIT_VALID];
  const size_t n_known =
      outcome->known ? cn_lineage_count(outcome->known, outcome->corpus, CN_SPLIT_VALID) : 0;
  if (n_known) {
    fprintf(file, "On %zu pieces, of which the weights that it began with had learnt %zu", n, n_known);
  } else if (outcome->known && outcome->known->has_others) {
    fprintf(file, "On %zu pieces, which the weights that it began with may have learnt (they do not say)", n);
  } else {
    fputs("On pieces that it has not learnt from", file);
  }
  fputs(",\n", file);
}

static void
print_losses(FILE* const file, const CnTrainOutcome* const outcome, const CnLoss* const trigram)
{
  const CnLoss* const bare = &outcome->after->valid_bare;
  const double        gain = cn_loss_mean(trigram) - cn_loss_mean(bare);
  print_judges(file, outcome);
  fprintf(
      file,
      "a note surprises it by %.2f nats, and by %.2f where it may not listen for motifs that come again;\n"
      "a trigram, which knows the last two notes, by %.2f.\n",
      cn_loss_mean(&outcome->after->valid), cn_loss_mean(bare), cn_loss_mean(trigram));
  if (gain > 0.0) {
    fprintf(
        file,
        "So even without motifs, it finds the note that comes %.3g times as likely as the trigram does.\n",
        exp(gain));
  } else {
    fputs("That is no better than the trigram: it wants more pieces, or more time.\n", file);
  }
}

static void
print_copy(FILE* const file, const CnSampleCheck* const check, const bool is_tuned)
{
  const char* const here = is_tuned ? "here" : "from"; // What else its base has learnt is not at hand
  fprintf(file, "Does it copy?  It has continued %zu of those pieces by %zu notes: ", check->n_samples,
          check->n_notes);
  if (check->n_copied < LEAST_PASSAGE) {
    fprintf(file, "no passage of\n%d notes or more stands in what it learnt %s.\n", LEAST_PASSAGE, here);
    return;
  }
  fprintf(file, "the longest passage that stands in what it\nlearnt %s, too, has %zu notes, in %s", here,
          check->n_copied, check->piece->name);
  if (!check->piece->first) {
    fprintf(file, " from bar %u on", check->bar);
  }
  if (check->transposition) {
    fprintf(file, " (%d semitones %s)", abs(check->transposition),
            check->transposition > 0 ? "lower" : "higher");
  }
  fprintf(file, ".\nAs those pieces really go on, they have %zu notes in common with it.\n",
          check->n_genuine);
}

// A row of losses, with motifs and without, by factor; velocities that nobody played have none
static void
print_row(FILE* const file, const char* const name, const CnProgress* const p)
{
  fprintf(file, "  %-8s", name);
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    if (f == CN_FACTOR_VELOCITY && !(p->valid.n_velocities > 0.0)) {
      fprintf(file, "%16s", "-");
    } else {
      fprintf(file, "   %6.3f %6.3f", cn_loss_factor(&p->valid, (CnFactor)f),
              cn_loss_factor(&p->valid_bare, (CnFactor)f));
    }
  }
  fprintf(file, "   %6.3f %6.3f\n", cn_loss_mean(&p->valid), cn_loss_mean(&p->valid_bare));
}

// Mean of both, by which the best weights are chosen
static double
judge(const CnProgress* const p)
{
  return 0.5 * (cn_loss_mean(&p->valid) + cn_loss_mean(&p->valid_bare));
}

// Is it better than what was there before?
static void
print_comparison(FILE* const file, const CnTrainOutcome* const outcome)
{
  const double gain = judge(outcome->before) - judge(outcome->after);
  fputs("Nats a note on the same pieces, each with motifs and without:\n  ", file);
  fprintf(file, "%-8s%16s%16s%16s%16s%16s\n", "", "dt", "pitch", "duration", "velocity", "all");
  print_row(file, "before", outcome->before);
  print_row(file, "now", outcome->after);
  if (gain >= LEAST_GAIN) {
    fprintf(file, "It is better than the weights that it began with, by %.3f nats a note.\n", gain);
    return;
  }
  fputs(outcome->after->step
            ? "It is hardly better than the weights that it began with: keep those, or try"
            : "Nothing was better than the weights that it began with, so these are the same: try",
        file);
  fprintf(file, "\n--rate %.2g, a greater --patience, or more pieces to learn from.\n",
          (double)outcome->rate / 3.0);
}

CnStatus
cn_train_summary_print(FILE* const file, const CnTrainOutcome* const outcome)
{
  const CnCorpus* const corpus = outcome->corpus;
  fprintf(file, "\nIt has learnt from %zu notes in %zu pieces.\n", corpus->n_notes_in[CN_SPLIT_TRAIN],
          corpus->n_in_split[CN_SPLIT_TRAIN]);
  if (!(outcome->after->valid.n_notes > 0.0)) {
    fputs("There were too few pieces to keep some for judging it.\n", file);
    return CN_STATUS_SUCCESS;
  }

  CnLoss        trigram = {.n_notes = 0.0};
  CnSampleCheck check;
  CN_TRY(score_trigram(corpus, &trigram));
  print_losses(file, outcome, &trigram);
  if (outcome->before->valid.n_notes > 0.0) {
    print_comparison(file, outcome);
  }
  CN_TRY(cn_train_samples_check(outcome->model, corpus, &check));
  if (check.n_samples) {
    print_copy(file, &check, outcome->known);
  }
  return CN_STATUS_SUCCESS;
}
