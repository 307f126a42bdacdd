// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_summary.h"

#include "tools/judge/ngram.h"
#include "tools/run/train_samples.h"

#include <math.h>
#include <stdlib.h>

#define LEAST_PASSAGE 8 // Notes that are worth being told of: fewer are a scale or a chord

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

static void
print_losses(FILE* const file, const CnLoss* const valid, const CnLoss* const bare,
             const CnLoss* const trigram)
{
  const double gain = cn_loss_mean(trigram) - cn_loss_mean(bare);
  fprintf(file,
          "On pieces that it has not learnt from, a note surprises it by %.2f nats, and by %.2f where it may "
          "not\n"
          "listen for motifs that come again; a trigram, which knows the last two notes, by %.2f.\n",
          cn_loss_mean(valid), cn_loss_mean(bare), cn_loss_mean(trigram));
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
print_copy(FILE* const file, const CnSampleCheck* const check)
{
  fprintf(file, "Does it copy?  It has continued %zu of those pieces by %zu notes: ", check->n_samples,
          check->n_notes);
  if (check->n_copied < LEAST_PASSAGE) {
    fprintf(file, "no passage of\n%d notes or more stands in what it learnt from.\n", LEAST_PASSAGE);
    return;
  }
  fprintf(file, "the longest passage that stands in what it\nlearnt from, too, has %zu notes, in %s",
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

CnStatus
cn_train_summary_print(FILE* const file, const CnModel* const model, const CnCorpus* const corpus,
                       const CnLoss* const valid, const CnLoss* const bare)
{
  fprintf(file, "\nIt has learnt from %zu notes in %zu pieces.\n", corpus->n_notes_in[CN_SPLIT_TRAIN],
          corpus->n_in_split[CN_SPLIT_TRAIN]);
  if (!(valid->n_notes > 0.0)) {
    fputs("There were too few pieces to keep some for judging it.\n", file);
    return CN_STATUS_SUCCESS;
  }

  CnLoss        trigram = {.n_notes = 0.0};
  CnSampleCheck check;
  CN_TRY(score_trigram(corpus, &trigram));
  print_losses(file, valid, bare, &trigram);
  CN_TRY(cn_train_samples_check(model, corpus, &check));
  if (check.n_samples) {
    print_copy(file, &check);
  }
  return CN_STATUS_SUCCESS;
}
