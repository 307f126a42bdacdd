// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/host/host_transport.h"

#include <lv2/time/time.h>

#include <math.h>

double
cn_host_transport_beat(const CnHostTransport* const self)
{
  return self->anchor_beat + (double)(self->frame - self->anchor_frame) * self->bpm / (60.0 * self->rate);
}

void
cn_host_transport_set_tempo(CnHostTransport* const self, const double bpm)
{
  self->anchor_beat  = cn_host_transport_beat(self);
  self->anchor_frame = self->frame;
  self->bpm          = bpm;
  self->changed      = true;
}

void
cn_host_transport_locate(CnHostTransport* const self, const double beat)
{
  self->frame        = llrint(beat * 60.0 * self->rate / self->bpm);
  self->anchor_beat  = 0.0;
  self->anchor_frame = 0;
  self->changed      = true;
}

void
cn_host_transport_advance(CnHostTransport* const self, const uint32_t n_frames)
{
  if (self->rolling) {
    self->frame += n_frames;
  }
}

/// Key, then value, as the type that the imitated host uses
static void
write_number(CnHostFeatures* const features, LV2_Atom_Forge* const forge, const char* const key,
             const double number, const bool is_double)
{
  lv2_atom_forge_key(forge, cn_host_map(features, key));
  if (is_double) {
    lv2_atom_forge_double(forge, number);
  } else {
    lv2_atom_forge_float(forge, (float)number);
  }
}

static void
write_integers(const CnHostTransport* const self, CnHostFeatures* const features, LV2_Atom_Forge* const forge,
               const int64_t bar)
{
  lv2_atom_forge_key(forge, cn_host_map(features, LV2_TIME__frame));
  lv2_atom_forge_long(forge, self->frame);
  lv2_atom_forge_key(forge, cn_host_map(features, LV2_TIME__bar));
  lv2_atom_forge_long(forge, bar);
  lv2_atom_forge_key(forge, cn_host_map(features, LV2_TIME__beatUnit));
  lv2_atom_forge_int(forge, (int32_t)self->denominator);
}

void
cn_host_transport_write(const CnHostTransport* const self, CnHostFeatures* const features,
                        LV2_Atom_Forge* const forge, const bool blank, const double beat_grid)
{
  const double exact = cn_host_transport_beat(self) * self->denominator / 4.0;
  const double beat  = beat_grid > 0.0 ? rint(exact * beat_grid) / beat_grid : exact;
  const double bar   = floor(beat / self->numerator);

  LV2_Atom_Forge_Frame frame;
  lv2_atom_forge_frame_time(forge, 0);
  const LV2_Atom_Forge_Ref object =
      lv2_atom_forge_object(forge, &frame, 0, cn_host_map(features, LV2_TIME__Position));
  write_integers(self, features, forge, (int64_t)bar);
  write_number(features, forge, LV2_TIME__speed, self->rolling ? 1.0 : 0.0, false);
  write_number(features, forge, LV2_TIME__barBeat, beat - bar * self->numerator, blank);
  write_number(features, forge, LV2_TIME__beatsPerBar, self->numerator, false);
  write_number(features, forge, LV2_TIME__beatsPerMinute, self->bpm * self->denominator / 4.0, blank);
  if (blank) {
    write_number(features, forge, LV2_TIME__beat, beat, true);
    lv2_atom_forge_deref(forge, object)->type = cn_host_map(features, LV2_ATOM__Blank);
  }
  lv2_atom_forge_pop(forge, &frame);
}
