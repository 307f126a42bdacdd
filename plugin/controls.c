// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "plugin/controls.h"

#include "dsp/music/scale.h"

#include <math.h>
#include <stdint.h>

/// Values of controls that are not connected; the defaults of ttl/continuo.ttl
static const float defaults[CN_N_PORTS] = {
    [CN_PORT_ENABLED] = 1.0F,      [CN_PORT_PLAY] = 1.0F,          [CN_PORT_TEMPERATURE] = 0.95F,
    [CN_PORT_FOCUS] = 97.0F,       [CN_PORT_MOTIF] = 100.0F,       [CN_PORT_TAKE] = 1.0F,
    [CN_PORT_THRU] = 1.0F,         [CN_PORT_ANSWER_BARS] = 2.0F,   [CN_PORT_TEMPO] = 120.0F,
    [CN_PORT_LOWEST] = 21.0F,      [CN_PORT_HIGHEST] = 108.0F,     [CN_PORT_SWING] = 50.0F,
    [CN_PORT_CHORD_SPLIT] = 55.0F, [CN_PORT_CHORD_CHANNEL] = 2.0F,
};

static CN_AUDIO bool
is_output(const CnPort port)
{
  return port == CN_PORT_PLAYING || port == CN_PORT_LATE_NOTES || port == CN_PORT_MODEL_STATUS ||
         port == CN_PORT_KEY || port == CN_PORT_NOTICE;
}

/// Read the values of all input controls; false if they are those of the block before
static CN_AUDIO bool
read_values(CnControlPorts* const self)
{
  bool is_new = !self->is_read;
  for (unsigned port = CN_PORT_ENABLED; port < CN_N_PORTS; ++port) {
    if (!is_output((CnPort)port)) {
      const float* const place = self->places[port];
      const float        value = place ? *place : defaults[port];
      is_new |= !(value == self->values[port]); // What is not a number is always new
      self->values[port] = value;
    }
  }
  self->is_read = true;
  return is_new;
}

static CN_AUDIO float
read_control(const CnControlPorts* const self, const CnPort port)
{
  return self->values[port];
}

static CN_AUDIO bool
is_on(const CnControlPorts* const self, const CnPort port)
{
  return read_control(self, port) > 0.0F;
}

/// A control of whole numbers from 0 on
static CN_AUDIO uint8_t
read_byte(const CnControlPorts* const self, const CnPort port, const float highest)
{
  return (uint8_t)cn_control_ports_integer(self, port, 0.0F, highest);
}

/// A control in parts of its unit
static CN_AUDIO uint8_t
read_parts(const CnControlPorts* const self, const CnPort port, const float highest, const unsigned unit)
{
  return cn_rules_parts(fminf(fmaxf(read_control(self, port), 0.0F), highest), unit);
}

static CN_AUDIO CnRules
read_rules(const CnControlPorts* const self)
{
  CnRules rules = {
      .scale             = read_byte(self, CN_PORT_SCALE, CN_N_SCALES - 1),
      .root              = read_byte(self, CN_PORT_ROOT, 11.0F),
      .lowest            = read_byte(self, CN_PORT_LOWEST, CN_PITCH_MAX),
      .highest           = read_byte(self, CN_PORT_HIGHEST, CN_PITCH_MAX),
      .polyphony         = read_byte(self, CN_PORT_POLYPHONY, 16.0F),
      .loudness          = read_byte(self, CN_PORT_LOUDNESS, 200.0F),
      .swing             = read_byte(self, CN_PORT_SWING, 75.0F),
      .humanise_ms       = read_byte(self, CN_PORT_HUMANISE_TIME, 50.0F),
      .humanise_velocity = read_byte(self, CN_PORT_HUMANISE_VELOCITY, 32.0F),
      .support           = read_byte(self, CN_PORT_SUPPORT, CN_N_SUPPORTS - 1),
      .chord_keys        = read_byte(self, CN_PORT_CHORD_KEYS, CN_N_CHORD_KEYS - 1),
      .density           = read_parts(self, CN_PORT_DENSITY, 8.0F, CN_DENSITY_UNIT),
      .length            = read_parts(self, CN_PORT_LENGTH, 4.0F, CN_TICKS_PER_QUARTER),
      .motion            = read_parts(self, CN_PORT_MOTION, 8.0F, CN_MOTION_UNIT),
      .drift             = read_byte(self, CN_PORT_DRIFT, 64.0F),
  };
  const bool is_below = rules.chord_keys == CN_CHORD_KEYS_BELOW;
  rules.chord_at      = is_below ? read_byte(self, CN_PORT_CHORD_SPLIT, CN_PITCH_MAX)
                                 : read_byte(self, CN_PORT_CHORD_CHANNEL, 16.0F);
  cn_rules_set_chord_strength(&rules, read_byte(self, CN_PORT_CHORD_STRENGTH, 100.0F));
  return rules;
}

static CN_AUDIO CnControls
read_controls(const CnControlPorts* const self)
{
  return (CnControls){
      .enabled      = is_on(self, CN_PORT_ENABLED),
      .freewheeling = is_on(self, CN_PORT_FREEWHEELING),
      .play         = is_on(self, CN_PORT_PLAY),
      .thru         = is_on(self, CN_PORT_THRU),
      .temperature  = read_control(self, CN_PORT_TEMPERATURE),
      .top_p        = read_control(self, CN_PORT_FOCUS) / 100.0F,
      .motif        = read_control(self, CN_PORT_MOTIF) / 100.0F,
      .take         = cn_control_ports_integer(self, CN_PORT_TAKE, 1.0F, 999.0F),
      .role         = (CnRole)cn_control_ports_integer(self, CN_PORT_ROLE, CN_ROLE_CONTINUE, CN_ROLE_SOLO),
      .answer_bars  = cn_control_ports_integer(self, CN_PORT_ANSWER_BARS, 1.0F, CN_ANSWER_BARS_MAX),
      .hold         = is_on(self, CN_PORT_HOLD),
      .new_take     = is_on(self, CN_PORT_NEW_TAKE),
      .tempo        = read_control(self, CN_PORT_TEMPO),
      .entry        = (CnEntry)cn_control_ports_integer(self, CN_PORT_ENTRY, CN_ENTRY_AT_ONCE, CN_ENTRY_BAR),
      .channel      = cn_control_ports_integer(self, CN_PORT_CHANNEL, 0.0F, 16.0F),
      .rules        = read_rules(self),
      .feet         = {[CN_FOOT_TURN]     = read_byte(self, CN_PORT_FOOT_TURN, 127.0F),
                       [CN_FOOT_NEW_TAKE] = read_byte(self, CN_PORT_FOOT_NEW_TAKE, 127.0F),
                       [CN_FOOT_HOLD]     = read_byte(self, CN_PORT_FOOT_HOLD, 127.0F),
                       [CN_FOOT_PANIC]    = read_byte(self, CN_PORT_FOOT_PANIC, 127.0F)},
      .timing =
          (CnTimingMode)cn_control_ports_integer(self, CN_PORT_TIMING, CN_TIMING_MODEL, CN_TIMING_AVERAGE),
  };
}

// Public

CN_AUDIO bool
cn_control_ports_read(CnControlPorts* const self)
{
  const bool is_new = read_values(self);
  if (is_new) {
    self->asked = read_controls(self);
  }
  return is_new;
}

CN_AUDIO int
cn_control_ports_integer(const CnControlPorts* const self, const CnPort port, const float lowest,
                         const float highest)
{
  return (int)lrintf(fminf(fmaxf(read_control(self, port), lowest), highest));
}

CN_AUDIO void
cn_control_ports_write(const CnControlPorts* const self, const CnPort port, const float value)
{
  float* const place = self->places[port];
  if (place) {
    *place = value;
  }
}
