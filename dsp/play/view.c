// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/play/view.h"

#include "dsp/play/midi.h"
#include "dsp/play/performer_private.h"
#include "dsp/take/ahead.h"

#include <math.h>

#define N_CHANNELS 16

/// Controllers that end what sounds: the pedal up, all sound off, all notes off
static const uint8_t silencers[] = {CN_CONTROL_SUSTAIN, CN_CONTROL_SOUND_OFF, CN_CONTROL_NOTES_OFF};

CN_AUDIO CnView
cn_performer_view(const CnPerformer* const self)
{
  const CnClock* const clock = &self->clock;
  const double         tick  = cn_clock_waits(clock) ? CN_FREE_TICK : cn_clock_tick(clock, self->start);
  const int32_t        whole = (int32_t)floor(tick + CN_ON_TICK);
  return (CnView){
      .is_told = clock->told,
      .rolls   = cn_clock_is_rolling(clock),
      .hears   = self->fingers.n_down > 0,
      .tick    = tick,
      .tempo   = cn_clock_tempo(clock),
      .beat    = 4.0 * CN_TICKS_PER_QUARTER / (clock->metre.beat_unit > 0.0 ? clock->metre.beat_unit : 4.0),
      .bar     = cn_clock_bar(clock, whole),
      .bar_number = cn_clock_bar_number(clock, whole),
      .worked     = self->thread ? cn_engine_thread_worked(self->thread) : 0.0,
  };
}

CN_AUDIO void
cn_performer_watch(CnPerformer* const self, const int32_t n_segments)
{
  cn_engine_watch(self->engine, self->is_offline ? 0 : n_segments);
  self->is_watching = n_segments > 0;
}

CN_AUDIO void
cn_performer_panic(CnPerformer* const self)
{
  cn_ledger_release_all(&self->ledger, self->now);
  for (unsigned channel = 0; channel < N_CHANNELS; ++channel) {
    for (size_t i = 0; i < sizeof(silencers); ++i) {
      const uint8_t message[3] = {(uint8_t)(CN_MIDI_CONTROL | channel), silencers[i], 0};
      cn_ledger_pass(&self->ledger, self->now, message, sizeof(message), true);
    }
  }
}
