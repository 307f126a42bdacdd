// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file midi.h
   Bytes of MIDI messages (MIDI 1.0 Detailed Specification 4.2, tables I to IV).
*/

#ifndef CN_MIDI_H
#define CN_MIDI_H

#include <stdbool.h>
#include <stdint.h>

#define CN_MIDI_NOTE_OFF 0x80
#define CN_MIDI_NOTE_ON 0x90
#define CN_MIDI_CONTROL 0xB0
#define CN_MIDI_SYSTEM 0xF0

#define CN_CONTROL_SUSTAIN 64
#define CN_CONTROL_SOSTENUTO 66
#define CN_CONTROL_SOUND_OFF 120 ///< All Sound Off
#define CN_CONTROL_RESET 121     ///< Reset All Controllers
#define CN_CONTROL_NOTES_OFF 123 ///< All Notes Off; the mode messages up to 127 imply it
#define CN_PEDAL_DOWN 64         ///< From this value on a pedal is down

/// The kind of a message: its status without a channel.  Thread: ANY
static inline unsigned
cn_midi_kind(const uint8_t* const message)
{
  return message[0] < CN_MIDI_SYSTEM ? message[0] & 0xF0U : message[0];
}

/// The channel of a message that has one, 0..15.  Thread: ANY
static inline unsigned
cn_midi_channel(const uint8_t* const message)
{
  return message[0] & 0x0FU;
}

/// True if a message is whole: a status byte, and the data that it needs.  Thread: ANY
static inline bool
cn_midi_is_whole(const uint8_t* const message, const uint32_t size)
{
  if (size == 0 || message[0] < CN_MIDI_NOTE_OFF) {
    return false;
  }
  if (message[0] >= CN_MIDI_SYSTEM) {
    return true;
  }
  const uint32_t needed = (message[0] & 0xE0U) == 0xC0U ? 2 : 3; // Program and channel pressure are short
  return size == needed && message[1] < 0x80 && message[needed - 1] < 0x80;
}

/// True if a whole message ends the notes of its channel.  Thread: ANY
static inline bool
cn_midi_is_silence(const uint8_t* const message)
{
  return cn_midi_kind(message) == CN_MIDI_CONTROL &&
         (message[1] == CN_CONTROL_SOUND_OFF || message[1] >= CN_CONTROL_NOTES_OFF);
}

/// True if a whole message strikes a key.  Thread: ANY
static inline bool
cn_midi_is_strike(const uint8_t* const message)
{
  return cn_midi_kind(message) == CN_MIDI_NOTE_ON && message[2] > 0;
}

/// True if a whole message releases a key; a strike of velocity 0 does so too.  Thread: ANY
static inline bool
cn_midi_is_release(const uint8_t* const message)
{
  const unsigned kind = cn_midi_kind(message);
  return kind == CN_MIDI_NOTE_OFF || (kind == CN_MIDI_NOTE_ON && message[2] == 0);
}

#endif // CN_MIDI_H
