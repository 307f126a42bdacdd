// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/listener.h"

#include "dsp/play/midi.h"
#include "dsp/take/command.h"

#include <string.h>

/// State of a key
enum {
  KEY_UP,   ///< No note of it is heard
  KEY_DOWN, ///< Its note sounds, the finger on it
  KEY_HELD, ///< Its note sounds, by a pedal
};

#define N_KEYS 128

static CN_AUDIO void
tell(CnListener* const listener, const CnCommand* const command)
{
  if (!cn_ring_push(listener->inbox, command)) {
    ++listener->n_lost;
  }
}

/// End the note of a key, if one is heard
static CN_AUDIO void
end_note(CnListener* const listener, const CnMoment* const moment, const unsigned channel,
         const unsigned pitch)
{
  if (moment && listener->keys[channel][pitch] != KEY_UP) {
    tell(listener, &(CnCommand){
                       .kind    = CN_COMMAND_OFF,
                       .pitch   = (uint8_t)pitch,
                       .channel = (uint8_t)channel,
                       .tick    = moment->tick,
                   });
  }
  listener->keys[channel][pitch] = KEY_UP;
}

static CN_AUDIO void
strike(CnListener* const listener, const CnMoment* const moment, const uint8_t* const message)
{
  const unsigned channel = cn_midi_channel(message);
  const unsigned pitch   = message[1];
  end_note(listener, moment, channel, pitch);
  tell(listener, &(CnCommand){
                     .kind     = CN_COMMAND_ON,
                     .pitch    = (uint8_t)pitch,
                     .velocity = message[2],
                     .channel  = (uint8_t)channel,
                     .tick     = moment->tick,
                     .played   = moment->played,
                     .bar      = moment->bar,
                 });
  listener->keys[channel][pitch] = KEY_DOWN;
}

/// True if a pedal holds the note of a key
static CN_AUDIO bool
is_sustained(const CnListener* const listener, const unsigned channel, const unsigned pitch)
{
  return listener->has_pedal[channel] || listener->is_caught[channel][pitch];
}

/// Lift the finger from a key
static CN_AUDIO void
lift(CnListener* const listener, const CnMoment* const moment, const unsigned channel, const unsigned pitch)
{
  if (!is_sustained(listener, channel, pitch)) {
    end_note(listener, moment, channel, pitch);
  } else if (listener->keys[channel][pitch] == KEY_DOWN) {
    listener->keys[channel][pitch] = KEY_HELD;
    if (moment) {
      tell(listener, &(CnCommand){
                         .kind    = CN_COMMAND_LIFT,
                         .pitch   = (uint8_t)pitch,
                         .channel = (uint8_t)channel,
                         .tick    = moment->tick,
                     });
    }
  }
}

/// End the notes of a channel that nothing holds any longer
static CN_AUDIO void
end_unheld(CnListener* const listener, const CnMoment* const moment, const unsigned channel)
{
  for (unsigned pitch = 0; pitch < N_KEYS; ++pitch) {
    if (listener->keys[channel][pitch] == KEY_HELD && !is_sustained(listener, channel, pitch)) {
      end_note(listener, moment, channel, pitch);
    }
  }
}

/// Move the sostenuto pedal: as it falls, it catches the keys that are down
static CN_AUDIO void
set_sostenuto(CnListener* const listener, const unsigned channel, const bool is_down)
{
  if (listener->has_sostenuto[channel] == is_down) {
    return;
  }
  listener->has_sostenuto[channel] = is_down;
  for (unsigned pitch = 0; pitch < N_KEYS; ++pitch) {
    listener->is_caught[channel][pitch] = is_down && listener->keys[channel][pitch] == KEY_DOWN;
  }
}

/// Obey a message that ends the notes of a channel: as if all fingers rose, or whatever holds them
static CN_AUDIO void
silence(CnListener* const listener, const CnMoment* const moment, const unsigned channel, const bool all)
{
  for (unsigned pitch = 0; pitch < N_KEYS; ++pitch) {
    if (all) {
      end_note(listener, moment, channel, pitch);
    } else {
      lift(listener, moment, channel, pitch);
    }
  }
}

static CN_AUDIO void
control(CnListener* const listener, const CnMoment* const moment, const uint8_t* const message)
{
  const unsigned channel = cn_midi_channel(message);
  const bool     is_down = message[2] >= CN_PEDAL_DOWN;
  if (message[1] == CN_CONTROL_SUSTAIN) {
    listener->has_pedal[channel] = is_down;
  } else if (message[1] == CN_CONTROL_SOSTENUTO) {
    set_sostenuto(listener, channel, is_down);
  } else if (message[1] == CN_CONTROL_RESET) {
    listener->has_pedal[channel] = false;
    set_sostenuto(listener, channel, false);
  } else if (cn_midi_is_silence(message)) {
    silence(listener, moment, channel, message[1] == CN_CONTROL_SOUND_OFF);
  } else {
    return;
  }
  end_unheld(listener, moment, channel);
}

void
cn_listener_init(CnListener* const listener, CnRing* const inbox)
{
  memset(listener, 0, sizeof(*listener));
  listener->inbox = inbox;
}

CN_AUDIO bool
cn_listener_is_note(const uint8_t* const message, const uint32_t size)
{
  return cn_midi_is_whole(message, size) && cn_midi_is_strike(message);
}

CN_AUDIO bool
cn_listener_hear(CnListener* const listener, const CnMoment* const moment, const uint8_t* const message,
                 const uint32_t size)
{
  if (!cn_midi_is_whole(message, size)) {
    return false;
  }
  if (cn_listener_is_note(message, size)) {
    listener->channel = (uint8_t)cn_midi_channel(message);
    if (moment) {
      strike(listener, moment, message);
    }
    return moment != NULL;
  }
  if (cn_midi_is_release(message)) {
    lift(listener, moment, cn_midi_channel(message), message[1]);
  } else if (cn_midi_kind(message) == CN_MIDI_CONTROL) {
    control(listener, moment, message);
  }
  return false;
}

CN_AUDIO void
cn_listener_halt(CnListener* const listener)
{
  memset(listener->keys, KEY_UP, sizeof(listener->keys));
}
