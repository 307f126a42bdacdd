// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file rule_options.h
   Options of the command that ask for what the plugin's controls ask for.
*/

#ifndef CN_RULE_OPTIONS_H
#define CN_RULE_OPTIONS_H

#include "dsp/compose/plan.h"

#include <stdbool.h>

/// The options, in the order of their help
typedef enum {
  CN_RULE_SCALE,
  CN_RULE_LOWEST,
  CN_RULE_HIGHEST,
  CN_RULE_POLYPHONY,
  CN_RULE_LOUDNESS,
  CN_RULE_SWING,
  CN_RULE_DENSITY,
  CN_RULE_LENGTH,
  CN_RULE_MOTION,
  CN_RULE_DRIFT,
  CN_RULE_CHORD_STRENGTH,
} CnRuleOption;

#define CN_N_RULE_OPTIONS 11

/// Lines of a help
extern const char cn_rule_options_help[];

// clang-format off
/// Entries for getopt_long(), whose values begin with `first`
#define CN_RULE_OPTIONS_LONG(first)                                    \
  {"scale", required_argument, NULL, (first) + CN_RULE_SCALE},         \
  {"lowest", required_argument, NULL, (first) + CN_RULE_LOWEST},       \
  {"highest", required_argument, NULL, (first) + CN_RULE_HIGHEST},     \
  {"polyphony", required_argument, NULL, (first) + CN_RULE_POLYPHONY}, \
  {"loudness", required_argument, NULL, (first) + CN_RULE_LOUDNESS},   \
  {"swing", required_argument, NULL, (first) + CN_RULE_SWING},         \
  {"density", required_argument, NULL, (first) + CN_RULE_DENSITY},     \
  {"length", required_argument, NULL, (first) + CN_RULE_LENGTH},       \
  {"motion", required_argument, NULL, (first) + CN_RULE_MOTION},       \
  {"drift", required_argument, NULL, (first) + CN_RULE_DRIFT},         \
  {"chord-strength", required_argument, NULL, (first) + CN_RULE_CHORD_STRENGTH}
// clang-format on

/**
   Read an option's argument into rules; prints what is wrong with it.

   @return False on error.

   Thread: ANY
*/
bool
cn_rule_option_read(const char* command, CnRuleOption option, const char* text, CnRules* rules);

#endif // CN_RULE_OPTIONS_H
