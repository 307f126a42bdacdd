// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/base/output.h"

#include "dsp/model/any_model.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "convert"
#define MOST_SIZE ((size_t)1 << 30) ///< [bytes]

static const char help_text[] =
    "Usage: continuo convert IN.safetensors -o OUT.safetensors --eight|--half|--float [OPTION]...\n"
    "\n"
    "Write weights with numbers of another kind.  All that has one dimension stays in 32-bit floats,\n"
    "and what the file says of itself is kept.\n"
    "\n"
    "Options:\n"
    "  -o, --output=FILE  where the weights go\n"
    "      --eight        8-bit integers, with a scale for each row: a quarter of the size of floats,\n"
    "                     faster to play by, and the same notes on every machine\n"
    "      --half         16-bit floats\n"
    "      --float        32-bit floats\n"
    "      --force        write over a file of another kind, or the input\n"
    "      --help         show this and exit\n"
    "\n"
    "Exit status: 0 done, 1 something failed and nothing was written, 2 wrong usage.\n";

enum { OPTION_EIGHT = 256, OPTION_HALF, OPTION_FLOAT, OPTION_FORCE, OPTION_HELP };

/// The command line
typedef struct {
  const char* input;
  const char* output;
  CnDtype     dtype; ///< CN_DTYPE_OTHER: not said
  bool        is_forced;
  bool        is_help;
} Job;

/// Take one option; false if it is wrong, which has then been said
static bool
parse_option(Job* const job, const int option)
{
  static const CnDtype dtypes[] = {CN_DTYPE_I8, CN_DTYPE_F16, CN_DTYPE_F32};
  switch (option) {
  case 'o':
    job->output = optarg;
    return true;
  case OPTION_EIGHT:
  case OPTION_HALF:
  case OPTION_FLOAT:
    job->dtype = dtypes[option - OPTION_EIGHT];
    return true;
  case OPTION_FORCE:
    job->is_forced = true;
    return true;
  case OPTION_HELP:
    job->is_help = true;
    return true;
  default:
    return false;
  }
}

static int
parse_arguments(Job* const job, const int argc, char** const argv)
{
  static const struct option long_options[] = {
      {"output", required_argument, NULL, 'o'},
      {"eight", no_argument, NULL, OPTION_EIGHT},
      {"half", no_argument, NULL, OPTION_HALF},
      {"float", no_argument, NULL, OPTION_FLOAT},
      {"force", no_argument, NULL, OPTION_FORCE},
      {"help", no_argument, NULL, OPTION_HELP},
      {NULL, 0, NULL, 0},
  };

  for (int option = 0; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
    if (!parse_option(job, option)) {
      return cn_usage_hint(NAME);
    }
  }
  if (job->is_help) {
    return CN_EXIT_OK;
  }
  if (argc - optind != 1) {
    return cn_usage_error(NAME, NULL, argc == optind ? "which weights?" : "one file at a time");
  }
  if (!job->output) {
    return cn_usage_error(NAME, NULL, "where to? Say -o FILE");
  }
  if (job->dtype == CN_DTYPE_OTHER) {
    return cn_usage_error(NAME, NULL, "to what? Say --eight, --half or --float");
  }
  job->input = argv[optind];
  return cn_output_check(NAME, job->input, job->output, CN_OUTPUT_WEIGHTS, job->is_forced);
}

/// Whether a tensor belongs to another one, of 8 bits, which is read and written with it
static bool
is_scales(const CnTensors* const tensors, const CnTensorInfo* const info)
{
  const size_t length = strlen(info->name);
  const size_t suffix = strlen(CN_SCALES_SUFFIX);
  for (size_t i = 0; length > suffix && i < cn_tensors_count(tensors); ++i) {
    const CnTensorInfo* const other = cn_tensors_get(tensors, i);
    if (other->dtype == CN_DTYPE_I8 && strlen(other->name) == length - suffix &&
        !strncmp(other->name, info->name, length - suffix) &&
        !strcmp(info->name + length - suffix, CN_SCALES_SUFFIX)) {
      return true;
    }
  }
  return false;
}

static CnStatus
convert_tensor(const CnTensors* const tensors, const CnTensorInfo* const info, const CnDtype dtype,
               CnTensorsWriter* const writer, const CnFault fault)
{
  if (is_scales(tensors, info)) {
    return CN_STATUS_SUCCESS;
  }
  float* const values = (float*)calloc(info->n_elements, sizeof(float));
  if (!values) {
    return CN_STATUS_NO_MEMORY;
  }
  CnStatus status = cn_tensors_read(tensors, info->name, info->shape, info->rank, values, fault);
  if (!status) {
    status = cn_tensors_writer_add(writer, info->name, info->rank > 1 ? dtype : CN_DTYPE_F32, info->shape,
                                   info->rank, values);
  }
  free(values);
  return status;
}

static CnStatus
convert_all(const CnTensors* const tensors, const CnDtype dtype, CnTensorsWriter* const writer,
            const CnFault fault)
{
  for (size_t i = 0; i < cn_tensors_metadata_count(tensors); ++i) {
    const CnTensorsMetadata* const entry = cn_tensors_metadata_get(tensors, i);
    CN_TRY(cn_tensors_writer_add_metadata(writer, entry->key, entry->value));
  }
  for (size_t i = 0; i < cn_tensors_count(tensors); ++i) {
    CN_TRY(convert_tensor(tensors, cn_tensors_get(tensors, i), dtype, writer, fault));
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
convert(const CnTensors* const tensors, const CnDtype dtype, uint8_t** const data, size_t* const size,
        const CnFault fault)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  CnStatus               status = writer ? convert_all(tensors, dtype, writer, fault) : CN_STATUS_NO_MEMORY;
  if (!status) {
    status = cn_tensors_writer_finish(writer, data, size);
  }
  cn_tensors_writer_free(writer);
  return status;
}

/// What no architecture reads is not converted
static CnStatus
check_and_convert(const uint8_t* const from, const size_t from_size, const CnDtype dtype,
                  uint8_t** const data, size_t* const size, const CnFault fault)
{
  CnTensors* tensors = NULL;
  CnAnyModel model   = {NULL, NULL};
  CN_TRY(cn_tensors_open(from, from_size, &tensors, fault));
  CnStatus status = cn_any_model_read(tensors, &model, fault);
  cn_any_model_free(&model);
  if (!status) {
    status = convert(tensors, dtype, data, size, fault);
  }
  cn_tensors_free(tensors);
  return status;
}

static int
run(const Job* const job)
{
  char     fault[256] = "";
  uint8_t* from       = NULL;
  uint8_t* data       = NULL;
  size_t   from_size  = 0;
  size_t   size       = 0;
  CnStatus status     = cn_file_read(job->input, MOST_SIZE, &from, &from_size);
  if (status) {
    return cn_error_print(NAME, job->input, "%s", cn_file_strerror(status));
  }
  status = check_and_convert(from, from_size, job->dtype, &data, &size, CN_FAULT(fault));
  free(from);
  if (status) {
    return cn_error_print(NAME, job->input, "%s", *fault ? fault : cn_strerror(status));
  }
  status = cn_file_write(job->output, data, size);
  free(data);
  return status ? cn_error_print(NAME, job->output, "%s", cn_file_strerror(status)) : CN_EXIT_OK;
}

int
cn_cmd_convert(int argc, char** argv)
{
  Job       job    = {.dtype = CN_DTYPE_OTHER};
  const int status = parse_arguments(&job, argc, argv);
  if (status || job.is_help) {
    return status ? status : cn_help_print(help_text);
  }
  return run(&job);
}
