// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/*
  The manual pages say what the commands' own help says: the same commands, options and numbers.
*/

#include "tests/support/run_command.h"

#include "tools/base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "tools/man"
#define HEADING "Commands:\n"

enum { MAX_COMMANDS = 16, MAX_OPTIONS = 64 };

/// An option, and what is said of it
typedef struct {
  char name[32]; ///< As "-o, --output", or "--help"
  char text[512];
} Option;

typedef struct {
  Option options[MAX_OPTIONS];
  size_t n;
} Options;

static char   commands[MAX_COMMANDS][16];
static size_t n_commands;

/// Read a page, to be freed
static char*
read_page(const char* const command)
{
  char     path[128];
  uint8_t* data = NULL;
  size_t   size = 0;
  snprintf(path, sizeof(path), FOLDER "/continuo%s%s.1", *command ? "-" : "", command);
  if (cn_file_read(path, 1 << 20, &data, &size)) {
    fail_msg("%s cannot be read", path);
  }
  char* const text = malloc(size + 1);
  memcpy(text, data, size);
  text[size] = '\0';
  free(data);
  return text;
}

/// The commands that `continuo --help` lists
static int
setup(void** const state)
{
  (void)state;
  assert_int_equal(cn_run("--help"), 0);
  const char* line = strstr(cn_run_output, HEADING);
  assert_non_null(line);
  for (line += strlen(HEADING); *line == ' '; line = strchr(line, '\n') + 1) {
    assert_true(n_commands < MAX_COMMANDS);
    assert_int_equal(sscanf(line, " %15s", commands[n_commands++]), 1);
  }
  assert_true(n_commands >= 5);
  return 0;
}

/// Length of an option's name at the start of a line: "--help", or "-o, --output"; 0 if there is none
static size_t
measure_name(const char* const line)
{
  const size_t begin = line[0] == '-' && line[1] && !strncmp(line + 2, ", ", 2) ? 4 : 0;
  if (strncmp(line + begin, "--", 2)) {
    return 0;
  }
  const size_t length = strspn(line + begin + 2, "abcdefghijklmnopqrstuvwxyz-");
  return length ? begin + 2 + length : 0;
}

/// Take a line of a help: an option begins or goes on, or ends if the line is empty
static void
take_line(Options* const options, const char* const line, bool* const is_inside)
{
  const size_t length = measure_name(line);
  if (length) {
    assert_true(options->n < MAX_OPTIONS);
    snprintf(options->options[options->n++].name, sizeof(options->options[0].name), "%.*s", (int)length,
             line);
  }
  *is_inside = length || (*is_inside && *line);
  if (*is_inside) {
    Option* const option = &options->options[options->n - 1];
    const size_t  n      = strlen(option->text);
    snprintf(option->text + n, sizeof(option->text) - n, "%s ", line + length);
  }
}

/// A line ".It Fl o , Fl -output Ar file" of a page as a help has it, "-o, --output Ar file"
static void
translate_item(char* const line)
{
  const char* from = line + strlen(".It ");
  char*       to   = line;
  while (*from) {
    if (!strncmp(from, "Fl ", 3)) {
      *to++ = '-';
      from += 3;
    } else if (!strncmp(from, " ,", 2)) {
      ++from;
    } else {
      *to++ = *from++;
    }
  }
  *to = '\0';
}

/// Cut a help or a page into its options
static Options
read_options(char* const text, const bool is_page)
{
  Options options   = {.n = 0};
  bool    is_inside = false;
  for (char* line = text; line;) {
    char* const end = strchr(line, '\n');
    if (end) {
      *end = '\0';
    }
    if (is_page && !strncmp(line, ".It Fl", 6)) {
      translate_item(line);
    } else if (is_page && (!strncmp(line, ".It", 3) || !strncmp(line, ".El", 3))) {
      *line = '\0';
    }
    take_line(&options, line + strspn(line, " "), &is_inside);
    line = end ? end + 1 : NULL;
  }
  return options;
}

static const Option*
find_option(const Options* const options, const char* const name)
{
  for (size_t i = 0; i < options->n; ++i) {
    if (!strcmp(options->options[i].name, name)) {
      return &options->options[i];
    }
  }
  return NULL;
}

/// Fail the test unless all numbers of a help stand in the page
static void
check_numbers(const char* const command, const Option* const help, const Option* const page)
{
  static const char digits[] = "0123456789.";
  for (const char* at = strpbrk(help->text, "0123456789"); at; at = strpbrk(at, "0123456789")) {
    char         number[16] = "";
    const size_t n          = strspn(at, digits);
    snprintf(number, sizeof(number), "%.*s", (int)(at[n - 1] == '.' ? n - 1 : n), at);
    if (!strstr(page->text, number)) {
      fail_msg("continuo-%s(1) does not tell the %s of %s", command, number, help->name);
    }
    at += n;
  }
}

/// Compare a page with the help of a command, by the words that lead to it
static void
check_options(const char* const command, const char* const words)
{
  char* const page = read_page(command);
  assert_int_equal(cn_run("%s --help", words), 0);
  const Options told    = read_options(cn_run_output, false);
  const Options written = read_options(page, true);
  free(page);

  assert_non_null(find_option(&told, "--help"));
  for (size_t i = 0; i < told.n; ++i) {
    const Option* const option = find_option(&written, told.options[i].name);
    if (!option) {
      fail_msg("continuo-%s(1) leaves out %s", command, told.options[i].name);
    } else {
      check_numbers(command, &told.options[i], option);
    }
  }
  for (size_t i = 0; i < written.n; ++i) {
    if (!find_option(&told, written.options[i].name)) {
      fail_msg("continuo-%s(1) has %s, which its help does not know", command, written.options[i].name);
    }
  }
}

static void
test_pages_have_the_options_of_the_help(void** const state)
{
  (void)state;
  check_options("", "");
  check_options("train-notebook", "train --arch notebook");
  for (size_t c = 0; c < n_commands; ++c) {
    check_options(commands[c], commands[c]);
  }
}

static void
test_first_page_leads_to_all_others(void** const state)
{
  (void)state;
  char* const page = read_page("");
  for (size_t c = 0; c < n_commands; ++c) {
    char item[64];
    char reference[64];
    snprintf(item, sizeof(item), "\n.It Cm %s\n", commands[c]);
    snprintf(reference, sizeof(reference), "\n.Xr continuo-%s 1", commands[c]);
    if (!strstr(page, item) || !strstr(page, reference)) {
      fail_msg("continuo(1) does not lead to %s", commands[c]);
    }
  }
  free(page);
}

static void
test_no_page_is_of_no_command(void** const state)
{
  (void)state;
  size_t     n_pages = 0;
  DIR* const folder  = opendir(FOLDER);
  assert_non_null(folder);
  for (const struct dirent* entry = readdir(folder); entry; entry = readdir(folder)) {
    n_pages += entry->d_name[0] != '.';
  }
  closedir(folder);
  assert_int_equal(n_pages, n_commands + 2); // The first one, and that of train --arch notebook
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pages_have_the_options_of_the_help),
      cmocka_unit_test(test_first_page_leads_to_all_others),
      cmocka_unit_test(test_no_page_is_of_no_command),
  };
  return cmocka_run_group_tests(tests, setup, NULL);
}
