// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/commands.h"

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/base/output.h"
#include "tools/base/tensors_file.h"

#include "dsp/file/compressed.h"
#include "dsp/kernel/dot8.h"
#include "dsp/model/any_model.h"
#include "dsp/network/model.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "convert"
#define MOST_SIZE ((size_t)1 << 30) ///< [bytes]

static const char help_text[] =
    "Usage: continuo convert IN.safetensors -o OUT.safetensors --eight|--half|--float [OPTION]...\n"
    "       continuo convert IN.safetensors -o OUT.safetensors.zst --small [OPTION]...\n"
    "\n"
    "Write weights with numbers of another kind.  All that has one dimension stays in 32-bit floats,\n"
    "and what the file says of itself is kept, but for --adaptation.\n"
    "\n"
    "Options:\n"
    "  -o, --output=FILE  where the weights go\n"
    "      --eight        8-bit integers, with a scale for each row: a quarter of the size of floats,\n"
    "                     faster to play by, and the same notes on every machine\n"
    "      --small        8-bit integers, with fewer steps where that costs little, and the whole file\n"
    "                     compressed by Zstandard: three fifths of the size by --eight\n"
    "      --half         16-bit floats\n"
    "      --float        32-bit floats\n"
    "      --adaptation=N how fast they learn while they listen, in thousandths from 0, not at all,\n"
    "                     to 1000; new ones say 120\n"
    "      --force        write over a file of another kind, or the input\n"
    "      --help         show this and exit\n"
    "\n"
    "IN may be compressed, too.  Bytes that have no more steps than they are to have stay as they are.\n"
    "\n"
    "Exit status: 0 done, 1 something failed and nothing was written, 2 wrong usage.\n";

enum {
  OPTION_EIGHT = 256,
  OPTION_SMALL,
  OPTION_HALF,
  OPTION_FLOAT,
  OPTION_ADAPTATION,
  OPTION_FORCE,
  OPTION_HELP
};

/// The command line
typedef struct {
  const char* input;
  const char* output;
  CnDtype     dtype;    ///< CN_DTYPE_OTHER: not said
  bool        is_small; ///< With fewer steps, and compressed
  bool        adapts;   ///< At `adaptation`, and not as before
  uint32_t    adaptation;
  bool        is_forced;
  bool        is_help;
} Job;

/// What numbers become
typedef struct {
  CnDtype dtype;
  unsigned (*most)(const char* name); ///< Of a matrix of 8 bits, its greatest number; null: what there is
  const uint32_t* adaptation;         ///< Null: as it is
} Kind;

/// Take one option; false if it is wrong, which has then been said
static bool
parse_option(Job* const job, const int option)
{
  static const CnDtype dtypes[] = {CN_DTYPE_I8, CN_DTYPE_I8, CN_DTYPE_F16, CN_DTYPE_F32};
  switch (option) {
  case 'o':
    job->output = optarg;
    return true;
  case OPTION_EIGHT:
  case OPTION_SMALL:
  case OPTION_HALF:
  case OPTION_FLOAT:
    job->dtype    = dtypes[option - OPTION_EIGHT];
    job->is_small = option == OPTION_SMALL;
    return true;
  case OPTION_ADAPTATION:
    job->adapts = true;
    return cn_option_unsigned(NAME, "--adaptation", optarg, 0, CN_ADAPTATION_MOST, &job->adaptation);
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
      {"small", no_argument, NULL, OPTION_SMALL},
      {"half", no_argument, NULL, OPTION_HALF},
      {"float", no_argument, NULL, OPTION_FLOAT},
      {"adaptation", required_argument, NULL, OPTION_ADAPTATION},
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
    return cn_usage_error(NAME, NULL, "to what? Say --eight, --small, --half or --float");
  }
  job->input = argv[optind];
  if (!job->is_small && cn_output_check_plain(NAME, job->output)) {
    return CN_EXIT_USAGE;
  }
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

/// A matrix of 8 bits with the scales of its rows
typedef struct {
  size_t  rows;
  size_t  columns;
  int8_t* bytes;  ///< (rows, columns)
  float*  scales; ///< (rows)
} Matrix;

/// Read a matrix as it stands in the file; false if it is none of 8 bits, or has greater numbers than `most`
static bool
read_as_it_is(const CnTensors* const tensors, const CnTensorInfo* const info, const unsigned most,
              const Matrix* const matrix)
{
  if (info->dtype != CN_DTYPE_I8 || cn_tensors_read_int8(tensors, info->name, matrix->rows, matrix->columns,
                                                         matrix->bytes, matrix->scales, CN_NO_FAULT)) {
    return false;
  }
  bool is_within = true;
  for (size_t i = 0; i < info->n_elements; ++i) {
    is_within = is_within && abs(matrix->bytes[i]) <= (int)most;
  }
  return is_within;
}

/// Round a matrix, whatever it is made of
static CnStatus
read_and_round(const CnTensors* const tensors, const CnTensorInfo* const info, const unsigned most,
               const Matrix* const matrix, const CnFault fault)
{
  float* const   values = (float*)calloc(info->n_elements, sizeof(float));
  const CnStatus status = values
                              ? cn_tensors_read(tensors, info->name, info->shape, info->rank, values, fault)
                              : CN_STATUS_NO_MEMORY;
  for (size_t i = 0; !status && i < matrix->rows; ++i) {
    matrix->scales[i] = cn_round8_within(most, matrix->columns, values + i * matrix->columns,
                                         matrix->bytes + i * matrix->columns);
  }
  free(values);
  return status;
}

/// Write a matrix in 8 bits, by numbers from -most to most
static CnStatus
convert_matrix(const CnTensors* const tensors, const CnTensorInfo* const info, const unsigned most,
               CnTensorsWriter* const writer, const CnFault fault)
{
  const Matrix matrix = {info->shape[0], info->shape[1], (int8_t*)malloc(info->n_elements),
                         (float*)calloc(info->shape[0], sizeof(float))};
  CnStatus     status = matrix.bytes && matrix.scales ? CN_STATUS_SUCCESS : CN_STATUS_NO_MEMORY;
  if (!status && !read_as_it_is(tensors, info, most, &matrix)) {
    status = read_and_round(tensors, info, most, &matrix, fault);
  }
  if (!status) {
    status = cn_tensors_writer_add_int8(writer, info->name, matrix.rows, matrix.columns, matrix.bytes,
                                        matrix.scales);
  }
  free(matrix.bytes);
  free(matrix.scales);
  return status;
}

static CnStatus
convert_tensor(const CnTensors* const tensors, const CnTensorInfo* const info, const Kind* const kind,
               CnTensorsWriter* const writer, const CnFault fault)
{
  if (is_scales(tensors, info)) {
    return CN_STATUS_SUCCESS;
  }
  if (kind->dtype == CN_DTYPE_I8 && info->rank == 2) {
    return convert_matrix(tensors, info, kind->most ? kind->most(info->name) : CN_DOT8_MOST_WEIGHT, writer,
                          fault);
  }
  float* const values = (float*)calloc(info->n_elements, sizeof(float));
  if (!values) {
    return CN_STATUS_NO_MEMORY;
  }
  CnStatus status = cn_tensors_read(tensors, info->name, info->shape, info->rank, values, fault);
  if (!status) {
    status = cn_tensors_writer_add(writer, info->name, info->rank > 1 ? kind->dtype : CN_DTYPE_F32,
                                   info->shape, info->rank, values);
  }
  free(values);
  return status;
}

static CnStatus
convert_all(const CnTensors* const tensors, const Kind* const kind, CnTensorsWriter* const writer,
            const CnFault fault)
{
  for (size_t i = 0; i < cn_tensors_metadata_count(tensors); ++i) {
    const CnTensorsMetadata* const entry = cn_tensors_metadata_get(tensors, i);
    if (!kind->adaptation || strcmp(entry->key, "adaptation")) {
      CN_TRY(cn_tensors_writer_add_metadata(writer, entry->key, entry->value));
    }
  }
  if (kind->adaptation) {
    CN_TRY(cn_tensors_add_number(writer, "adaptation", *kind->adaptation));
  }
  for (size_t i = 0; i < cn_tensors_count(tensors); ++i) {
    CN_TRY(convert_tensor(tensors, cn_tensors_get(tensors, i), kind, writer, fault));
  }
  return CN_STATUS_SUCCESS;
}

static CnStatus
convert(const CnTensors* const tensors, const Kind* const kind, uint8_t** const data, size_t* const size,
        const CnFault fault)
{
  CnTensorsWriter* const writer = cn_tensors_writer_new();
  CnStatus               status = writer ? convert_all(tensors, kind, writer, fault) : CN_STATUS_NO_MEMORY;
  if (!status) {
    status = cn_tensors_writer_finish(writer, data, size);
  }
  cn_tensors_writer_free(writer);
  return status;
}

/// Put a compressed file in the place of one that is not
static CnStatus
compress(uint8_t** const data, size_t* const size)
{
  uint8_t* const plain  = *data;
  const CnStatus status = cn_compress(plain, *size, data, size);
  free(plain);
  return status;
}

/// What no architecture reads is not converted
static CnStatus
check_and_convert(const uint8_t* const from, const size_t from_size, const Job* const job,
                  uint8_t** const data, size_t* const size, const CnFault fault)
{
  CnTensors* tensors = NULL;
  CnAnyModel model   = {NULL, NULL};
  CN_TRY(cn_tensors_open(from, from_size, &tensors, fault));
  CnStatus status = cn_any_model_read(tensors, &model, fault);
  if (!status && job->adapts && strcmp(cn_tensors_metadata(tensors, "architecture"), "continuo")) {
    status = CN_FAIL(fault, CN_STATUS_UNSUPPORTED,
                     "--adaptation: weights of this kind do not learn while they listen");
  }
  if (!status) {
    const Kind kind = {job->dtype, job->is_small ? model.architecture->most : NULL,
                       job->adapts ? &job->adaptation : NULL};
    status          = convert(tensors, &kind, data, size, fault);
  }
  if (!status && job->is_small) {
    status = compress(data, size);
  }
  cn_any_model_free(&model);
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
  status = check_and_convert(from, from_size, job, &data, &size, CN_FAULT(fault));
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
