// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "model_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Read all of an open file into a new buffer
static CnStatus
read_stream(FILE* const file, uint8_t** const data, size_t* const size)
{
  if (fseek(file, 0, SEEK_END)) {
    return CN_STATUS_IO;
  }
  const long end = ftell(file);
  if (end < 0 || fseek(file, 0, SEEK_SET)) {
    return CN_STATUS_IO;
  }
  if (end > CN_MODEL_FILE_MAX_SIZE) {
    return CN_STATUS_TOO_LARGE;
  }

  *size = (size_t)end;
  *data = (uint8_t*)malloc(*size + 1U); // an empty file is the parser's business
  if (!*data) {
    return CN_STATUS_NO_MEMORY;
  }
  if (fread(*data, 1, *size, file) == *size) {
    return CN_STATUS_SUCCESS;
  }
  free(*data);
  *data = NULL;
  return CN_STATUS_IO;
}

static CnStatus
read_file(const char* const path, uint8_t** const data, size_t* const size)
{
  FILE* const file = fopen(path, "rb");
  if (!file) {
    return CN_STATUS_IO;
  }
  const CnStatus status = read_stream(file, data, size);
  const int      error  = errno;
  fclose(file);
  errno = error;
  return status;
}

CnStatus
cn_model_file_load(const char* const path, CnModelFile* const file, char* const fault,
                   const size_t fault_size)
{
  uint8_t* data = NULL;
  size_t   size = 0;

  *file           = (CnModelFile){0};
  CnStatus status = read_file(path, &data, &size);
  if (status) {
    snprintf(fault, fault_size, "%s", status == CN_STATUS_IO ? strerror(errno) : cn_strerror(status));
    return status;
  }
  status = cn_model_load(data, size, &file->model, fault, fault_size);
  free(data);
  if (status) {
    return status;
  }

  file->composer = cn_composer_new(file->model);
  if (!file->composer) {
    cn_model_file_clear(file);
    snprintf(fault, fault_size, "%s", cn_strerror(CN_STATUS_NO_MEMORY));
    return CN_STATUS_NO_MEMORY;
  }
  file->planner = cn_composer_planner(file->composer);
  return CN_STATUS_SUCCESS;
}

void
cn_model_file_clear(CnModelFile* const file)
{
  cn_composer_free(file->composer);
  cn_model_free(file->model);
  *file = (CnModelFile){0};
}
