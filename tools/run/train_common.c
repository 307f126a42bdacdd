// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_common.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/learn/ranks.h"
#include "tools/picture/curves.h"
#include "tools/run/train_report.h"
#include "tools/run/train_table.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char command[] = "train";

static volatile sig_atomic_t interruption = 0; // Number of the signal

static void
interrupt(const int number)
{
  interruption = number;
  signal(number, SIG_DFL); // Who asks twice does not want to wait
}

void
cn_train_catch_signals(void)
{
  signal(SIGINT, interrupt);
  signal(SIGTERM, interrupt);
  signal(SIGHUP, interrupt);
  signal(SIGXFSZ, SIG_IGN); // A limit on files is told as a full disk is
  signal(SIGPIPE, SIG_IGN); // Whoever read our progress has gone; the weights are wanted all the same
}

uint32_t
cn_train_processors(void)
{
  const long n = cn_ranks_count() > 1 ? 1 : sysconf(_SC_NPROCESSORS_ONLN); // mpirun starts one a processor
  return n < 1 ? 1U : n > 16 ? 16U : (uint32_t)n;
}

bool
cn_train_is_interrupted(void)
{
  return interruption != 0;
}

int
cn_train_interruption(void)
{
  return 128 + (interruption ? interruption : SIGINT); // Of another rank, we do not know which
}

int
cn_train_leave_old(const char* const output)
{
  fprintf(stderr, "interrupted before the first validation: %s stays as it was; --resume goes on\n", output);
  return cn_train_interruption();
}

void
cn_train_sweep(const char* const output)
{
  static const char* const endings[] = {".checkpoint", ".csv", ".split.tsv", ".png"};

  cn_file_sweep(output);
  for (unsigned i = 0; i < sizeof(endings) / sizeof(*endings); ++i) {
    char* const path = cn_train_table_path(output, endings[i]);
    if (path) {
      cn_file_sweep(path);
    }
    free(path);
  }
}

int
cn_train_curves_save(const char* const output)
{
  char        fault[512] = "";
  char* const table      = cn_train_table_path(output, ".csv");
  char* const picture    = cn_train_table_path(output, ".png");
  const bool  has_paths  = table && picture;
  const bool  is_saved   = has_paths && !cn_curves_save(table, picture, CN_FAULT(fault));
  free(table);
  free(picture);
  return is_saved ? CN_EXIT_OK : cn_error_print(command, NULL, "%s", has_paths ? fault : "out of memory");
}

int
cn_train_split_keep(const CnTrainJob* const job, const CnCorpus* const corpus)
{
  const CnStatus status = job->split ? CN_STATUS_SUCCESS : cn_train_split_save(corpus, job->output);
  return status ? cn_error_print(command, job->output, "its split: %s", cn_file_strerror(status))
                : CN_EXIT_OK;
}
