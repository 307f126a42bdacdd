// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "dsp/network/context.h"

#include "dsp/kernel/kernel_math.h"
#include "dsp/music/chord.h"
#include "dsp/network/context_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const float chroma_decays[2] = {4.0F * CN_TICKS_PER_QUARTER, 64.0F * CN_TICKS_PER_QUARTER};

CnContext*
cn_context_new(const uint32_t capacity)
{
  CnContext* const context = calloc(1, sizeof(CnContext));
  if (!context) {
    return NULL;
  }

  context->capacity    = capacity;
  context->notes       = calloc(capacity, sizeof(*context->notes));
  context->tokens      = calloc(capacity, sizeof(*context->tokens));
  context->steps       = calloc(capacity, sizeof(*context->steps));
  context->earlier     = calloc(capacity, sizeof(*context->earlier));
  context->chroma_kept = calloc(capacity / CN_CHROMA_STRIDE + 1, sizeof(*context->chroma_kept));
  if (!context->notes || !context->tokens || !context->steps || !context->earlier || !context->chroma_kept) {
    cn_context_free(context);
    return NULL;
  }

  memset(context->table, 0xFF, sizeof(context->table));
  return context;
}

void
cn_context_free(CnContext* const context)
{
  if (context) {
    free(context->notes);
    free(context->tokens);
    free(context->steps);
    free(context->earlier);
    free(context->chroma_kept);
    free(context);
  }
}

uint32_t
cn_context_size(const CnContext* const context)
{
  return context->size;
}

const CnNote*
cn_context_notes(const CnContext* const context)
{
  return context->notes;
}

static void
add_chroma(CnContext* const context, const uint32_t i)
{
  if (i % CN_CHROMA_STRIDE == 0) {
    memcpy(context->chroma_kept[i / CN_CHROMA_STRIDE], context->chroma, sizeof(context->chroma));
  }

  const CnNote* const note  = &context->notes[i];
  const float         ticks = i ? (float)((double)note->onset - context->notes[i - 1].onset) : 0.0F;
  for (unsigned d = 0; d < 2; ++d) {
    const float decay = cn_expf(-ticks / chroma_decays[d]);
    for (unsigned c = 0; c < 12; ++c) {
      context->chroma[12 * d + c] *= decay;
    }
    context->chroma[12 * d + note->pitch % 12U] += 1.0F;
  }
}

CnStatus
cn_context_check(const CnContext* const context, const CnNote* const note)
{
  const uint32_t i = context->size;
  if (i == context->capacity) {
    return CN_STATUS_OVERFLOW;
  }
  const bool is_late = i && note->onset < context->notes[i - 1].onset;
  return !cn_note_is_speakable(note) || is_late || note->velocity > 127 || !note->bar.length
             ? CN_STATUS_BAD_ARG
             : CN_STATUS_SUCCESS;
}

CnStatus
cn_context_push(CnContext* const context, const CnNote* const note)
{
  CN_TRY(cn_context_check(context, note));

  const uint32_t      i    = context->size;
  const CnNote* const last = i ? &context->notes[i - 1] : note;

  context->notes[i]  = *note;
  context->tokens[i] = cn_note_token(note, last->onset);
  context->steps[i] =
      (uint16_t)((note->pitch - last->pitch + CN_N_PITCHES) * 128 + context->tokens[i].factor[CN_FACTOR_DT]);
  add_chroma(context, i);

  cn_context_enter_motifs(context, i);

  context->size = i + 1;
  return CN_STATUS_SUCCESS;
}

void
cn_context_truncate(CnContext* const context, const uint32_t size)
{
  if (size >= context->size) {
    return;
  }

  for (uint32_t i = context->size; i-- > size;) {
    cn_context_leave_motifs(context, i);
  }

  // Go back to the last chroma that was kept, and come forward again
  const uint32_t kept = size / CN_CHROMA_STRIDE;
  memcpy(context->chroma, context->chroma_kept[kept], sizeof(context->chroma));
  for (uint32_t i = kept * CN_CHROMA_STRIDE; i < size; ++i) {
    add_chroma(context, i);
  }
  context->size = size;
}

unsigned
cn_context_metre_rows(const CnBarPlace bar, const uint16_t first, uint16_t* const row)
{
  const unsigned eighth = bar.offset / 12U;
  const unsigned length = bar.length < 12U ? 0U : bar.length / 12U - 1U;

  row[0] = (uint16_t)(first + bar.offset % 24U);
  row[1] = (uint16_t)(first + 24U + (eighth < 15U ? eighth : 15U));
  row[2] = (uint16_t)(first + 40U + (length < 15U ? length : 15U));
  return 3U;
}

unsigned
cn_context_chord_rows(const int32_t chord, const int32_t nearest, uint16_t row[CN_CHORD_MAX_ROWS])
{
  const unsigned asked = cn_chord_pitch_classes(chord);
  const unsigned known = cn_chord_pitch_classes(nearest);
  const int      bass  = cn_chord_slash(chord);
  unsigned       n     = 0;
  if (bass >= 0) {
    row[n++] = (uint16_t)(CN_CHORD_BASS + bass);
  }
  for (unsigned c = 0; c < 12 && n < CN_CHORD_MAX_ROWS; ++c) {
    if (((asked ^ known) >> c & 1U) != 0) {
      row[n++] = (uint16_t)((asked >> c & 1U ? CN_CHORD_MORE : CN_CHORD_LESS) + c);
    }
  }
  return n;
}

void
cn_context_input(const CnContext* const context, CnNoteInput* const input)
{
  assert(context->size > 0);

  const uint32_t       last  = context->size - 1;
  const uint8_t* const token = context->tokens[last].factor;

  input->row[0] = (uint16_t)(CN_IN_PITCH + token[CN_FACTOR_PITCH]);
  input->row[1] = (uint16_t)(CN_IN_CLASS + context->notes[last].pitch % 12U);
  input->row[2] = (uint16_t)(last ? CN_IN_DT + token[CN_FACTOR_DT] : CN_IN_BEGIN);
  input->row[3] = (uint16_t)(CN_IN_DURATION + token[CN_FACTOR_DURATION]);
  input->row[4] = (uint16_t)(CN_IN_VELOCITY + token[CN_FACTOR_VELOCITY]);
  input->bar    = (uint16_t)context->notes[last].bar.length;
  input->onset  = context->notes[last].onset;
  input->n_rows =
      (uint16_t)(5U + cn_context_metre_rows(context->notes[last].bar, CN_IN_METRE, &input->row[5]));
}
