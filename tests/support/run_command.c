// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/run_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

char cn_run_output[CN_RUN_MAX_OUTPUT];

int
cn_run(const char* const format, ...)
{
  char    arguments[4096];
  char    line[4200];
  va_list args;
  va_start(args, format);
  vsnprintf(arguments, sizeof(arguments), format, args);
  va_end(args);
  snprintf(line, sizeof(line), CN_BUILD_DIR "/continuo %s 2>&1", arguments);

  FILE* const pipe = popen(line, "r");
  assert_non_null(pipe);
  const size_t n   = fread(cn_run_output, 1, CN_RUN_MAX_OUTPUT - 1, pipe);
  cn_run_output[n] = '\0';

  const int status = pclose(pipe);
  if (!WIFEXITED(status)) {
    fail_msg("continuo %s crashed: %s", arguments, cn_run_output);
  }
  return WEXITSTATUS(status);
}

void
cn_run_told(const char* const text)
{
  if (!strstr(cn_run_output, text)) {
    fail_msg("'%s' is not in: %s", text, cn_run_output);
  }
}

double
cn_run_number(const char* const line, const char* const words)
{
  const char* const at     = strstr(cn_run_output, line);
  const char* const behind = at ? strstr(at, words) : NULL;
  char*             end    = NULL;
  if (!behind) {
    fail_msg("no %s in a line of %s in %s", words, line, cn_run_output);
    return 0.0;
  }
  const double number = strtod(behind + strlen(words), &end);
  if (end == behind + strlen(words)) {
    fail_msg("no number behind %s in %s", words, cn_run_output);
  }
  return number;
}
