// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/draw/controls.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NEAR 1e-4F ///< Of the range, within which two values are the same

static const char* const keys[12] = {"C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};

size_t
cn_control_of_port(const uint32_t port)
{
  size_t i = 0;
  while (i < cn_n_controls && cn_controls[i].port != port) {
    ++i;
  }
  return i;
}

float
cn_control_fit(const CnControl* const control, const float value)
{
  if (isnan(value)) {
    return control->usual;
  }
  const float in = fminf(fmaxf(value, control->lowest), control->highest);
  return control->is_toggled ? ceilf(in) : control->is_integer ? roundf(in) : in;
}

double
cn_control_place(const CnControl* const control, const float value)
{
  const double range = (double)control->highest - control->lowest;
  return range > 0.0 ? ((double)cn_control_fit(control, value) - control->lowest) / range : 0.0;
}

static bool
is_same(const CnControl* const control, const float a, const float b)
{
  return fabsf(a - b) <= NEAR * (control->highest - control->lowest);
}

void
cn_control_print(const CnControl* const control, const float value, char* const text, const size_t size)
{
  for (size_t i = 0; i < control->n_points; ++i) {
    if (is_same(control, control->points[i].value, value)) {
      snprintf(text, size, "%s", control->points[i].label);
      return;
    }
  }
  if (control->is_toggled) {
    snprintf(text, size, "%s", value > 0.0F ? "On" : "Off");
  } else if (!strcmp(control->unit, "key")) {
    const int key = (int)lrintf(cn_control_fit(control, value));
    snprintf(text, size, "%s%d", keys[key % 12], key / 12 - 1);
  } else {
    snprintf(text, size, "%.*f%s%s", control->is_integer || control->highest >= 50.0F ? 0 : 2, (double)value,
             *control->unit && *control->unit != '%' ? " " : "", control->unit);
  }
}

/// Read the name of a key, such as F#3, or its number
static bool
read_key(const char* const text, float* const value)
{
  for (int i = 11; i >= 0; --i) { // "C#" before "C"
    const size_t length = strlen(keys[i]);
    char*        end    = NULL;
    if (!strncasecmp(text, keys[i], length)) {
      const long octave = strtol(text + length, &end, 10);
      if (end != text + length && !*end && octave >= -1 && octave <= 9) {
        *value = (float)(12 * (octave + 1) + i);
        return true;
      }
    }
  }
  return false;
}

bool
cn_control_read(const CnControl* const control, const char* const text, float* const value)
{
  const size_t length = strlen(text);
  char*        end    = NULL;
  const float  number = strtof(text, &end);
  if (end != text && strspn(end, " %") == strlen(end) && isfinite(number)) {
    *value = cn_control_fit(control, number);
    return true;
  }
  for (size_t i = 0; length > 0 && i < control->n_points; ++i) {
    if (!strncasecmp(control->points[i].label, text, length)) {
      *value = control->points[i].value;
      return true;
    }
  }
  if (control->is_toggled && (!strcasecmp(text, "on") || !strcasecmp(text, "off"))) {
    *value = length == 2 ? 1.0F : 0.0F;
    return true;
  }
  if (!strcmp(control->unit, "key") && read_key(text, value)) {
    *value = cn_control_fit(control, *value);
    return true;
  }
  return false;
}
