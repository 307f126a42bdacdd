// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/drag/places.h"

#include "plugin/file/regular_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DRAG "continuo-drag-" ///< With six letters behind it
#define MUSIC "XDG_MUSIC_DIR" ///< Of the XDG user directories
#define MAX_SAME 99           ///< Files that are saved in one second
#define MAX_LIST (1U << 20U)  ///< [bytes] of a user-dirs.dirs

static bool
is_folder(const char* const path)
{
  struct stat info;
  return path[0] == '/' && !stat(path, &info) && S_ISDIR(info.st_mode);
}

/// Join what makes up a path; false if it is too long
static bool
join(char path[CN_PATH_SIZE], const char* const folder, const char* const name)
{
  const int n = snprintf(path, CN_PATH_SIZE, "%s/%s", folder, name);
  return n > 0 && n < (int)CN_PATH_SIZE;
}

static const char*
home_of(void)
{
  const char* const home = getenv("HOME");
  return home && home[0] == '/' ? home : NULL;
}

// What is saved

/// Read a folder up to its quotation mark; false if it is none
static bool
read_folder(const char* const value, const char* const home, char folder[CN_PATH_SIZE])
{
  const int  n       = (int)strcspn(value, "\"\n");
  const bool is_home = !strncmp(value, "$HOME/", 6);
  if (is_home && !home) {
    return false;
  }
  const int length = is_home ? snprintf(folder, CN_PATH_SIZE, "%s%.*s", home, n - 5, value + 5)
                             : snprintf(folder, CN_PATH_SIZE, "%.*s", n, value);
  return length > 0 && length < (int)CN_PATH_SIZE && folder[0] == '/';
}

bool
cn_places_read_music(const char* const text, const char* const home, char folder[CN_PATH_SIZE])
{
  const char* line = text;
  while (line) {
    line += strspn(line, " \t\n");
    if (!strncmp(line, MUSIC "=\"", strlen(MUSIC "=\""))) {
      return read_folder(line + strlen(MUSIC "=\""), home, folder);
    }
    line = strchr(line, '\n');
  }
  return false;
}

/// Find the folder for music by the desktop's list of the user's folders; false if that says none
static bool
find_listed(const char* const home, char folder[CN_PATH_SIZE])
{
  char              path[CN_PATH_SIZE];
  char              usual[CN_PATH_SIZE];
  const char* const config = getenv("XDG_CONFIG_HOME");
  struct stat       info;
  uint8_t*          text = NULL;
  if (!join(usual, home, ".config") ||
      !join(path, config && config[0] == '/' ? config : usual, "user-dirs.dirs") ||
      cn_regular_file_read(path, MAX_LIST, &text, &info, CN_NO_FAULT)) {
    return false;
  }
  const bool is_found = cn_places_read_music((const char*)text, home, folder);
  free(text);
  return is_found;
}

static bool
find_music(char folder[CN_PATH_SIZE])
{
  const char* const home = home_of();
  const char* const told = getenv(MUSIC);
  if (told && strlen(told) < CN_PATH_SIZE && is_folder(told)) {
    strcpy(folder, told);
    return true;
  }
  if (home && find_listed(home, folder) && is_folder(folder)) {
    return true;
  }
  if (!home || strlen(home) >= CN_PATH_SIZE || !is_folder(home)) {
    return false;
  }
  strcpy(folder, home);
  return true;
}

/// Join a name that nothing has there, as when two files are saved in one second; after the last one the
/// plugin says so
static bool
join_new(char path[CN_PATH_SIZE], const char* const folder, const char* const name)
{
  char        numbered[96];
  struct stat info;
  for (int i = 1; i <= MAX_SAME; ++i) {
    snprintf(numbered, sizeof(numbered), i == 1 ? "%s.mid" : "%s (%d).mid", name, i);
    if (!join(path, folder, numbered)) {
      return false;
    }
    if (lstat(path, &info)) {
      break;
    }
  }
  return true;
}

bool
cn_places_save(const time_t time, char path[CN_PATH_SIZE])
{
  char      folder[CN_PATH_SIZE];
  char      name[64];
  struct tm parts;
  return find_music(folder) && localtime_r(&time, &parts) &&
         strftime(name, sizeof(name), "Continuo %Y-%m-%d %H.%M.%S", &parts) > 0 &&
         join_new(path, folder, name);
}

// What is dragged

/// The folders where those for dragging can be, by number; false after the last
static bool
find_base(const unsigned number, char folder[CN_PATH_SIZE])
{
  const char* const cache = getenv("XDG_CACHE_HOME");
  const char* const tmp   = getenv("TMPDIR");
  const char* const home  = home_of();
  folder[0]               = '\0';
  if (number == 0 && cache) {
    snprintf(folder, CN_PATH_SIZE, "%s", cache);
  } else if (number == 0 && home) {
    snprintf(folder, CN_PATH_SIZE, "%s/.cache", home);
  } else if (number == 1) {
    snprintf(folder, CN_PATH_SIZE, "%s", tmp ? tmp : "/tmp");
  }
  return number < 2;
}

bool
cn_places_drag(const int32_t first, const int32_t last, char path[CN_PATH_SIZE])
{
  char base[CN_PATH_SIZE];
  char folder[CN_PATH_SIZE];
  char name[64];
  for (unsigned i = 0; find_base(i, base); ++i) {
    if (base[0] == '/') {
      mkdir(base, 0700); // A cache may never have been wanted
    }
    if (is_folder(base) && join(folder, base, DRAG "XXXXXX") && mkdtemp(folder)) {
      snprintf(name, sizeof(name), first == last ? "Continuo bar %d.mid" : "Continuo bars %d-%d.mid",
               (int)first, (int)last);
      return join(path, folder, name);
    }
  }
  return false;
}

/// True if a name is one that we give to files there
static bool
is_ours(const char* const name)
{
  return !strncmp(name, "Continuo ", 9) || !strncmp(name, ".continuo-", 10);
}

static void
remove_folder(const char* const folder)
{
  char       path[CN_PATH_SIZE];
  DIR* const dir = opendir(folder);
  if (!dir) {
    return;
  }
  const struct dirent* entry = NULL;
  while ((entry = readdir(dir))) {
    if (is_ours(entry->d_name) && join(path, folder, entry->d_name)) {
      unlink(path);
    }
  }
  closedir(dir);
  rmdir(folder);
}

void
cn_places_give_up(const char* const path)
{
  char              folder[CN_PATH_SIZE];
  const char* const slash = strrchr(path, '/');
  if (!slash || (size_t)(slash - path) >= sizeof(folder)) {
    return;
  }
  snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
  const char* const name = strrchr(folder, '/');
  if (name && !strncmp(name + 1, DRAG, strlen(DRAG))) {
    remove_folder(folder);
  }
}

void
cn_places_sweep(const time_t time)
{
  char base[CN_PATH_SIZE];
  char folder[CN_PATH_SIZE];
  for (unsigned i = 0; find_base(i, base); ++i) {
    DIR* const           dir   = base[0] == '/' ? opendir(base) : NULL;
    const struct dirent* entry = NULL;
    while (dir && (entry = readdir(dir))) {
      struct stat info;
      if (!strncmp(entry->d_name, DRAG, strlen(DRAG)) && join(folder, base, entry->d_name) &&
          !lstat(folder, &info) && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
          info.st_mtime < time - CN_PLACES_DAY) {
        remove_folder(folder);
      }
    }
    if (dir) {
      closedir(dir);
    }
  }
}
