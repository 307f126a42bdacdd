// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file ports.h
   The plugin's ports, in the order of ttl/continuo.ttl.
*/

#ifndef CN_PORTS_H
#define CN_PORTS_H

#define CN_PLUGIN_URI "urn:continuo:continuo"

/// Index of each port
typedef enum {
  CN_PORT_IN,                ///< Atom sequence: MIDI and time:Position
  CN_PORT_OUT,               ///< Atom sequence: MIDI
  CN_PORT_ENABLED,           ///< 0: bypassed
  CN_PORT_FREEWHEELING,      ///< 1: the host renders offline
  CN_PORT_PLAY,              ///< 0: listen only
  CN_PORT_TEMPERATURE,       ///< 1: as learnt
  CN_PORT_FOCUS,             ///< [percent] of each distribution that is kept
  CN_PORT_MOTIF,             ///< [percent] of the bars that may repeat a motif
  CN_PORT_TAKE,              ///< Number of the performance
  CN_PORT_THRU,              ///< 1: the musician's notes pass
  CN_PORT_PLAYING,           ///< Output: 1 while Continuo plays
  CN_PORT_LATE_NOTES,        ///< Output: notes that came too late
  CN_PORT_ROLE,              ///< CnRole
  CN_PORT_ANSWER_BARS,       ///< [bars] of a call, and of its answer
  CN_PORT_HOLD,              ///< 1: what was planned stands
  CN_PORT_NEW_TAKE,          ///< Trigger: another performance from here on
  CN_PORT_TEMPO,             ///< [BPM] where the host has no transport
  CN_PORT_MODEL_STATUS,      ///< Output: CnModelStatus
  CN_PORT_TIMING,            ///< CnTimingMode
  CN_PORT_NETWORK,           ///< Model of the bundle that plays, CN_NETWORK_CONTINUO and so on
  CN_PORT_CHANNEL,           ///< MIDI channel of its notes, 1..16; 0: as the musician's last
  CN_PORT_ENTRY,             ///< CnEntry
  CN_PORT_SCALE,             ///< CnScale
  CN_PORT_ROOT,              ///< Of the scale, 0 for C
  CN_PORT_KEY,               ///< Output: 1 + the key that the musician plays in, see scale.h; 0: none
  CN_PORT_LOWEST,            ///< MIDI note number
  CN_PORT_HIGHEST,           ///< MIDI note number
  CN_PORT_POLYPHONY,         ///< Most keys of its own at once; 0: any
  CN_PORT_NOTICE,            ///< Output: CnNotice, what the musician ought to be told
  CN_PORT_LOUDNESS,          ///< [percent] of the musician's mean velocity; 0: as composed
  CN_PORT_SWING,             ///< [percent] of a beat where its second half begins
  CN_PORT_HUMANISE_TIME,     ///< [ms] that onsets may be off
  CN_PORT_HUMANISE_VELOCITY, ///< That velocities may be off
  CN_PORT_CHORD_KEYS,        ///< CnChordKeys
  CN_PORT_CHORD_SPLIT,       ///< MIDI note number
  CN_PORT_CHORD_CHANNEL,     ///< MIDI channel, 1..16
  CN_PORT_CHORD_STRENGTH,    ///< [percent] see cn_rules_set_chord_strength()
  CN_PORT_SUPPORT,           ///< CnSupport
  CN_PORT_FOOT_TURN,         ///< MIDI controller that hands over, 0: off
  CN_PORT_FOOT_NEW_TAKE,     ///< MIDI controller that begins a new take, 0: off
  CN_PORT_FOOT_HOLD,         ///< MIDI controller that switches Hold, 0: off
  CN_PORT_FOOT_PANIC,        ///< MIDI controller that ends all that sounds, 0: off
  CN_PORT_DENSITY,           ///< Notes a beat; 0: as the musician plays
  CN_PORT_LENGTH,            ///< [quarters] of its notes; 0: as the musician plays
  CN_PORT_MOTION,            ///< [semitones] that it moves from key to key; 0: as composed
  CN_PORT_DRIFT,             ///< [bars] over which the musician's texture fades; 0: it is held
  CN_N_PORTS
} CnPort;

#endif // CN_PORTS_H
