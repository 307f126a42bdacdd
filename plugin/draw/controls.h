// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file controls.h
   The controls of the window: a row for each control input of ttl/continuo.ttl that has a group, group by
   group, and the presets of ttl/presets.ttl.  The tables are made from there by controls.awk.
*/

#ifndef CN_CONTROLS_H
#define CN_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A name for a value
typedef struct {
  float       value;
  const char* label;
} CnControlPoint;

/// One control
typedef struct {
  uint32_t              port; ///< CnPort
  const char*           symbol;
  const char*           name;
  const char*           comment;
  const char*           group; ///< Symbol of its group
  const char*           unit;  ///< As written behind a number; may be empty
  float                 lowest;
  float                 highest;
  float                 usual; ///< Default
  bool                  is_toggled;
  bool                  is_trigger;
  bool                  is_integer;
  bool                  is_choice; ///< Only what has a name
  const CnControlPoint* points;
  size_t                n_points;
} CnControl;

/// One value of a preset
typedef struct {
  const char* symbol;
  float       value;
} CnPresetValue;

/// One preset
typedef struct {
  const char*          uri;
  const char*          label;
  const CnPresetValue* values;
  size_t               n_values;
} CnPreset;

/// A group of controls, in the order of the ttl
typedef struct {
  const char* symbol;
  const char* name;
} CnControlGroup;

extern const CnControl      cn_controls[];
extern const size_t         cn_n_controls;
extern const CnControlGroup cn_control_groups[];
extern const size_t         cn_n_control_groups;
extern const CnPreset       cn_presets[];
extern const size_t         cn_n_presets;

/// Index of the control of a port; cn_n_controls: the window has none.  Thread: ANY
size_t
cn_control_of_port(uint32_t port);

/// A value that a control can have, the nearest to `value`; a switch is on above 0.  Thread: ANY
float
cn_control_fit(const CnControl* control, float value);

/// Where a value lies between the lowest and the highest, 0..1.  Thread: ANY
double
cn_control_place(const CnControl* control, float value);

/// Write a value as one reads it.  Thread: ANY
void
cn_control_print(const CnControl* control, float value, char* text, size_t size);

/// Read what was typed: a name of a value, the start of one, or a number; false if it is neither.
/// Thread: ANY
bool
cn_control_read(const CnControl* control, const char* text, float* value);

#endif // CN_CONTROLS_H
