// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/notebook/report.h"

#include "tools/run/train_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct CnNotebookReport {
  CnTrainTable       table;
  bool               is_terminal;
  double             last;                        // [seconds] When progress was drawn
  double             before[CN_N_NOTEBOOK_TASKS]; // Losses of the weights that it began with
  bool               has_before;
  CnNotebookProgress now;
};

CnNotebookReport*
cn_notebook_report_new(const char* const output)
{
  CnNotebookReport* const report = calloc(1, sizeof(CnNotebookReport));
  if (!report) {
    return NULL;
  }

  report->is_terminal = isatty(STDERR_FILENO);
  if (cn_train_table_init(&report->table, output,
                          "step,epoch,seconds,rate,train,valid,valid_accuracy,rate_timing,train_timing,"
                          "valid_timing")) {
    cn_notebook_report_free(report);
    return NULL;
  }
  return report;
}

void
cn_notebook_report_free(CnNotebookReport* const report)
{
  if (report) {
    cn_train_table_clear(&report->table);
    free(report);
  }
}

void
cn_notebook_report_begin(const CnNotebookDataset* const dataset,
                         const CnNotebookNet            nets[CN_N_NOTEBOOK_TASKS])
{
  const CnNotebookScale* const scale = &dataset->scale;
  const char* const            unit  = cn_notebook_unit_name(scale->unit);
  unsigned                     n_out = 0;
  for (unsigned p = CN_PITCH_MIN; p <= CN_PITCH_MAX; ++p) {
    n_out += !cn_notebook_scale_has(scale, p);
  }
  fprintf(stderr, "pitches %.0f to %.0f; %u keys occur less than %u times and are left out\n",
          (double)scale->pitch[0], (double)scale->pitch[1], n_out, scale->min_count);
  fprintf(stderr, "durations to %.2f %s, steps to %.2f; on average %.3f and %.3f\n",
          (double)scale->duration[0], unit, (double)scale->step[0], (double)scale->duration[1],
          (double)scale->step[1]);
  fprintf(stderr, "windows of %u notes: %zu to learn from, %zu to choose by\n", scale->window,
          dataset->n_targets[0], dataset->n_targets[1]);
  fprintf(stderr, "pitch network: %zu parameters; timing network: %zu\n", cn_notebook_net_count(&nets[0]),
          cn_notebook_net_count(&nets[1]));
}

static double
mean(const CnNotebookLoss* const loss)
{
  return loss->sum / loss->n;
}

// What a network did in a round; its cells are empty where it had ended before
static void
write_losses(FILE* const table, const CnNotebookStanding* const net, const bool is_pitch, const bool is_first)
{
  const int decimals = is_pitch ? 4 : 5;
  if (!(net->train.n > 0.0) && !is_first) {
    fputs(is_pitch ? ",,,," : ",,,", table);
    return;
  }
  fprintf(table, ",%.3g,", (double)net->rate);
  if (!is_first) { // Where it began, nothing had been learnt yet
    fprintf(table, "%.*f", decimals, mean(&net->train));
  }
  fprintf(table, ",%.*f", decimals, mean(&net->valid));
  if (is_pitch) {
    fprintf(table, ",%.4f", net->valid.n_right / net->valid.n);
  }
}

static void
write_row(const CnNotebookReport* const report, const CnNotebookProgress* const p)
{
  fprintf(report->table.rows, "%llu,%.3f,%.1f", (unsigned long long)p->step, p->epoch, p->seconds);
  write_losses(report->table.rows, &p->net[CN_NOTEBOOK_PITCH], true, !p->step);
  write_losses(report->table.rows, &p->net[CN_NOTEBOOK_TIMING], false, !p->step);
  fputc('\n', report->table.rows);
}

static void
print_net(const CnNotebookStanding* const net, const CnNotebookTask task, const bool is_first)
{
  const int decimals = task == CN_NOTEBOOK_PITCH ? 3 : 5;
  fprintf(stderr, "  %s: ", cn_notebook_task_name(task));
  if (!(net->train.n > 0.0) && !is_first) {
    fputs("has ended", stderr);
    return;
  }
  if (!is_first) {
    fprintf(stderr, "train %.*f  ", decimals, mean(&net->train));
  }
  fprintf(stderr, "valid %.*f", decimals, mean(&net->valid));
  if (task == CN_NOTEBOOK_PITCH) {
    fprintf(stderr, "  right %.1f %%", 100.0 * net->valid.n_right / net->valid.n);
  }
  fprintf(stderr, "  rate %.2g%s", (double)net->rate, net->is_best ? "  best" : "");
}

static void
print_round(const CnNotebookProgress* const p)
{
  fprintf(stderr, "epoch %5.2f", p->epoch);
  print_net(&p->net[CN_NOTEBOOK_PITCH], CN_NOTEBOOK_PITCH, !p->step);
  print_net(&p->net[CN_NOTEBOOK_TIMING], CN_NOTEBOOK_TIMING, !p->step);
  fprintf(stderr, "  %.0f windows/s  %.0f s\n", p->windows_a_second, p->seconds);
}

static void
draw_progress(CnNotebookReport* const report, const CnNotebookProgress* const p)
{
  if (p->seconds - report->last < 0.5) {
    return;
  }
  const double left = p->share > 0.0 ? p->seconds * (1.0 - p->share) / p->share : 0.0;
  report->last      = p->seconds;
  fprintf(stderr, "\r\033[K%5.1f %%  epoch %.2f", 100.0 * p->share, p->epoch);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (!p->net[i].has_ended) {
      fprintf(stderr, "  %s %.*f", cn_notebook_task_name((CnNotebookTask)i), i ? 5 : 3,
              mean(&p->net[i].train));
    }
  }
  fprintf(stderr, "  %.0f windows/s  %ld:%02ld left", p->windows_a_second, (long)left / 60, (long)left % 60);
}

void
cn_notebook_report_progress(CnNotebookReport* const report, const CnNotebookProgress* const progress)
{
  report->now = *progress;
  if (progress->is_validated) {
    if (report->is_terminal) {
      fputs("\r\033[K", stderr);
    }
    print_round(progress);
    write_row(report, progress);
    for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS && !progress->step; ++i) {
      report->before[i]  = mean(&progress->net[i].valid);
      report->has_before = true;
    }
  } else if (report->is_terminal) {
    draw_progress(report, progress);
  }
}

CnStatus
cn_notebook_report_save(const CnNotebookReport* const report)
{
  return cn_train_table_save(&report->table);
}

// Is it better than what was there before?
static void
print_gain(const CnNotebookReport* const report)
{
  const CnNotebookStanding* const net = report->now.net;
  fprintf(stderr, "the weights that it began with: pitch %.3f nats a note, timing %.5f\n", report->before[0],
          report->before[1]);
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    if (net[i].best_round == 1) {
      fprintf(stderr,
              "nothing was better for %s: try a lower --rate, more --epochs, or more pieces to learn from\n",
              cn_notebook_task_name((CnNotebookTask)i));
    }
  }
}

void
cn_notebook_report_end(const CnNotebookReport* const report, const char* const output, const bool is_over)
{
  const CnNotebookProgress* const p = &report->now;
  if (report->is_terminal) {
    fputs("\r\033[K", stderr);
  }
  if (p->round) {
    fprintf(stderr,
            "best by validation: pitch %.3f nats a note (round %u), timing %.5f (round %u), of %u rounds\n",
            p->net[0].best_loss, p->net[0].best_round, p->net[1].best_loss, p->net[1].best_round, p->round);
  } else {
    fputs("no validation was made: these are the weights of the end\n", stderr);
  }
  if (report->has_before) {
    print_gain(report);
  }
  fprintf(stderr, "%.0f s in all; weights in %s\n", p->seconds, output);
  if (!is_over) {
    fprintf(stderr, "interrupted at epoch %.2f: the same command with --resume goes on from there\n",
            p->epoch);
  }
}

void
cn_notebook_report_exchange(CnNotebookReport* const report, CnCheckpoint* const checkpoint)
{
  cn_train_table_exchange(&report->table, checkpoint);
  cn_checkpoint_field(checkpoint, report->before, sizeof(report->before));
  cn_checkpoint_field(checkpoint, &report->has_before, sizeof(report->has_before));
  cn_checkpoint_field(checkpoint, &report->now, sizeof(report->now));
  for (unsigned i = 0; i < CN_N_NOTEBOOK_TASKS; ++i) {
    report->now.best[i] = NULL; // As an address it means nothing in another process
  }
  if (checkpoint->is_reading && !checkpoint->status) {
    fprintf(stderr, "going on from epoch %.2f\n", report->now.epoch);
  }
}

bool
cn_notebook_report_has_best(const CnNotebookReport* const report)
{
  return report->now.round > 0;
}

size_t
cn_notebook_report_metadata(const CnNotebookReport* const report, const CnNotebookRecipe* const recipe,
                            const CnNotebookNet nets[CN_N_NOTEBOOK_TASKS], const size_t n_train,
                            const size_t n_targets, CnTensorsMetadata* const metadata, char texts[][256])
{
  static const char* const keys[] = {"parameters", "trained_on", "recipe", "validation"};

  const CnNotebookProgress* const p = &report->now;
  const size_t                    n = p->round ? 4 : 3;
  snprintf(texts[0], sizeof(texts[0]), "%zu",
           cn_notebook_net_count(&nets[0]) + cn_notebook_net_count(&nets[1]));
  snprintf(texts[1], sizeof(texts[1]), "%zu pieces, %zu windows", n_train, n_targets);
  snprintf(texts[2], sizeof(texts[2]),
           "seed %u, %u workers, batches of %u windows, rate %g, dropout %g, %.2f epochs", recipe->seed,
           recipe->n_threads, recipe->n_batch, (double)recipe->rate, (double)recipe->dropout, p->epoch);
  snprintf(texts[3], sizeof(texts[3]), "pitch %.4f nats a note, timing %.5f", p->net[0].best_loss,
           p->net[1].best_loss);
  for (size_t i = 0; i < n; ++i) {
    metadata[i] = (CnTensorsMetadata){keys[i], texts[i]};
  }
  return n;
}
