// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/run/train_check.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/base/output.h"
#include "tools/run/train_table.h"

#include "dsp/file/ending.h"
#include "dsp/file/safetensors.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char command[] = "train";

// A text that can't be stored would only be noticed at the end
static int
check_text(const char* const option, const char* const text)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  const CnStatus         status = !writer ? CN_STATUS_NO_MEMORY
                                  : text  ? cn_tensors_writer_add_metadata(writer, "x", text)
                                          : 0;
  cn_tensors_writer_free(writer);
  return status ? cn_usage_error(command, option, "not text in UTF-8") : CN_EXIT_OK;
}

// A file must be able to come into being at a path
static int
check_output(const char* const path)
{
  struct stat info;
  char* const folder = strdup(path);
  char* const slash  = folder ? strrchr(folder, '/') : NULL;
  int         error  = 0;
  if (slash) {
    slash[slash == folder] = '\0';
  }
  if (!folder) {
    error = ENOMEM;
  } else if (!stat(path, &info) && !S_ISREG(info.st_mode)) {
    error = S_ISDIR(info.st_mode) ? EISDIR : 0; // A device is written to as it is
  } else if (access(slash ? folder : ".", W_OK | X_OK)) {
    error = errno;
  }
  free(folder);
  return error ? cn_error_print(command, path, "%s", strerror(error)) : CN_EXIT_OK;
}

// The table of the run must not take the place of the one of the split
static int
check_tables(const CnTrainJob* const job)
{
  char* const path    = cn_train_table_path(job->output, ".csv");
  const bool  is_same = cn_file_is_same(job->split, path);
  free(path);
  return is_same ? cn_usage_error(command, job->split, "would be replaced by the table of the run")
                 : CN_EXIT_OK;
}

// Weights are hours of work: what stands there already is not lost for want of a name
static int
check_place(const CnTrainJob* const job)
{
  struct stat old;
  if (cn_ending_is_among(job->output, cn_endings_of_midi)) {
    return cn_usage_error(command, job->output, "is a name for MIDI files, and weights go there");
  }
  if (cn_output_check_plain(command, job->output)) {
    return CN_EXIT_USAGE;
  }
  if (!job->is_forced && !job->is_resumed && !stat(job->output, &old) && S_ISREG(old.st_mode) &&
      old.st_size) {
    return cn_usage_error(command, job->output, "stands there already; --force writes over it");
  }
  return cn_output_check(command, job->from, job->output, CN_OUTPUT_WEIGHTS, job->is_forced);
}

// Nor is what only has the name of a table or a picture of the run
static int
check_sides(const CnTrainJob* const job)
{
  static const struct {
    const char*  ending;
    CnOutputKind kind;
  } sides[] = {{".csv", CN_OUTPUT_TABLE},
               {".png", CN_OUTPUT_PICTURE},
               {".split.tsv", CN_OUTPUT_SPLIT},
               {".checkpoint", CN_OUTPUT_CHECKPOINT}};

  int result = CN_EXIT_OK;
  for (unsigned i = 0; !result && i < sizeof(sides) / sizeof(*sides); ++i) {
    char* const path = cn_train_table_path(job->output, sides[i].ending);
    result = path ? cn_output_check(command, NULL, path, sides[i].kind, job->is_forced) : CN_EXIT_OK;
    free(path);
  }
  return result;
}

int
cn_train_take_folder(CnTrainJob* const job, const int argc, char** const argv)
{
  if (optind == argc) {
    return cn_usage_error(command, NULL, "no folder of MIDI files is named");
  }
  if (optind + 1 < argc) {
    return cn_usage_error(command, argv[optind + 1], "one folder at a time");
  }
  if (!job->output) {
    return cn_usage_error(command, NULL, "-o: no file for the weights is named");
  }
  job->folder = argv[optind];
  return CN_EXIT_OK;
}

bool
cn_train_check_arch(const CnArchitecture* const architecture, const char* const name)
{
  const bool is_called = cn_architecture_is_called(architecture, name);
  if (!is_called) {
    cn_error_print(command, "--arch", "'%s' does not go with this; name one kind, and --arch in full", name);
  }
  return is_called;
}

int
cn_train_check(const CnTrainJob* const job)
{
  int result = check_text("--licence", job->licence);
  result     = result ? result : check_text("--credit", job->credit);
  result     = result ? result : check_output(job->output);
  result     = result ? result : check_place(job);
  result     = result ? result : check_tables(job);
  return result ? result : check_sides(job);
}
