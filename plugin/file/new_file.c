// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/file/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ATTEMPTS 16 ///< At a name that nobody has
#define ROOM 64     ///< [bytes] of such a name

/// Open a file of a new name in the folder of `path`; -1 and errno if that cannot be
static int
open_part(const char* const path, char* const part, const size_t size)
{
  const int folder = (int)(strrchr(path, '/') - path);
  int       fd     = -1;
  errno            = EEXIST;
  for (unsigned i = 0; fd < 0 && errno == EEXIST && i < ATTEMPTS; ++i) {
    snprintf(part, size, "%.*s/.continuo-%ld-%u.part", folder, path, (long)getpid(), i);
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  }
  return fd;
}

static bool
write_all(const int fd, const uint8_t* data, size_t size)
{
  while (size > 0) {
    const ssize_t n = write(fd, data, size);
    if (n < 0 && errno != EINTR) {
      return false;
    }
    data += n > 0 ? n : 0;
    size -= n > 0 ? (size_t)n : 0;
  }
  return true;
}

/// Put the part in the place of an empty file of our own, so that whoever comes first has the name
static bool
claim_name(const char* const part, const char* const path)
{
  const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) {
    return false;
  }
  close(fd);
  if (rename(part, path)) {
    const int error = errno;
    unlink(path);
    errno = error;
    return false;
  }
  return true;
}

/// Give the part its name, if nothing has it; some disks know of no second names
static bool
name_part(const char* const part, const char* const path)
{
  if (!link(part, path)) {
    unlink(part);
    return true;
  }
  return (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) && claim_name(part, path);
}

/// Write it; false and errno if that cannot be
static bool
write_new(const char* const path, char* const part, const size_t part_size, const uint8_t* const data,
          const size_t size)
{
  const int fd = open_part(path, part, part_size);
  if (fd < 0) {
    return false;
  }
  bool is_done = write_all(fd, data, size);
  int  error   = errno;
  if (close(fd) && is_done) {
    is_done = false;
    error   = errno;
  }
  if (is_done && !name_part(part, path)) {
    is_done = false;
    error   = errno;
  }
  if (!is_done) {
    unlink(part);
  }
  errno = error;
  return is_done;
}

CnStatus
cn_new_file_write(const char* const path, const uint8_t* const data, const size_t size, const CnFault fault)
{
  cn_fault_clear(fault);
  if (*path != '/' || !*(strrchr(path, '/') + 1)) {
    return CN_FAIL(fault, CN_STATUS_BAD_ARG, "no path of a file");
  }
  const size_t part_size = strlen(path) + ROOM;
  char* const  part      = (char*)malloc(part_size);
  if (!part) {
    return CN_FAIL(fault, CN_STATUS_NO_MEMORY, "%s", cn_strerror(CN_STATUS_NO_MEMORY));
  }
  const bool is_done = write_new(path, part, part_size, data, size);
  const int  error   = errno;
  free(part);
  if (is_done) {
    return CN_STATUS_SUCCESS;
  }
  return CN_FAIL(fault, CN_STATUS_IO, "%s",
                 error == EEXIST   ? "there is something of that name"
                 : error == ENOENT ? "there is no such folder"
                                   : strerror(error));
}
