// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/options.h"
#include "tools/command/commands.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  const char* name;
  int (*run)(int argc, char** argv);
  const char* summary;
} Command;

static const Command commands[] = {
    {"train", cn_cmd_train, "learn from a folder of MIDI files"},
    {"evaluate", cn_cmd_evaluate, "measure how well a model predicts MIDI files"},
    {"generate", cn_cmd_generate, "continue a MIDI file"},
    {"play", cn_cmd_play, "play a MIDI file into a sound file"},
    {"roll", cn_cmd_roll, "draw a MIDI file as a piano roll"},
    {"compare", cn_cmd_compare, "say how far what was made is from real music"},
    {"follow", cn_cmd_follow, "say whether a model plays what it is asked for"},
    {"copies", cn_cmd_copies, "find the longest passage that a MIDI file has copied"},
    {"curves", cn_cmd_curves, "draw the learning curves of training runs"},
    {"histogram", cn_cmd_histogram, "draw how often a corpus strikes each key"},
    {"convert", cn_cmd_convert, "write weights in 8 bits, or in 16 or 32"},
    {"info", cn_cmd_info, "say what is in a weights file or a MIDI file"},
};

enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]), MAX_NAME = 16 };

static int
print_help(void)
{
  printf("Usage: continuo COMMAND [OPTION]... [FILE]...\n"
         "\n"
         "Continuo listens to a pianist and plays on.  This command trains its models\n"
         "and uses them on MIDI files; the LV2 plugin plays in your host.\n"
         "\n"
         "Commands:\n");
  for (int i = 0; i < N_COMMANDS; ++i) {
    printf("  %-10s %s\n", commands[i].name, commands[i].summary);
  }
  printf("\n"
         "Options:\n"
         "  --help     show this and exit\n"
         "  --version  show the version and exit\n"
         "\n"
         "'continuo COMMAND --help' explains a command.\n"
         "Exit status: 0 done, 1 something failed, 2 wrong usage.\n");
  return CN_EXIT_OK;
}

static int
print_version(void)
{
  printf("continuo " CN_VERSION "\n");
  return CN_EXIT_OK;
}

static int
min2(const int a, const int b)
{
  return a < b ? a : b;
}

/// Number of letters to insert, delete or replace to turn `a` into `b` (Levenshtein's distance)
static int
measure_distance(const char* const a, const char* const b)
{
  int row[MAX_NAME + 1];
  for (int j = 0; j <= MAX_NAME; ++j) {
    row[j] = j;
  }

  const int b_len = (int)strlen(b);
  for (int i = 0; a[i]; ++i) {
    int diagonal = row[0];
    row[0]       = i + 1;
    for (int j = 1; j <= b_len; ++j) {
      const int replaced = diagonal + (a[i] != b[j - 1]);
      diagonal           = row[j];
      row[j]             = min2(replaced, 1 + min2(row[j], row[j - 1]));
    }
  }
  return row[b_len];
}

static const Command*
find_command(const char* const name)
{
  for (int i = 0; i < N_COMMANDS; ++i) {
    if (!strcmp(name, commands[i].name)) {
      return &commands[i];
    }
  }
  return NULL;
}

static int
refuse_command(const char* const name)
{
  const Command* nearest = NULL;
  int            least   = 4; // Farther off, it is another word
  for (int i = 0; i < N_COMMANDS; ++i) {
    const int distance = measure_distance(name, commands[i].name);
    if (distance < least && distance < (int)strlen(commands[i].name) - 1) {
      nearest = &commands[i];
      least   = distance;
    }
  }

  if (nearest) {
    return cn_usage_error(NULL, name, "no such command; did you mean '%s'?", nearest->name);
  }
  return cn_usage_error(NULL, name, "no such command");
}

static int
run_command(const Command* const command, const int argc, char** const argv)
{
  // getopt_long() begins its messages with argv[0]
  char title[sizeof("continuo ") + MAX_NAME];
  snprintf(title, sizeof(title), "continuo %s", command->name);
  argv[0] = title;
  return command->run(argc, argv);
}

static int
run(const int argc, char** const argv)
{
  if (argc < 2) {
    return cn_usage_error(NULL, NULL, "which command?");
  }
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
    return print_help();
  }
  if (!strcmp(argv[1], "--version")) {
    return print_version();
  }

  const Command* const command = find_command(argv[1]);
  return command ? run_command(command, argc - 1, argv + 1) : refuse_command(argv[1]);
}

int
main(int argc, char** argv)
{
  // A limit on the size of files is an error of writing, like a full disk
  signal(SIGXFSZ, SIG_IGN);
  const int status = run(argc, argv);

  // A full disk shows only now
  const bool is_lost = fflush(stdout) || ferror(stdout);
  const bool is_open = fcntl(STDOUT_FILENO, F_GETFD) >= 0; // A command that prints nothing needs none
  if (((fclose(stdout) && is_open) || is_lost) && status == CN_EXIT_OK) {
    return cn_error_print(NULL, "standard output", "cannot be written");
  }
  return status;
}
