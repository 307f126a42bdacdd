// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/temporary.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char*
cn_temporary_folder(void)
{
  const char* const folder = getenv("TMPDIR");
  return folder && *folder ? folder : "/tmp";
}

int
cn_temporary_open(void)
{
  char path[PATH_MAX];
  if (snprintf(path, sizeof(path), "%s/continuo-XXXXXX", cn_temporary_folder()) >= (int)sizeof(path)) {
    errno = ENAMETOOLONG;
    return -1;
  }
  const int file = mkstemp(path);
  if (file >= 0) {
    unlink(path);
  }
  return file;
}
