// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#define _XOPEN_SOURCE 700 // For realpath()

#include "tools/base/file.h"

#include "dsp/file/ending.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE 65536 // [bytes] of the first attempt to read a file
#define N_ATTEMPTS 100   // At a name for a new file, where killed processes left theirs

/// Free, keeping errno for the caller
static void
free_quietly(void* memory)
{
  const int error = errno;
  free(memory);
  errno = error;
}

/// Close, keeping errno for the caller
static void
close_quietly(const int file)
{
  const int error = errno;
  close(file);
  errno = error;
}

/// `a`, `between` and `b` in one new string; null if there is no memory
static char*
join(const char* a, const char* between, const char* b)
{
  const size_t size   = strlen(a) + strlen(between) + strlen(b) + 1;
  char*        joined = malloc(size);
  if (joined) {
    snprintf(joined, size, "%s%s%s", a, between, b);
  }
  return joined;
}

const char*
cn_file_strerror(const CnStatus status)
{
  return status == CN_STATUS_IO ? strerror(errno) : cn_strerror(status);
}

// Reading

/// Read up to `size` bytes, fewer only at the end of the file; negative on failure
static ssize_t
read_some(const int file, uint8_t* data, const size_t size)
{
  size_t done = 0;
  while (done < size) {
    const ssize_t n = read(file, data + done, size - done);
    if (n < 0 && errno != EINTR) {
      return -1;
    }
    if (n == 0) {
      break;
    }
    done += n > 0 ? (size_t)n : 0;
  }
  return (ssize_t)done;
}

/// Read to the end, growing `*data`, which the caller frees
static CnStatus
read_all(const int file, const size_t max_size, uint8_t** data, size_t* size)
{
  for (size_t capacity = FIRST_SIZE;; capacity *= 2) {
    uint8_t* grown = realloc(*data, capacity + 1);
    if (!grown) {
      return CN_STATUS_NO_MEMORY;
    }
    *data           = grown;
    const ssize_t n = read_some(file, grown + *size, capacity - *size);
    if (n < 0) {
      return CN_STATUS_IO;
    }

    *size += (size_t)n;
    if (*size > max_size) {
      return CN_STATUS_TOO_LARGE;
    }
    if (*size < capacity) {
      grown[*size] = 0;
      return CN_STATUS_SUCCESS;
    }
  }
}

CnStatus
cn_file_read(const char* path, const size_t max_size, uint8_t** data, size_t* size)
{
  *data          = NULL;
  *size          = 0;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return CN_STATUS_IO;
  }

  const CnStatus status = read_all(file, max_size, data, size);
  close_quietly(file);
  if (status != CN_STATUS_SUCCESS) {
    free_quietly(*data);
    *data = NULL;
    *size = 0;
  }
  return status;
}

// Writing

static bool
write_all(const int file, const uint8_t* data, size_t size)
{
  while (size) {
    const ssize_t n = write(file, data, size);
    if (n < 0 && errno != EINTR) {
      return false;
    }
    data += n > 0 ? n : 0;
    size -= n > 0 ? (size_t)n : 0;
  }
  return true;
}

static CnStatus
write_directly(const char* path, const void* data, const size_t size)
{
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return CN_STATUS_IO;
  }
  const bool written = write_all(file, data, size);
  close_quietly(file);
  return written ? CN_STATUS_SUCCESS : CN_STATUS_IO;
}

/// Open a new file beside `path`; its name is to be freed, and null if there is no memory
static int
open_beside(const char* path, char** beside)
{
  for (int i = 0; i < N_ATTEMPTS; ++i) {
    char suffix[32];
    snprintf(suffix, sizeof(suffix), "%ld-%d", (long)getpid(), i);
    free(*beside);
    *beside = join(path, ".tmp", suffix);
    if (!*beside) {
      return -1;
    }

    const int file = open(*beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST) {
      return file;
    }
  }
  errno = EEXIST;
  return -1;
}

/// Write, sync and close
static bool
finish_file(const int file, const void* data, const size_t size, const struct stat* old)
{
  if (!write_all(file, data, size) || (old && fchmod(file, old->st_mode & 07777)) || fsync(file)) {
    close_quietly(file);
    return false;
  }
  return !close(file);
}

/// Write `path` by way of a file beside it; `old` is what it replaces, or null
static CnStatus
write_beside(const char* path, const void* data, const size_t size, const struct stat* old)
{
  char*     beside = NULL;
  const int file   = open_beside(path, &beside);
  if (!beside) {
    return CN_STATUS_NO_MEMORY;
  }

  const bool good = file >= 0 && finish_file(file, data, size, old) && !rename(beside, path);
  if (file >= 0 && !good) {
    const int error = errno;
    unlink(beside);
    errno = error;
  }
  free_quietly(beside);
  return good ? CN_STATUS_SUCCESS : CN_STATUS_IO;
}

CnStatus
cn_file_write(const char* path, const void* data, const size_t size)
{
  struct stat old;
  if (stat(path, &old) != 0) {
    return errno == ENOENT ? write_beside(path, data, size, NULL) : CN_STATUS_IO;
  }
  if (!S_ISREG(old.st_mode)) {
    return write_directly(path, data, size);
  }

  char* target = realpath(path, NULL); // Rename must not replace a link
  if (!target) {
    return CN_STATUS_IO;
  }
  const CnStatus status = write_beside(target, data, size, &old);
  free_quietly(target);
  return status;
}

bool
cn_file_is_same(const char* a, const char* b)
{
  struct stat x;
  struct stat y;
  return a && b && !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

// Folders

char*
cn_path_stem(const char* path)
{
  const char* slash = strrchr(path, '/');
  char*       name  = strdup(slash ? slash + 1 : path);
  char*       dot   = name ? strrchr(name, '.') : NULL;
  if (dot && dot != name) {
    *dot = '\0';
  }
  return name;
}

char*
cn_path_name(const char* path)
{
  size_t end = strlen(path);
  while (end > 1 && path[end - 1] == '/') {
    --end;
  }
  size_t begin = end;
  while (begin && path[begin - 1] != '/') {
    --begin;
  }
  return strndup(path + begin, end - begin);
}

/// Append a path, which the list owns from now on, even if there is no memory
static CnStatus
add_path(CnPaths* paths, char* path)
{
  if (paths->n == paths->capacity) {
    const size_t wanted = paths->capacity ? 2 * paths->capacity : 64;
    char**       items  = realloc(paths->items, wanted * sizeof(*items));
    if (!items) {
      free(path);
      return CN_STATUS_NO_MEMORY;
    }
    paths->items    = items;
    paths->capacity = wanted;
  }
  paths->items[paths->n++] = path;
  return CN_STATUS_SUCCESS;
}

/// Move a path to the folders to visit, to the files found, or to neither; null means no memory
static CnStatus
sort_entry(char* path, const char* const* endings, CnPaths* folders, CnPaths* files)
{
  struct stat entry;
  struct stat target;
  if (!path) {
    return CN_STATUS_NO_MEMORY;
  }
  if (lstat(path, &entry) != 0 || stat(path, &target) != 0) {
    if (cn_ending_is_among(path, endings)) {
      return add_path(files, path); // Whoever reads it will be told what is wrong with it
    }
    free(path);
    return CN_STATUS_SUCCESS;
  }

  if (S_ISDIR(entry.st_mode)) {
    return add_path(folders, path);
  }
  if (S_ISREG(target.st_mode) && cn_ending_is_among(path, endings)) {
    return add_path(files, path);
  }
  free(path);
  return CN_STATUS_SUCCESS;
}

static CnStatus
list_entries(DIR* dir, const char* folder, const char* const* endings, CnPaths* folders, CnPaths* files)
{
  const char* between = folder[0] && folder[strlen(folder) - 1] == '/' ? "" : "/";
  for (;;) {
    errno                     = 0;
    const struct dirent* item = readdir(dir);
    if (!item) {
      return errno ? CN_STATUS_IO : CN_STATUS_SUCCESS;
    }
    if (item->d_name[0] != '.') {
      CN_TRY(sort_entry(join(folder, between, item->d_name), endings, folders, files));
    }
  }
}

static CnStatus
list_folder(const char* folder, const char* const* endings, CnPaths* folders, CnPaths* files)
{
  DIR* dir = opendir(folder);
  if (!dir) {
    return CN_STATUS_IO;
  }
  const CnStatus status = list_entries(dir, folder, endings, folders, files);
  const int      error  = errno;
  closedir(dir);
  errno = error;
  return status;
}

static int
compare_paths(const void* a, const void* b)
{
  return strcmp(*(char* const*)a, *(char* const*)b);
}

CnStatus
cn_folder_list(const char* folder, const char* const* endings, CnPaths* paths)
{
  CnPaths  folders = {0}; // Yet to visit; a list and no recursion, so that one is open at a time
  CnStatus status  = CN_STATUS_SUCCESS;
  *paths           = (CnPaths){0};

  status = list_folder(folder, endings, &folders, paths);
  while (status == CN_STATUS_SUCCESS && folders.n) {
    char* next = folders.items[--folders.n];
    status     = list_folder(next, endings, &folders, paths);
    if (status == CN_STATUS_IO) {
      status = add_path(paths, next); // To be reported by whoever tries to read it
    } else {
      free_quietly(next);
    }
  }

  const int error = errno;
  cn_paths_clear(&folders);
  if (status != CN_STATUS_SUCCESS) {
    cn_paths_clear(paths);
  } else if (paths->n) {
    qsort(paths->items, paths->n, sizeof(*paths->items), compare_paths);
    paths->root = strlen(folder) + (folder[strlen(folder) - 1] != '/');
  }
  errno = error;
  return status;
}

void
cn_paths_clear(CnPaths* paths)
{
  for (size_t i = 0; i < paths->n; ++i) {
    free(paths->items[i]);
  }
  free(paths->items);
  *paths = (CnPaths){0};
}
