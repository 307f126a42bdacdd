// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

/**
   @file host_transport.h
   The test host's transport: a song of one tempo and one metre, both of which can be changed on the way.
*/

#ifndef CN_HOST_TRANSPORT_H
#define CN_HOST_TRANSPORT_H

#include "tests/host/host_features.h"

#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  double   rate; ///< [frames a second]
  double   bpm;  ///< [quarters a minute]
  unsigned numerator;
  unsigned denominator;
  bool     rolling;
  int64_t  frame;        ///< [frames] of the song
  int64_t  anchor_frame; ///< Where the tempo was last changed
  double   anchor_beat;  ///< [quarters] there
  bool     changed;      ///< Since it was last told
} CnHostTransport;

/// [quarters] of the song's position
double
cn_host_transport_beat(const CnHostTransport* transport);

/// Change the tempo from here on, [quarters a minute]
void
cn_host_transport_set_tempo(CnHostTransport* transport, double bpm);

/// Move to `beat` quarters, at the tempo as if the song had no other
void
cn_host_transport_locate(CnHostTransport* transport, double beat);

/// Let `n_frames` pass
void
cn_host_transport_advance(CnHostTransport* transport, uint32_t n_frames);

/**
   Write the position as an event at frame 0.

   @param blank As Carla writes it: a deprecated atom:Blank, with doubles and with the beat.  Otherwise
   as Ardour writes it.
   @param beat_grid Round the place in the bar to 1 / beat_grid; 0: do not.
*/
void
cn_host_transport_write(const CnHostTransport* transport, CnHostFeatures* features, LV2_Atom_Forge* forge,
                        bool blank, double beat_grid);

#endif // CN_HOST_TRANSPORT_H
