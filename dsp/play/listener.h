// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file listener.h
   The ear: MIDI messages to notes.

   A note ends when its key rises or, where the sustain pedal is down or the sostenuto pedal has caught the
   key, when the pedal rises; the engine is told of the finger, too.  Striking a key again ends its note
   before.  A key of another channel is another key.  Messages as in the MIDI 1.0 Detailed Specification
   4.2, channel voice and channel mode messages.
*/

#ifndef CN_LISTENER_H
#define CN_LISTENER_H

#include "dsp/base/attributes.h"
#include "dsp/base/ring.h"
#include "dsp/music/note.h"

#include <stdbool.h>
#include <stdint.h>

/// When a message is heard
typedef struct {
  int32_t tick;   ///< [ticks] nearest
  int32_t played; ///< [ticks] before which the continuation has sounded
  CnBar   bar;    ///< Metre there
} CnMoment;

/// The ear's memory
typedef struct {
  uint8_t  keys[16][128];      ///< State of each key of each channel
  bool     is_caught[16][128]; ///< The sostenuto pedal holds the key's note
  CnRing*  inbox;              ///< Where CnCommand records go; borrowed
  uint32_t n_lost;             ///< Commands that found no space
  bool     has_pedal[16];      ///< The sustain pedal is down
  bool     has_sostenuto[16];  ///< The sostenuto pedal is down
  uint8_t  channel;            ///< Of the last note, 0..15
} CnListener;

/// Prepare to hear for the engine behind `inbox`, which is borrowed.  Thread: INIT
void
cn_listener_init(CnListener* listener, CnRing* inbox);

/**
   Hear a message.

   @param moment When; null while the transport stands: no note begins then.
   @param message (size) bytes; anything that is no note or pedal is ignored.
   @return True if a note began.

   Thread: AUDIO
*/
CN_AUDIO bool
cn_listener_hear(CnListener* listener, const CnMoment* moment, const uint8_t* message, uint32_t size);

/// Forget the notes that are held, as the transport stops or leaves; pedals stay.  Thread: AUDIO
CN_AUDIO void
cn_listener_halt(CnListener* listener);

/// True if a message would begin a note that is heard.  Thread: AUDIO
CN_AUDIO bool
cn_listener_is_note(const uint8_t* message, uint32_t size);

#endif // CN_LISTENER_H
