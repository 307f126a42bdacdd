// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/file/regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CnStatus
read_rest(FILE* const file, const size_t size, uint8_t** const data)
{
  *data = (uint8_t*)malloc(size + 1U);
  if (!*data) {
    return CN_STATUS_NO_MEMORY;
  }
  (*data)[size] = '\0';
  if (fread(*data, 1, size, file) == size) {
    return CN_STATUS_SUCCESS;
  }
  free(*data);
  *data = NULL;
  return CN_STATUS_IO;
}

/// Read an open file into a new buffer
static CnStatus
read_stream(FILE* const file, const size_t max_size, uint8_t** const data, struct stat* const info)
{
  if (fstat(fileno(file), info)) {
    return CN_STATUS_IO;
  }
  if (!S_ISREG(info->st_mode)) {
    return CN_STATUS_UNSUPPORTED;
  }
  return (size_t)info->st_size > max_size ? CN_STATUS_TOO_LARGE
                                          : read_rest(file, (size_t)info->st_size, data);
}

/// Open a file on a disk.  A device is not even opened, as that can set it going; what becomes one meanwhile
/// is found out by read_stream()
static CnStatus
open_file(const char* const path, FILE** const file)
{
  struct stat info;
  if (stat(path, &info)) {
    return CN_STATUS_IO;
  }
  if (!S_ISREG(info.st_mode)) {
    return CN_STATUS_UNSUPPORTED;
  }
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) {
    return CN_STATUS_IO;
  }
  *file = fdopen(fd, "rb");
  if (*file) {
    return CN_STATUS_SUCCESS;
  }
  close(fd);
  return CN_STATUS_NO_MEMORY;
}

static CnStatus
read_file(const char* const path, const size_t max_size, uint8_t** const data, struct stat* const info)
{
  FILE* file = NULL;
  CN_TRY(open_file(path, &file));
  errno                 = 0;
  const CnStatus status = read_stream(file, max_size, data, info);
  const int      error  = errno ? errno : EIO;
  fclose(file);
  errno = error;
  return status;
}

/// Why a file was not read, after errno
static const char*
describe(const CnStatus status)
{
  return status == CN_STATUS_IO            ? strerror(errno)
         : status == CN_STATUS_UNSUPPORTED ? "not a regular file"
                                           : cn_strerror(status);
}

CnStatus
cn_regular_file_read(const char* const path, const size_t max_size, uint8_t** const data,
                     struct stat* const info, const CnFault fault)
{
  *data                 = NULL;
  const CnStatus status = read_file(path, max_size, data, info);
  return status ? CN_FAIL(fault, status, "%s", describe(status)) : CN_STATUS_SUCCESS;
}
