// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

CN_PRINTF(3, 0)
static void
print_line(const char* const command, const char* const subject, const char* const format, va_list args)
{
  fprintf(stderr, "continuo%s%s: ", command ? " " : "", command ? command : "");
  if (subject) {
    fprintf(stderr, "%s: ", subject);
  }
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
}

int
cn_error_print(const char* const command, const char* const subject, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  print_line(command, subject, format, args);
  va_end(args);
  return CN_EXIT_FAILURE;
}

int
cn_usage_hint(const char* const command)
{
  fprintf(stderr, "Try 'continuo %s%s--help'.\n", command ? command : "", command ? " " : "");
  return CN_EXIT_USAGE;
}

int
cn_usage_error(const char* const command, const char* const subject, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  print_line(command, subject, format, args);
  va_end(args);
  return cn_usage_hint(command);
}

int
cn_help_print(const char* const text)
{
  fputs(text, stdout);
  return CN_EXIT_OK;
}

bool
cn_option_integer(const char* const command, const char* const option, const char* const text, const long min,
                  const long max, long* const value)
{
  char* end = NULL;
  errno     = 0;

  const long number = text ? strtol(text, &end, 10) : 0;
  if (!text || end == text || *end || errno || number < min || number > max) {
    cn_error_print(command, option, "'%s' is not a whole number from %ld to %ld", text ? text : "", min, max);
    return false;
  }

  *value = number;
  return true;
}

bool
cn_option_number(const char* const command, const char* const option, const char* const text,
                 const double min, const double max, double* const value)
{
  char* end = NULL;
  errno     = 0;

  const double number = text ? strtod(text, &end) : 0.0;
  if (!text || end == text || *end || !isfinite(number) || number < min || number > max) {
    cn_error_print(command, option, "'%s' is not a number from %g to %g", text ? text : "", min, max);
    return false;
  }

  *value = number;
  return true;
}

bool
cn_option_unsigned(const char* const command, const char* const option, const char* const text,
                   const uint32_t min, const uint32_t max, uint32_t* const value)
{
  long number = 0;
  if (!cn_option_integer(command, option, text, (long)min, (long)max, &number)) {
    return false;
  }

  *value = (uint32_t)number;
  return true;
}

bool
cn_option_float(const char* const command, const char* const option, const char* const text, const double min,
                const double max, float* const value)
{
  double number = 0.0;
  if (!cn_option_number(command, option, text, min, max, &number)) {
    return false;
  }

  *value = (float)number;
  return true;
}
