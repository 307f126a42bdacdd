// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file options.h
   What the subcommands share: exit statuses, one format of error lines, and numbers from options.

   Every error is one line on stderr, `continuo COMMAND: SUBJECT: reason`, where the subject is a file
   or an option.  Wrong usage gets a second line that points to `--help`.
*/

#ifndef CN_OPTIONS_H
#define CN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/// Exit statuses of every command
enum {
  CN_EXIT_OK      = 0, ///< Done
  CN_EXIT_FAILURE = 1, ///< Something was wrong with a file, the data, or the machine
  CN_EXIT_USAGE   = 2, ///< Something was wrong with the command line; 128 and more: a signal ended it
};

#if defined(__GNUC__)
#  define CN_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#  define CN_PRINTF(text, first)
#endif

/**
   Print an error line.

   @param command Name of the command, as "train"; null for `continuo` itself.
   @param subject File or option that the error is about, or null.
   @param format What is wrong, as for printf(), without a full stop or newline.
   @return #CN_EXIT_FAILURE, for `return cn_error_print(...)`.

   Thread: ANY
*/
int
cn_error_print(const char* command, const char* subject, const char* format, ...) CN_PRINTF(3, 4);

/**
   Say where the help is, after an error of usage (ours, or one that getopt_long() has printed).

   @return #CN_EXIT_USAGE.

   Thread: ANY
*/
int
cn_usage_hint(const char* command);

/**
   Print an error of usage and where the help is.

   @return #CN_EXIT_USAGE.

   Thread: ANY
*/
int
cn_usage_error(const char* command, const char* subject, const char* format, ...) CN_PRINTF(3, 4);

/**
   Print a help text on stdout.

   @return #CN_EXIT_OK.

   Thread: ANY
*/
int
cn_help_print(const char* text);

/**
   Read a whole number from an option's argument.

   Prints an error line if it is not one, or not in range.

   @param option As the user knows it: "--bars".
   @param text The argument, or null if it is missing.
   @param[out] value The number; untouched on error.
   @return False on error.

   Thread: ANY
*/
bool
cn_option_integer(const char* command, const char* option, const char* text, long min, long max, long* value);

/**
   Read a decimal number from an option's argument; neither infinity nor NaN is one.

   Prints an error line if it is not one, or not in range.

   @param option As the user knows it: "--temperature".
   @param text The argument, or null if it is missing.
   @param[out] value The number; untouched on error.
   @return False on error.

   Thread: ANY
*/
bool
cn_option_number(const char* command, const char* option, const char* text, double min, double max,
                 double* value);

/// cn_option_integer() for numbers without a sign; `max` is at most INT32_MAX.  Thread: ANY
bool
cn_option_unsigned(const char* command, const char* option, const char* text, uint32_t min, uint32_t max,
                   uint32_t* value);

/// cn_option_number() for single precision.  Thread: ANY
bool
cn_option_float(const char* command, const char* option, const char* text, double min, double max,
                float* value);

#endif // CN_OPTIONS_H
