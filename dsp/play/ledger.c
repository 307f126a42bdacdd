// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/ledger.h"

#include "dsp/play/midi.h"

#include <string.h>

#define OFF_VELOCITY 64 ///< As the specification has it for keyboards that do not sense it

static const uint8_t pedal_controllers[CN_LEDGER_PEDALS] = {CN_CONTROL_SUSTAIN, CN_CONTROL_SOSTENUTO};

// Sets of keys and of channels

static CN_AUDIO bool
holds(const uint64_t keys[2], const unsigned pitch)
{
  return (keys[pitch / 64] >> (pitch % 64)) & 1U;
}

static CN_AUDIO void
set_key(uint64_t keys[2], const unsigned pitch, const bool on)
{
  const uint64_t bit = UINT64_C(1) << (pitch % 64);
  keys[pitch / 64]   = on ? keys[pitch / 64] | bit : keys[pitch / 64] & ~bit;
}

static CN_AUDIO void
set_channel(uint16_t* const channels, const unsigned channel, const bool on)
{
  const unsigned bit = 1U << channel;
  *channels          = (uint16_t)(on ? *channels | bit : *channels & ~bit);
}

static CN_AUDIO bool
has_channel(const uint16_t channels, const unsigned channel)
{
  return ((unsigned)channels >> channel) & 1U;
}

// Output

static CN_AUDIO bool
write(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  const bool done = ledger->sink->write(ledger->sink->handle, frame, message, size);
  ledger->is_owing |= !done;
  return done;
}

static CN_AUDIO bool
write_bytes(CnLedger* const ledger, const uint32_t frame, const unsigned status, const unsigned data1,
            const unsigned data2)
{
  const uint8_t message[3] = {(uint8_t)status, (uint8_t)data1, (uint8_t)data2};
  return write(ledger, frame, message, sizeof(message));
}

/// Write a message that nothing hangs on
static CN_AUDIO void
write_or_drop(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  ledger->n_refused += !write(ledger, frame, message, size);
}

/// End a note of the continuation; one that is refused is due at any time
static CN_AUDIO bool
end_own(CnLedger* const ledger, const uint32_t frame, const unsigned pitch)
{
  if (!write_bytes(ledger, frame, CN_MIDI_NOTE_OFF | ledger->channels[pitch], pitch, OFF_VELOCITY)) {
    ledger->ends[pitch] = INT32_MIN;
    return false;
  }
  ledger->is_own[pitch] = false;
  --ledger->n_own;
  return true;
}

static CN_AUDIO bool
pay_key(CnLedger* const ledger, const uint32_t frame, const unsigned channel, const unsigned pitch)
{
  if (!write_bytes(ledger, frame, CN_MIDI_NOTE_OFF | channel, pitch, OFF_VELOCITY)) {
    return false;
  }
  set_key(ledger->owed[channel], pitch, false);
  set_key(ledger->passed[channel], pitch, false);
  return true;
}

/// Send the releases of a channel that were refused before
static CN_AUDIO void
pay_channel(CnLedger* const ledger, const uint32_t frame, const unsigned channel)
{
  for (unsigned pitch = 0; (ledger->owed[channel][0] | ledger->owed[channel][1]) != 0 && pitch < 128;
       ++pitch) {
    if (holds(ledger->owed[channel], pitch)) {
      pay_key(ledger, frame, channel, pitch);
    }
  }
  for (unsigned pedal = 0; pedal < CN_LEDGER_PEDALS; ++pedal) {
    if (has_channel(ledger->owed_pedals[pedal], channel) &&
        write_bytes(ledger, frame, CN_MIDI_CONTROL | channel, pedal_controllers[pedal], 0)) {
      set_channel(&ledger->owed_pedals[pedal], channel, false);
      set_channel(&ledger->pedals[pedal], channel, false);
    }
  }
}

/// True if the continuation sounds a key on a channel
static CN_AUDIO bool
is_own_on(const CnLedger* const ledger, const unsigned channel, const unsigned pitch)
{
  return ledger->is_own[pitch] && ledger->channels[pitch] == channel;
}

// The musician's messages

static CN_AUDIO void
pass_strike(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message)
{
  const unsigned channel = cn_midi_channel(message);
  const unsigned pitch   = message[1];
  const bool     is_free = (!is_own_on(ledger, channel, pitch) || end_own(ledger, frame, pitch)) &&
                       (!holds(ledger->owed[channel], pitch) || pay_key(ledger, frame, channel, pitch));
  if (is_free && write(ledger, frame, message, 3)) {
    set_key(ledger->passed[channel], pitch, true);
  } else {
    ++ledger->n_refused;
  }
}

static CN_AUDIO void
pass_release(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message, const bool open)
{
  const unsigned channel = cn_midi_channel(message);
  const unsigned pitch   = message[1];
  if (holds(ledger->passed[channel], pitch)) {
    const bool done = write(ledger, frame, message, 3);
    set_key(ledger->passed[channel], pitch, !done);
    set_key(ledger->owed[channel], pitch, !done);
  } else if (open && !is_own_on(ledger, channel, pitch)) {
    write_or_drop(ledger, frame, message, 3); // It ends nothing that we know, but it is the musician's
  }
}

/// True if a controller moves a pedal; a reset lifts them all
static CN_AUDIO bool
moves(const uint8_t* const message, const unsigned pedal)
{
  return message[1] == pedal_controllers[pedal] || message[1] == CN_CONTROL_RESET;
}

static CN_AUDIO bool
moves_any(const uint8_t* const message)
{
  bool does = false;
  for (unsigned pedal = 0; pedal < CN_LEDGER_PEDALS; ++pedal) {
    does |= moves(message, pedal);
  }
  return does;
}

static CN_AUDIO void
pass_pedal(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message, const bool open)
{
  const unsigned channel = cn_midi_channel(message);
  const bool     is_down = message[1] != CN_CONTROL_RESET && message[2] >= CN_PEDAL_DOWN;
  bool           lifts   = false;
  for (unsigned pedal = 0; pedal < CN_LEDGER_PEDALS; ++pedal) {
    lifts |= !is_down && moves(message, pedal) && has_channel(ledger->pedals[pedal], channel);
  }
  if (!open && !lifts) {
    return;
  }
  const bool done = write(ledger, frame, message, 3);
  for (unsigned pedal = 0; pedal < CN_LEDGER_PEDALS; ++pedal) {
    if (moves(message, pedal)) {
      const bool was = has_channel(ledger->pedals[pedal], channel);
      set_channel(&ledger->pedals[pedal], channel, done ? is_down : was);
      set_channel(&ledger->owed_pedals[pedal], channel, !done && !is_down && was);
    }
  }
}

/// End the notes of a channel one by one, as not all instruments know the message, and let it follow
static CN_AUDIO void
pass_silence(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message)
{
  const unsigned channel = cn_midi_channel(message);
  for (unsigned pitch = 0; ledger->n_own > 0 && pitch < 128; ++pitch) {
    if (is_own_on(ledger, channel, pitch)) {
      end_own(ledger, frame, pitch);
    }
  }
  ledger->owed[channel][0] |= ledger->passed[channel][0];
  ledger->owed[channel][1] |= ledger->passed[channel][1];
  pay_channel(ledger, frame, channel);
  write_or_drop(ledger, frame, message, 3);
}

static CN_AUDIO void
pass_control(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message, const bool open)
{
  if (moves_any(message)) {
    pass_pedal(ledger, frame, message, open);
  } else if (cn_midi_is_silence(message)) {
    pass_silence(ledger, frame, message);
  } else if (open) {
    write_or_drop(ledger, frame, message, 3);
  }
}

// Public

CN_AUDIO void
cn_ledger_set_channel(CnLedger* const ledger, const unsigned channel)
{
  ledger->channel = (uint8_t)channel;
}

void
cn_ledger_owe_all(CnLedger* const ledger)
{
  for (unsigned pitch = 0; pitch < 128; ++pitch) {
    ledger->ends[pitch] = INT32_MIN;
  }
  memcpy(ledger->owed, ledger->passed, sizeof(ledger->owed));
  memcpy(ledger->owed_pedals, ledger->pedals, sizeof(ledger->owed_pedals));
  ledger->is_owing = true;
}

CN_AUDIO void
cn_ledger_begin(CnLedger* const ledger, const CnMidiSink* const sink)
{
  ledger->sink = sink;
  if (!ledger->is_owing) {
    return;
  }
  ledger->is_owing = false; // Until something is refused again
  cn_ledger_release(ledger, 0, INT32_MIN);
  for (unsigned channel = 0; channel < 16; ++channel) {
    pay_channel(ledger, 0, channel);
  }
}

CN_AUDIO bool
cn_ledger_strike(CnLedger* const ledger, const uint32_t frame, const uint8_t pitch, const uint8_t velocity,
                 const int32_t end)
{
  if (holds(ledger->passed[ledger->channel], pitch)) {
    return false;
  }
  const bool is_free = !ledger->is_own[pitch] || end_own(ledger, frame, pitch);
  const bool is_heard =
      is_free && write_bytes(ledger, frame, CN_MIDI_NOTE_ON | ledger->channel, pitch, velocity);
  if (is_heard) {
    ledger->is_own[pitch]   = true;
    ledger->channels[pitch] = ledger->channel;
    ledger->ends[pitch]     = end;
    ++ledger->n_own;
  } else {
    ++ledger->n_refused;
  }
  return is_heard;
}

CN_AUDIO void
cn_ledger_release(CnLedger* const ledger, const uint32_t frame, const int32_t tick)
{
  for (unsigned pitch = 0; ledger->n_own > 0 && pitch < 128; ++pitch) {
    if (ledger->is_own[pitch] && ledger->ends[pitch] <= tick) {
      end_own(ledger, frame, pitch);
    }
  }
}

CN_AUDIO void
cn_ledger_end(CnLedger* const ledger, const uint32_t frame, const uint8_t pitch)
{
  if (ledger->is_own[pitch]) {
    end_own(ledger, frame, pitch);
  }
}

CN_AUDIO void
cn_ledger_release_all(CnLedger* const ledger, const uint32_t frame)
{
  cn_ledger_release(ledger, frame, INT32_MAX);
}

CN_AUDIO void
cn_ledger_pass(CnLedger* const ledger, const uint32_t frame, const uint8_t* const message,
               const uint32_t size, const bool open)
{
  if (!cn_midi_is_whole(message, size)) {
    return;
  }
  if (cn_midi_is_release(message)) {
    pass_release(ledger, frame, message, open);
  } else if (cn_midi_kind(message) == CN_MIDI_CONTROL) {
    pass_control(ledger, frame, message, open);
  } else if (open && cn_midi_is_strike(message)) {
    pass_strike(ledger, frame, message);
  } else if (open) {
    write_or_drop(ledger, frame, message, size);
  }
}
