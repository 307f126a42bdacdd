// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/command/rule_options.h"

#include "tools/base/options.h"

#include "dsp/music/chord.h"
#include "dsp/music/scale.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char cn_rule_options_help[] =
    "      --scale \"C major\"  play nothing outside a scale: C to B and major, minor, harmonic-minor,\n"
    "                         melodic-minor, dorian, phrygian, lydian, mixolydian, locrian,\n"
    "                         major-pentatonic, minor-pentatonic, blues, major-blues, whole-tone,\n"
    "                         octatonic-half or octatonic-whole; or \"played\": of the key of the file\n"
    "      --lowest KEY       play no key below this MIDI note number (default 21)\n"
    "      --highest KEY      play no key above (default 108)\n"
    "      --polyphony N      play at most so many keys at once; 0: any number (default 0)\n"
    "      --loudness P       so many per cent as loud as the file; 0: as composed (default 0)\n"
    "      --swing P          per cent of a beat where its second half begins, 50 to 75 (default 50)\n"
    "      --density D        notes a quarter, up to 8; 0: as the file has them (default 0)\n"
    "      --length L         how long its notes are, in quarters, up to 4; 0: as the file's (default 0)\n"
    "      --motion M         how far it moves from key to key, in semitones, up to 8; 0: as it likes\n"
    "                         (default 0)\n"
    "      --drift BARS       it keeps to how the file is made for so many bars, less and less; 0: for\n"
    "                         good (default 0)\n"
    "      --chord-strength P how much --chords bind: up to 70 a hint, above that on strong beats, and at\n"
    "                         100 every note (default 100)\n";

// Read a scale such as "Eb dorian"
static bool
read_scale(const char* const command, const char* const text, CnRules* const rules)
{
  const size_t      n     = strcspn(text, " ");
  const char* const rest  = text + n + strspn(text + n, " ");
  const int         alone = cn_scale_parse(text);
  char              root[8];
  snprintf(root, sizeof(root), "%.*s", (int)(n < sizeof(root) ? n : sizeof(root) - 1), text);
  const int32_t major = cn_chord_parse(root);
  const int     scale = cn_scale_parse(rest);
  if (alone == CN_SCALE_OFF || alone == CN_SCALE_PLAYED) {
    rules->scale = (uint8_t)alone;
    rules->root  = 0;
    return true;
  }
  if (major < 0 || major >= 12 || scale <= CN_SCALE_OFF || scale >= CN_SCALE_PLAYED) {
    cn_error_print(command, "--scale", "'%s' is not a scale, such as \"C major\"", text);
    return false;
  }
  rules->scale = (uint8_t)scale;
  rules->root  = (uint8_t)major;
  return true;
}

// Read a number into a byte
static bool
read_byte(const char* const command, const char* const option, const char* const text, const uint32_t lowest,
          const uint32_t highest, uint8_t* const byte)
{
  uint32_t number = 0;
  if (!cn_option_unsigned(command, option, text, lowest, highest, &number)) {
    return false;
  }
  *byte = (uint8_t)number;
  return true;
}

// Read a number of some unit's parts into a byte
static bool
read_parts(const char* const command, const char* const option, const char* const text, const double most,
           const unsigned unit, uint8_t* const byte)
{
  double number = 0.0;
  if (!cn_option_number(command, option, text, 0.0, most, &number)) {
    return false;
  }
  *byte = cn_rules_parts((float)number, unit);
  return true;
}

static bool
read_strength(const char* const command, const char* const text, CnRules* const rules)
{
  uint8_t strength = 0;
  if (!read_byte(command, "--chord-strength", text, 0, 100, &strength)) {
    return false;
  }
  cn_rules_set_chord_strength(rules, strength);
  return true;
}

bool
cn_rule_option_read(const char* const command, const CnRuleOption option, const char* const text,
                    CnRules* const rules)
{
  switch (option) {
  case CN_RULE_SCALE:
    return read_scale(command, text, rules);
  case CN_RULE_LOWEST:
    return read_byte(command, "--lowest", text, CN_PITCH_MIN, CN_PITCH_MAX, &rules->lowest);
  case CN_RULE_HIGHEST:
    return read_byte(command, "--highest", text, CN_PITCH_MIN, CN_PITCH_MAX, &rules->highest);
  case CN_RULE_POLYPHONY:
    return read_byte(command, "--polyphony", text, 0, 88, &rules->polyphony);
  case CN_RULE_LOUDNESS:
    return read_byte(command, "--loudness", text, 0, 200, &rules->loudness);
  case CN_RULE_SWING:
    return read_byte(command, "--swing", text, 50, 75, &rules->swing);
  case CN_RULE_DENSITY:
    return read_parts(command, "--density", text, 8.0, CN_DENSITY_UNIT, &rules->density);
  case CN_RULE_LENGTH:
    return read_parts(command, "--length", text, 4.0, CN_TICKS_PER_QUARTER, &rules->length);
  case CN_RULE_MOTION:
    return read_parts(command, "--motion", text, 8.0, CN_MOTION_UNIT, &rules->motion);
  case CN_RULE_DRIFT:
    return read_byte(command, "--drift", text, 0, 64, &rules->drift);
  case CN_RULE_CHORD_STRENGTH:
    return read_strength(command, text, rules);
  }
  return false;
}
