// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tests/support/stage.h"

#include "dsp/base/random.h"
#include "dsp/part/timeline.h"
#include "dsp/play/performer.h"
#include "dsp/take/engine.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MAX_EVENTS 4096
#define MAX_RUNS 64
#define MAX_MARKS 128
#define RANDOM_BLOCK 2048
#define OWN_CHANNEL 0 ///< Of the continuation's notes

/// What the host gives the plugin at a frame of the stream
typedef struct {
  int64_t frame;
  size_t  order; ///< Of making, which breaks ties
  uint8_t size;  ///< 0: a position
  uint8_t bytes[3];
} Event;

/// A run on the stream
typedef struct {
  int64_t start;      ///< [frames] of the stream
  int64_t end;        ///< [frames] of the stream
  int64_t song_start; ///< [frames] of the song
  bool    rolls;
} Span;

/// A key that sounds at the output
typedef struct {
  bool   is_on;
  bool   is_own;
  size_t note; ///< Its number in the result
} Key;

typedef struct {
  const StageScript*     script;
  const StageConditions* conditions;
  StageResult*           result;
  CnRandom               random;
  Span                   spans[MAX_RUNS];
  double                 mark_frames[MAX_MARKS]; ///< [frames] of the song where they begin, exactly
  Event                  events[MAX_EVENTS];
  size_t                 n_events;
  Key                    keys[16][128];
  int64_t                start;     ///< [frames] of the stream: this block
  uint32_t               n_frames;  ///< Of this block
  uint32_t               last;      ///< Frame of the last message of this block
  uint32_t               n_written; ///< Messages in this block
  unsigned               n_sheets;  ///< Runs up to the last where something was written down
  unsigned               n_opened;  ///< Runs up to the last before which the session was opened again
  CnEngine*              engine;    ///< Of the performer
  pthread_t              fidget;    ///< If the conditions are restless
  atomic_bool            is_ending; ///< The fidget shall end
} Stage;

// The song

/// Find the marks' frames, one after the other
static void
place_marks(Stage* const stage)
{
  const StageMark* const marks = stage->script->marks;
  assert(stage->script->n_marks <= MAX_MARKS);
  for (size_t i = 1; i < stage->script->n_marks; ++i) {
    const double seconds  = (marks[i].quarter - marks[i - 1].quarter) * 60.0 / marks[i - 1].bpm;
    stage->mark_frames[i] = stage->mark_frames[i - 1] + seconds * stage->conditions->rate;
  }
}

/// [frames] of the song at a place in it, exactly
static double
frame_of(const Stage* const stage, const double quarter)
{
  const StageMark* const marks = stage->script->marks;
  size_t                 i     = stage->script->n_marks - 1;
  while (i > 0 && marks[i].quarter > quarter) {
    --i;
  }
  return stage->mark_frames[i] + (quarter - marks[i].quarter) * 60.0 / marks[i].bpm * stage->conditions->rate;
}

static size_t
mark_at(const Stage* const stage, const int64_t frame)
{
  size_t i = stage->script->n_marks - 1;
  while (i > 0 && ceil(stage->mark_frames[i]) > (double)frame) {
    --i;
  }
  return i;
}

/// [quarters] at a frame of the song, exactly
static double
quarter_at(const Stage* const stage, const int64_t frame)
{
  const StageMark* const mark = &stage->script->marks[mark_at(stage, frame)];
  return mark->quarter +
         ((double)frame - frame_of(stage, mark->quarter)) * mark->bpm / 60.0 / stage->conditions->rate;
}

/// Number of the bar where a mark begins
static int64_t
bar_of(const Stage* const stage, const size_t mark)
{
  double bar = 0.0;
  for (size_t i = 0; i < mark; ++i) {
    const StageMark* const marks = &stage->script->marks[i];
    bar += (marks[1].quarter - marks[0].quarter) * marks[0].unit / 4.0 / marks[0].beats;
  }
  return (int64_t)lround(bar);
}

// The script on the stream

static const Span*
span_at(const Stage* const stage, const int64_t frame)
{
  size_t i = stage->script->n_runs - 1;
  while (i > 0 && stage->spans[i].start > frame) {
    --i;
  }
  return &stage->spans[i];
}

static void
add_event(Stage* const stage, const int64_t frame, const uint8_t size, const uint8_t status,
          const StageNote* const note)
{
  assert(stage->n_events < MAX_EVENTS);
  stage->events[stage->n_events] = (Event){
      .frame = frame,
      .order = stage->n_events,
      .size  = size,
      .bytes = {status, note ? note->pitch : 0, note ? note->velocity : 0},
  };
  ++stage->n_events;
}

static void
add_notes(Stage* const stage, const StageRun* const run, const Span* const span)
{
  const uint8_t channel = stage->script->channel;
  for (size_t i = 0; i < stage->script->n_notes; ++i) {
    const StageNote* const note  = &stage->script->notes[i];
    const int64_t          shift = span->start - span->song_start;
    const int64_t          on    = shift + llround(frame_of(stage, note->onset / CN_TICKS_PER_QUARTER));
    const int64_t          off =
        shift + llround(frame_of(stage, (note->onset + note->duration) / CN_TICKS_PER_QUARTER));
    if (span->rolls && ((run->phrases >> note->phrase) & 1U) && on >= span->start && on < span->end) {
      add_event(stage, on, 3, (uint8_t)(0x90 | channel), note);
      add_event(stage, off < span->end ? off : span->end, 3, (uint8_t)(0x80 | channel), note);
    }
  }
}

/// Lift the pedal each second quarter, and press it a triplet later
static void
add_pedals(Stage* const stage, const StageRun* const run, const Span* const span)
{
  static const StageNote up    = {.pitch = 64, .velocity = 0}; // As the bytes of a control
  static const StageNote down  = {.pitch = 64, .velocity = 127};
  const int64_t          shift = span->start - span->song_start;
  for (long half = lround(ceil(run->from / 2.0)); run->pedals && span->rolls; ++half) {
    const double quarter = 2.0 * (double)half;
    if (quarter + 1.0 >= run->to) {
      break;
    }
    add_event(stage, shift + llround(frame_of(stage, quarter)), 3, (uint8_t)(0xB0 | stage->script->channel),
              &up);
    add_event(stage, shift + llround(frame_of(stage, quarter + 1.0 / 3.0)), 3,
              (uint8_t)(0xB0 | stage->script->channel), &down);
  }
}

static void
add_marks(Stage* const stage, const Span* const span)
{
  for (size_t i = 0; i < stage->script->n_marks; ++i) {
    const int64_t frame =
        span->start - span->song_start + (int64_t)ceil(frame_of(stage, stage->script->marks[i].quarter));
    if (span->rolls && frame > span->start && frame < span->end) {
      add_event(stage, frame, 0, 0, NULL);
    }
  }
}

static int
compare_events(const void* const a, const void* const b)
{
  const Event* const x = (const Event*)a;
  const Event* const y = (const Event*)b;
  return x->frame != y->frame ? (x->frame > y->frame) - (x->frame < y->frame)
                              : (x->order > y->order) - (x->order < y->order);
}

static void
lay_out(Stage* const stage)
{
  int64_t frame = 0;
  assert(stage->script->n_runs <= MAX_RUNS);
  for (size_t i = 0; i < stage->script->n_runs; ++i) {
    const StageRun* const run   = &stage->script->runs[i];
    Span* const           span  = &stage->spans[i];
    const int64_t         from  = llround(frame_of(stage, run->from));
    const bool            rolls = run->to > run->from;
    const int64_t         n =
        rolls ? llround(frame_of(stage, run->to)) - from : llround(run->seconds * stage->conditions->rate);
    *span = (Span){.start = frame, .end = frame + n, .song_start = from, .rolls = rolls};
    add_event(stage, frame, 0, 0, NULL);
    add_marks(stage, span);
    add_pedals(stage, run, span);
    add_notes(stage, run, span);
    frame += n;
  }
  qsort(stage->events, stage->n_events, sizeof(Event), compare_events);
}

static CnPosition
position_at(Stage* const stage, const int64_t stream_frame)
{
  const Span* const      span  = span_at(stage, stream_frame);
  const int64_t          frame = span->song_start + (span->rolls ? stream_frame - span->start : 0);
  const size_t           index = mark_at(stage, frame);
  const StageMark* const mark  = &stage->script->marks[index];
  const double           beats = (quarter_at(stage, frame) - mark->quarter) * mark->unit / 4.0;
  const double           bars  = floor(beats / mark->beats + 1e-9);
  const double offset = stage->conditions->jitter * (2.0 * (double)cn_random_uniform(&stage->random) - 1.0);
  return (CnPosition){
      .parts = CN_POSITION_FRAME | CN_POSITION_SPEED | CN_POSITION_BAR | CN_POSITION_BAR_BEAT |
               CN_POSITION_BEAT_UNIT | CN_POSITION_BEATS_PER_BAR | CN_POSITION_BPM,
      .frame         = frame,
      .speed         = span->rolls ? 1.0 : 0.0,
      .bar           = bar_of(stage, index) + (int64_t)bars,
      .bar_beat      = beats - bars * mark->beats + offset,
      .beat_unit     = mark->unit,
      .beats_per_bar = mark->beats,
      .bpm           = mark->bpm * mark->unit / 4.0,
  };
}

// The output

static void
write_down(Stage* const stage, const int64_t frame, const uint8_t* const message, Key* const key)
{
  StageResult* const result = stage->result;
  const Span* const  span   = span_at(stage, frame);
  const int64_t      at     = frame - span->start + span->song_start;
  const int32_t      parts  = stage->conditions->is_fine ? CN_LATE_PARTS : 1;
  const int32_t      place  = (int32_t)lround(quarter_at(stage, at) * CN_TICKS_PER_QUARTER * parts);
  const double       off = fabs((double)at - frame_of(stage, (double)place / CN_TICKS_PER_QUARTER / parts));
  if (result->n_notes < STAGE_NOTES) {
    key->note                         = result->n_notes++;
    result->notes[key->note].run      = (unsigned)(span - stage->spans);
    result->notes[key->note].onset    = place / parts;
    result->notes[key->note].late     = place % parts;
    result->notes[key->note].pitch    = message[1];
    result->notes[key->note].velocity = message[2];
    result->worst                     = fmax(result->worst, off);
  }
}

static void
write_end(Stage* const stage, const int64_t frame, const Key* const key)
{
  StagePlayed* const note     = &stage->result->notes[key->note];
  const Span* const  span     = &stage->spans[note->run];
  const int64_t      at       = frame - span->start + span->song_start;
  const int32_t      duration = (int32_t)lround(quarter_at(stage, at) * CN_TICKS_PER_QUARTER) - note->onset;
  note->duration              = duration > 1 ? duration : 1; // As everywhere
}

static void
check_key(Stage* const stage, const uint32_t frame, const uint8_t* const message)
{
  Key* const key    = &stage->keys[message[0] & 0x0FU][message[1]];
  const bool is_own = (message[0] & 0x0FU) == OWN_CHANNEL && stage->script->channel != OWN_CHANNEL;
  if ((message[0] & 0xF0U) == 0x90) {
    stage->result->n_faults += key->is_on; // Doubled
    stage->result->n_doubled += is_own && stage->keys[stage->script->channel][message[1]].is_on;
    *key = (Key){.is_on = true, .is_own = is_own};
    if (is_own) {
      write_down(stage, stage->start + frame, message, key);
    }
  } else if ((message[0] & 0xF0U) == 0x80) {
    stage->result->n_faults += !key->is_on && is_own;
    if (key->is_on && key->is_own) {
      write_end(stage, stage->start + frame, key);
    }
    key->is_on = false;
  }
}

static bool
write_message(void* const handle, const uint32_t frame, const uint8_t* const message, const uint32_t size)
{
  Stage* const stage = (Stage*)handle;
  if (stage->conditions->sink_size && stage->n_written == stage->conditions->sink_size) {
    return false;
  }
  ++stage->n_written;
  stage->result->n_faults +=
      frame < stage->last || frame >= (stage->n_frames ? stage->n_frames : 1) || size != 3;
  stage->last = frame;
  check_key(stage, frame, message);
  return true;
}

// The performance

static uint32_t
next_block(Stage* const stage)
{
  const StageConditions* const conditions = stage->conditions;
  int64_t n = conditions->block ? conditions->block : cn_random_below(&stage->random, RANDOM_BLOCK);
  for (size_t i = 0; conditions->splits && i < stage->script->n_runs; ++i) {
    const int64_t end = stage->spans[i].end;
    n                 = end > stage->start && end < stage->start + n ? end - stage->start : n;
  }
  return (uint32_t)n;
}

static CnControls
controls_at(const Stage* const stage)
{
  const StageRun* const run = &stage->script->runs[span_at(stage, stage->start) - stage->spans];
  return (CnControls){
      .enabled      = true,
      .freewheeling = stage->conditions->freewheeling,
      .play         = !run->muted,
      .thru         = true,
      .temperature  = 1.0F + run->heat,
      .top_p        = 0.9F,
      .motif        = 0.5F,
      .take         = run->take,
      .role         = run->role,
      .answer_bars  = run->turn,
      .hold         = run->hold,
      .new_take     = run->anew,
      .entry        = run->entry,
      .rules        = run->rules,
      .channel      = OWN_CHANNEL + 1,
      .timing       = run->is_even ? CN_TIMING_AVERAGE : CN_TIMING_MODEL,
  };
}

static void
tell_position(Stage* const stage, CnPerformer* const performer, const int64_t frame)
{
  const CnPosition position = position_at(stage, frame);
  cn_performer_position(performer, (uint32_t)(frame - stage->start), &position);
}

/// Write down what the run that begins asks for
static void
write_sheet(Stage* const stage, CnPerformer* const performer)
{
  static const CnSheet nothing = {0};
  const unsigned       index   = (unsigned)(span_at(stage, stage->start) - stage->spans);
  const char* const    text    = stage->script->runs[index].sheet;
  CnSheet              sheet;
  if (index >= stage->n_sheets && text) {
    stage->n_sheets = index + 1;
    stage->result->n_faults += cn_sheet_parse(text, &sheet) != CN_STATUS_SUCCESS;
    cn_performer_set_sheet(performer, &nothing, &sheet);
  }
}

/// Perform one block; `next` is the first event to come
static size_t
perform_block(Stage* const stage, CnPerformer* const performer, size_t next)
{
  const CnMidiSink sink     = {stage, write_message};
  const CnControls controls = controls_at(stage);
  const Event*     event    = &stage->events[next];
  stage->n_written          = 0;
  stage->last               = 0;
  cn_performer_begin(performer, &controls, &sink, stage->n_frames);
  write_sheet(stage, performer);
  if (!stage->conditions->on_change && stage->n_frames > 0) {
    tell_position(stage, performer, stage->start);
  }
  for (; next < stage->n_events && event->frame < stage->start + stage->n_frames;
       event = &stage->events[++next]) {
    if (event->size) {
      cn_performer_midi(performer, (uint32_t)(event->frame - stage->start), event->bytes, event->size);
    } else if (stage->conditions->on_change || event->frame > stage->start) {
      tell_position(stage, performer, event->frame);
    }
  }
  cn_performer_end(performer);
  cn_performer_wake(performer);
  if (!stage->conditions->freewheeling && !stage->conditions->unsynced) {
    cn_performer_sync(performer);
  }
  return next;
}

/// Run the engine over and over
static void*
fidget(void* const handle)
{
  Stage* const stage = (Stage*)handle;
  while (!atomic_load(&stage->is_ending)) {
    cn_engine_run(stage->engine);
  }
  return NULL;
}

/// A performer that has the planner, and nothing else
static CnPerformer*
make_performer(Stage* const stage)
{
  CnPerformer* const performer = cn_performer_new(stage->conditions->rate, stage->conditions->threaded);
  assert(performer);
  stage->engine = cn_performer_engine(performer);
  cn_engine_set_planner(stage->engine, &stage->conditions->planner);
  if (stage->conditions->restless) {
    atomic_store(&stage->is_ending, false);
    const int status = pthread_create(&stage->fidget, NULL, fidget, stage);
    assert(!status);
    (void)status;
  }
  return performer;
}

static void
free_performer(Stage* const stage, CnPerformer* const performer)
{
  if (stage->conditions->restless) {
    atomic_store(&stage->is_ending, true);
    pthread_join(stage->fidget, NULL);
  }
  cn_performer_free(performer);
}

/// Save the session, close it, and open it again, if the run that begins asks for it
static CnPerformer*
reopen(Stage* const stage, CnPerformer* const performer)
{
  const Span* const span  = span_at(stage, stage->start);
  const unsigned    index = (unsigned)(span - stage->spans);
  uint8_t*          data  = NULL;
  size_t            size  = 0;
  if (index < stage->n_opened || !stage->script->runs[index].reopens) {
    return performer;
  }
  stage->n_opened = index + 1;
  CnStatus status = cn_engine_save(stage->engine, &data, &size);
  free_performer(stage, performer);
  CnPerformer* const other = make_performer(stage);
  status                   = status ? status : cn_engine_restore(stage->engine, data, size, CN_NO_FAULT);
  stage->result->n_faults += status != CN_STATUS_SUCCESS;
  free(data);
  return other;
}

static void
count_hanging(Stage* const stage)
{
  for (size_t i = 0; i < 16 * 128; ++i) {
    stage->result->n_faults += stage->keys[i / 128][i % 128].is_on;
  }
}

void
stage_perform(const StageScript* const script, const StageConditions* const conditions,
              StageResult* const result)
{
  Stage* const stage = (Stage*)calloc(1, sizeof(Stage));
  assert(stage);
  memset(result, 0, sizeof(*result));
  stage->script     = script;
  stage->conditions = conditions;
  stage->result     = result;
  stage->random     = cn_random(1, 2, 3, 4, 5);
  place_marks(stage);
  lay_out(stage);
  CnPerformer* performer = make_performer(stage);
  size_t       next      = 0;
  while (stage->start < stage->spans[script->n_runs - 1].end) {
    performer       = reopen(stage, performer);
    stage->n_frames = next_block(stage);
    next            = perform_block(stage, performer, next);
    stage->start += stage->n_frames;
  }
  result->n_late = cn_performer_late_notes(performer);
  count_hanging(stage);
  free_performer(stage, performer);
  free(stage);
}
