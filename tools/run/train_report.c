// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_report.h"

#include "tools/base/file.h"
#include "tools/judge/lineage.h"
#include "tools/learn/ranks.h"
#include "tools/run/train_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct CnTrainReport {
  const CnRecipe* recipe;
  const CnCorpus* corpus;
  const CnLayout* layout;
  CnTrainTable    table;
  bool            is_terminal;
  double          last;   // [seconds] when the progress line was last drawn
  CnProgress      before; // The first step, if trained weights were validated
  CnProgress      best;
  CnProgress      now;
};

void
cn_train_report_bad_files(const CnCorpus* const corpus)
{
  for (size_t i = 0; i < corpus->n_bad_files; ++i) {
    fprintf(stderr, "left out: %s: %s\n", corpus->bad_files[i].name, corpus->bad_files[i].reason);
  }
}

static void
report_velocities(const CnCorpus* const corpus)
{
  size_t n_notated = 0;
  for (size_t i = 0; i < corpus->n_pieces; ++i) {
    n_notated += corpus->pieces[i].is_notated;
  }
  fprintf(stderr,
          "velocities: of %zu pieces as they were played, of %zu as notated, from which none are learnt\n",
          corpus->n_pieces - n_notated, n_notated);
}

void
cn_train_report_corpus(const CnCorpus* const corpus, const char* const folder, const char* const split_path)
{
  static const char* const uses[CN_N_SPLITS] = {"to learn from", "to choose by", "for test"};

  cn_train_report_bad_files(corpus);
  fprintf(stderr, "%s: %zu %s", folder, corpus->n_pieces, corpus->n_pieces == 1 ? "piece" : "pieces");
  if (corpus->n_bad_files) {
    fprintf(stderr, " (%zu %s left out)", corpus->n_bad_files, corpus->n_bad_files == 1 ? "file" : "files");
  }
  fputs(split_path ? ", split by the table\n" : ", split by file as the random seed has it\n", stderr);
  for (unsigned s = 0; s < CN_N_SPLITS; ++s) {
    fprintf(stderr, "  %4zu %s, %8zu notes %s\n", corpus->n_in_split[s],
            corpus->n_in_split[s] == 1 ? "piece" : "pieces", corpus->n_notes_in[s], uses[s]);
  }
  report_velocities(corpus);
}

void
cn_train_report_known(const CnCorpus* const corpus, const CnLearnt* const known)
{
  const size_t n_valid = cn_lineage_count(known, corpus, CN_SPLIT_VALID);
  const size_t n_train = cn_lineage_count(known, corpus, CN_SPLIT_TRAIN);
  if (known->has_others) {
    fputs("the weights that it begins with do not say which pieces they have learnt\n", stderr);
  } else {
    fprintf(stderr,
            "of these, the weights that it begins with have learnt %zu to learn from, %zu to choose by\n",
            n_train, n_valid);
  }
}

void
cn_train_report_recipe(const CnRecipe* const recipe, const char* const size)
{
  CnLayout       layout;
  const size_t   n       = cn_layout_init(&layout, &recipe->shape) ? 0 : cn_layout_count(&layout);
  const uint32_t n_ranks = cn_ranks_count();
  if (recipe->shape.cell != CN_CELL_ATTENTION && cn_shape_layers(&recipe->shape) > 1) {
    fprintf(stderr, "%u layers, ", recipe->shape.layers);
  }
  if (recipe->shape.cell == CN_CELL_ATTENTION) {
    fprintf(stderr, "%u layers of %u heads over %u notes, distance by %s, ", recipe->shape.layers,
            recipe->shape.heads, recipe->shape.window, cn_distance_name(recipe->shape.distance));
  }
  fprintf(stderr, "%s of %u, heads of %u: %zu parameters; %u %s\n", cn_cell_name(recipe->shape.cell),
          recipe->shape.hidden, recipe->shape.head, n, n_ranks * recipe->n_threads,
          n_ranks * recipe->n_threads == 1 ? "worker" : "workers");
  fprintf(stderr, "recipe, what is open as for %s: %u x %u notes a step, rate %g, dropout %g, ", size,
          n_ranks * recipe->n_streams, recipe->n_steps, (double)recipe->rate, (double)recipe->dropout);
  if (recipe->minutes > 0.0) {
    fprintf(stderr, "%g minutes", recipe->minutes);
  } else {
    fprintf(stderr, "%g epochs", recipe->epochs);
  }
  if (recipe->patience) {
    fprintf(stderr, " or until %u validations bring nothing", recipe->patience);
  }
  if (recipe->lesson == CN_LESSON_CHORDS) {
    fputs("; of chords alone, which are told", stderr);
  } else if (recipe->lesson == CN_LESSON_FOLLOWING) {
    fputs("; of what follows alone, which is told", stderr);
  }
  fputc('\n', stderr);
}

CnStatus
cn_train_split_save(const CnCorpus* const corpus, const char* const output)
{
  char*       text   = NULL;
  size_t      length = 0;
  char* const path   = cn_train_table_path(output, ".split.tsv");
  FILE* const table  = open_memstream(&text, &length);
  CnStatus    status = path && table ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  if (table) {
    fputs("file\twork\tsplit\n", table);
    for (size_t i = 0; i < corpus->n_pieces; ++i) {
      const CnPiece* const piece = &corpus->pieces[i];
      if (!piece->first) {
        cn_split_print_name(table, piece->name);
        fputc('\t', table);
        cn_split_print_name(table, piece->name);
        fprintf(table, "\t%s\n", cn_split_name(piece->split));
      }
    }
    fclose(table);
  }
  if (!status) {
    status = cn_file_write(path, text, length);
  }
  free(text);
  free(path);
  return status;
}

CnTrainReport*
cn_train_report_new(const char* const output, const CnRecipe* const recipe, const CnCorpus* const corpus,
                    const CnLayout* const layout)
{
  CnTrainReport* const report = calloc(1, sizeof(CnTrainReport));
  if (!report) {
    return NULL;
  }

  report->recipe      = recipe;
  report->corpus      = corpus;
  report->layout      = layout;
  report->is_terminal = isatty(STDERR_FILENO);
  if (cn_train_table_init(&report->table, output,
                          "step,epoch,seconds,rate,train,valid,valid_dt,valid_pitch,valid_duration,"
                          "valid_velocity,valid_bare,valid_bare_pitch,valid_accuracy")) {
    cn_train_report_free(report);
    return NULL;
  }
  return report;
}

void
cn_train_report_free(CnTrainReport* const report)
{
  if (report) {
    cn_train_table_clear(&report->table);
    free(report);
  }
}

static void
write_row(const CnTrainReport* const report, const CnProgress* const p)
{
  fprintf(report->table.rows, "%llu,%.3f,%.1f,%.3g,", (unsigned long long)p->step, p->epoch, p->seconds,
          (double)p->rate);
  if (p->train.n_notes > 0.0) { // There are none yet when trained weights are validated at the start
    fprintf(report->table.rows, "%.4f", cn_loss_mean(&p->train));
  }
  fprintf(report->table.rows, ",%.4f", cn_loss_mean(&p->valid));
  for (unsigned f = 0; f < CN_N_FACTORS; ++f) {
    fputc(',', report->table.rows);
    if (f != CN_FACTOR_VELOCITY || p->valid.n_velocities > 0.0) { // Perhaps nobody played any
      fprintf(report->table.rows, "%.4f", cn_loss_factor(&p->valid, (CnFactor)f));
    }
  }
  fprintf(report->table.rows, ",%.4f,%.4f,%.4f\n", cn_loss_mean(&p->valid_bare),
          cn_loss_factor(&p->valid_bare, CN_FACTOR_PITCH), p->valid.n_right / p->valid.n_notes);
}

CnStatus
cn_train_report_save(const CnTrainReport* const report)
{
  return cn_train_table_save(&report->table);
}

// A loss and its parts, as "train 3.512 (dt 0.35, pitch 1.40, duration 0.51, velocity 1.08)"; the last one
// is left out if nobody played the velocities
static size_t
write_loss(char* const text, const size_t size, const char* const name, const CnLoss* const loss)
{
  char velocity[32] = "";
  if (loss->n_velocities > 0.0) {
    snprintf(velocity, sizeof(velocity), ", velocity %.2f", cn_loss_factor(loss, CN_FACTOR_VELOCITY));
  }
  const int n =
      snprintf(text, size, "%s %.3f (dt %.2f, pitch %.2f, duration %.2f%s)", name, cn_loss_mean(loss),
               cn_loss_factor(loss, CN_FACTOR_DT), cn_loss_factor(loss, CN_FACTOR_PITCH),
               cn_loss_factor(loss, CN_FACTOR_DURATION), velocity);
  return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

static void
print_validation(const CnProgress* const p)
{
  char valid[160];
  write_loss(valid, sizeof(valid), "valid", &p->valid);
  fprintf(stderr, "epoch %6.2f  ", p->epoch);
  if (p->train.n_notes > 0.0) {
    fprintf(stderr, "train %.3f  ", cn_loss_mean(&p->train));
  }
  fprintf(stderr, "%s  without motifs %.3f%s  %.1f k notes/s  %.0f s%s\n", valid,
          cn_loss_mean(&p->valid_bare), p->is_halfway ? "  halfway" : "", p->notes_a_second / 1000.0,
          p->seconds, p->is_best ? "  best" : "");
}

// All that is known between two validations, the most important first, as a terminal may be narrow
static void
write_progress(char* const text, const size_t size, const CnProgress* const p)
{
  static const char full[] = "####################";

  const double share = p->share < 1.0 ? p->share : 1.0;
  const long   left  = p->share > 0.0 ? (long)(p->seconds * (1.0 - share) / p->share) : 0;
  const int    done  = (int)(share * (sizeof(full) - 1));
  const int n = snprintf(text, size, "[%-20.*s] %3.0f %%  %ld:%02ld left  epoch %.2f  %.1f k notes/s  ", done,
                         full, 100.0 * share, left / 60, left % 60, p->epoch, p->notes_a_second / 1000.0);
  if (n > 0 && (size_t)n < size) {
    write_loss(text + n, size - (size_t)n, "train", &p->train);
  }
}

static int
terminal_width(void)
{
  struct winsize window = {0};
  return !ioctl(STDERR_FILENO, TIOCGWINSZ, &window) && window.ws_col ? window.ws_col : 80;
}

// One line that is drawn anew on a terminal; a line now and then in a log
static void
draw_progress(CnTrainReport* const report, const CnProgress* const p)
{
  char text[256];
  if (p->seconds - report->last < (report->is_terminal ? 0.5 : 60.0)) {
    return;
  }
  report->last = p->seconds;
  write_progress(text, sizeof(text), p);
  if (report->is_terminal) {
    fprintf(stderr, "\r\033[K%.*s", terminal_width() - 1, text);
  } else {
    fprintf(stderr, "%s\n", text);
  }
}

void
cn_train_report_progress(CnTrainReport* const report, const CnProgress* const progress)
{
  report->now = *progress;
  if (progress->is_validated) {
    if (report->is_terminal) {
      fputs("\r\033[K", stderr);
    }
    print_validation(progress);
    write_row(report, progress);
    report->last   = progress->seconds;
    report->before = progress->step ? report->before : *progress;
    if (progress->is_best) {
      report->best = *progress;
    }
  } else {
    draw_progress(report, progress);
  }
}

bool
cn_train_report_has_best(const CnTrainReport* const report)
{
  return report->best.is_best;
}

const CnProgress*
cn_train_report_best(const CnTrainReport* const report)
{
  return &report->best;
}

const CnProgress*
cn_train_report_before(const CnTrainReport* const report)
{
  return &report->before;
}

void
cn_train_report_end(const CnTrainReport* const report, const char* const output, const bool is_over)
{
  if (report->is_terminal) {
    fputs("\r\033[K", stderr);
  }
  if (cn_train_report_has_best(report)) {
    fprintf(stderr, "best: epoch %.2f%s, validation %.3f nats a note with motifs, %.3f without motifs\n",
            report->best.epoch, report->best.is_halfway ? ", halfway to the weights that it began with" : "",
            cn_loss_mean(&report->best.valid), cn_loss_mean(&report->best.valid_bare));
  } else {
    fputs("no validation was made: these are the weights of the end\n", stderr);
  }
  fprintf(stderr, "%.0f s in all; weights in %s\n", report->now.seconds, output);
  if (!is_over) {
    fprintf(stderr, "interrupted at epoch %.2f: the same command with --resume goes on from there\n",
            report->now.epoch);
  }
}

void
cn_train_report_exchange(CnTrainReport* const report, CnCheckpoint* const checkpoint)
{
  cn_train_table_exchange(&report->table, checkpoint);
  cn_checkpoint_field(checkpoint, &report->before, sizeof(report->before));
  cn_checkpoint_field(checkpoint, &report->best, sizeof(report->best));
  cn_checkpoint_field(checkpoint, &report->now, sizeof(report->now));
  report->before.best = NULL; // As an address it means nothing in another process
  report->best.best   = NULL;
  report->now.best    = NULL;
  if (checkpoint->is_reading && !checkpoint->status) {
    fprintf(stderr, "going on from epoch %.2f\n", report->now.epoch);
  }
}

size_t
cn_train_report_metadata(const CnTrainReport* const report, CnTensorsMetadata* const metadata,
                         char texts[][256])
{
  static const char* const keys[] = {"parameters", "trained_on", "recipe", "adaptation", "validation"};

  const uint32_t        n_ranks = cn_ranks_count();
  const CnRecipe* const recipe  = report->recipe;
  const CnProgress*     best    = cn_train_report_has_best(report) ? &report->best : &report->now;
  const size_t          n       = cn_train_report_has_best(report) ? 5 : 4;
  snprintf(texts[0], sizeof(texts[0]), "%zu", cn_layout_count(report->layout));
  snprintf(texts[1], sizeof(texts[1]), "%zu pieces, %zu notes", report->corpus->n_in_split[CN_SPLIT_TRAIN],
           report->corpus->n_notes_in[CN_SPLIT_TRAIN]);
  snprintf(texts[2], sizeof(texts[2]),
           "seed %u, %u workers, %u x %u notes, rate %g, dropout %g, weight decay %g, %.2f epochs%s%s",
           recipe->seed, n_ranks * recipe->n_threads, n_ranks * recipe->n_streams, recipe->n_steps,
           (double)recipe->rate, (double)recipe->dropout, (double)recipe->weight_decay, best->epoch,
           recipe->lesson == CN_LESSON_ALL      ? ""
           : recipe->lesson == CN_LESSON_CHORDS ? " of chords alone"
                                                : " of what follows alone",
           best->is_halfway ? ", halfway from the parent" : "");
  snprintf(texts[3], sizeof(texts[3]), "%d", CN_ADAPTATION_RATE);
  snprintf(texts[4], sizeof(texts[4]), "%.4f nats a note with motifs, %.4f without%s",
           cn_loss_mean(&best->valid), cn_loss_mean(&best->valid_bare),
           recipe->lesson == CN_LESSON_ALL      ? ""
           : recipe->lesson == CN_LESSON_CHORDS ? ", chords told"
                                                : ", what follows told");
  for (size_t i = 0; i < n; ++i) {
    metadata[i] = (CnTensorsMetadata){keys[i], texts[i]};
  }
  return n;
}
