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
} CnRuleOption;

#define CN_N_RULE_OPTIONS 4

/// Lines of a help
#define CN_RULE_OPTIONS_HELP                                                                            \
  "      --scale \"C major\"  play nothing outside a scale: C to B and major, minor, harmonic-minor,\n" \
  "                         melodic-minor, dorian, phrygian, lydian, mixolydian, locrian,\n"            \
  "                         major-pentatonic, minor-pentatonic, blues, major-blues, whole-tone,\n"      \
  "                         octatonic-half or octatonic-whole; or \"played\": of the key of the file\n" \
  "      --lowest KEY       play no key below this MIDI note number (default 21)\n"                     \
  "      --highest KEY      play no key above (default 108)\n"                                          \
  "      --polyphony N      play at most so many keys at once; 0: any number (default 0)\n"

/// Entries of getopt_long(), from a number of an option on
#define CN_RULE_OPTIONS_LONG(first)                                    \
  {"scale", required_argument, NULL, (first) + CN_RULE_SCALE},         \
      {"lowest", required_argument, NULL, (first) + CN_RULE_LOWEST},   \
      {"highest", required_argument, NULL, (first) + CN_RULE_HIGHEST}, \
  {                                                                    \
    "polyphony", required_argument, NULL, (first) + CN_RULE_POLYPHONY  \
  }

/**
   Read an option's argument into rules; prints what is wrong with it.

   @return False on error.

   Thread: ANY
*/
bool
cn_rule_option_read(const char* command, CnRuleOption option, const char* text, CnRules* rules);

#endif // CN_RULE_OPTIONS_H
