// Copyright 2026 The Continuo authors
// SPDX-License-Identifier: ISC

#include "tools/base/file.h"
#include "tools/base/options.h"
#include "tools/base/output.h"
#include "tools/between/infill.h"
#include "tools/command/commands.h"
#include "tools/command/rule_options.h"
#include "tools/judge/continuation.h"
#include "tools/judge/phrase.h"
#include "tools/judge/weights.h"
#include "tools/picture/picture.h"
#include "tools/sound/render.h"

#include "dsp/compose/pulse.h"
#include "dsp/file/smf.h"
#include "dsp/model/any_model.h"
#include "dsp/music/chord.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CHORDS 256

static const char command[] = "generate";

static const char help[] =
    "Usage: continuo generate [-m WEIGHTS.safetensors] --phrase IN.mid [OPTION]... -o OUT.mid|OUT.wav\n"
    "       continuo generate [-m WEIGHTS.safetensors] --between A.mid B.mid [OPTION]... -o OUT.mid|OUT.wav\n"
    "Continue a MIDI file, or compose bars that lead from one to another.\n"
    "\n"
    "The output has the file's own notes on a track \"Phrase\", as long as they sound with the pedal, what\n"
    "follows on a track \"Continuo\", and drums on a track of theirs.  Or it is a sound file, to listen to.\n"
    "The same file, weights and options give the same notes.\n"
    "\n"
    "  -m, --model FILE       the weights (default: those of the installed plugin)\n"
    "  -p, --phrase FILE      the file to continue\n"
    "      --phrase-bars N    continue after the first N bars of the file (default: all of it)\n"
    "      --between A B      go on from A so that it leads into B, which follows after the bars added\n"
    "      --candidates N     of so many ways to go on, keep the one that leads there best; 1 to 256\n"
    "                         (default 16)\n"
    "  -o, --output FILE      where the result goes\n"
    "      --force            write over the phrase, or over a file of another kind\n"
    "      --bars N           how many bars to add (default 16)\n"
    "      --close            come to an end with the last bar: on the tonic, and with no note beyond\n"
    "      --temperature T    1: as learnt; lower: safer, higher: bolder; 0.1 to 2 (default 0.95)\n"
    "      --top-p P          keep the likeliest notes that make up this share; 0 to 1 (default 0.97)\n"
    "      --motif G          share of bars in which motifs may come again; 0 to 1 (default 1)\n"
    "      --timing WAY       model: as the model has it; average: evenly, as far apart and as long as the\n"
    "                         phrase's last notes are on average: 50, back to a gap of a 4/4 bar\n"
    "                         (default model)\n"
    "      --take N           number of the performance: another one, another music (default 1)\n"
    "      --chords \"C Am..\"  play on these chords, one a bar: such as Eb, F#m, G7/B,\n"
    "                         Am7b5, Dmaj7, Csus4, Bbdim7, E9; \"-\" leaves a bar free\n"
    "      --channel C        MIDI channel of what is added, 1 to 16 (default: that of the phrase's last "
    "notes)\n"
    "      --program P        its General MIDI program, 1 to 128 (default: that of its channel); without\n"
    "                         --channel it goes on one that is free\n"
    "      --soundfont FILE   plays a sound file (default " CN_SOUNDFONT_DEFAULT ")\n";

static const char last_help[] = "      --help             show this text\n";

typedef struct {
  const char* model;
  const char* phrase;
  const char* before; // Of two files between which it is to be, the first; or null
  const char* after;  // The second, into which it leads, or null
  const char* output;
  const char* soundfont; // Or null
  double      temperature;
  double      top_p;
  double      motif;
  long        phrase_bars; // 0: all
  long        bars;
  long        take;
  long        channel;      // From 1 on; 0: chosen
  long        n_candidates; // 0: CN_INFILL_CANDIDATES
  long        program;      // From 1 on; 0: that of the channel
  uint8_t     timing;       // CnTimingMode
  CnRules     rules;
  int32_t     chords[MAX_CHORDS];
  uint32_t    n_chords;
  bool        force;
  bool        closes;
} Options;

enum {
  OPTION_PHRASE_BARS = 256,
  OPTION_BETWEEN,
  OPTION_CANDIDATES,
  OPTION_BARS,
  OPTION_CLOSE,
  OPTION_TEMPERATURE,
  OPTION_TOP_P,
  OPTION_MOTIF,
  OPTION_TIMING,
  OPTION_TAKE,
  OPTION_CHORDS,
  OPTION_CHANNEL,
  OPTION_PROGRAM,
  OPTION_SOUNDFONT,
  OPTION_FORCE,
  OPTION_HELP,
  OPTION_RULES, // And those that follow
};

static const struct option long_options[] = {{"model", required_argument, NULL, 'm'},
                                             {"phrase", required_argument, NULL, 'p'},
                                             {"seed", required_argument, NULL, 'p'}, // Its name before
                                             {"output", required_argument, NULL, 'o'},
                                             {"phrase-bars", required_argument, NULL, OPTION_PHRASE_BARS},
                                             {"seed-bars", required_argument, NULL, OPTION_PHRASE_BARS},
                                             {"between", required_argument, NULL, OPTION_BETWEEN},
                                             {"candidates", required_argument, NULL, OPTION_CANDIDATES},
                                             {"bars", required_argument, NULL, OPTION_BARS},
                                             {"close", no_argument, NULL, OPTION_CLOSE},
                                             {"temperature", required_argument, NULL, OPTION_TEMPERATURE},
                                             {"top-p", required_argument, NULL, OPTION_TOP_P},
                                             {"motif", required_argument, NULL, OPTION_MOTIF},
                                             {"timing", required_argument, NULL, OPTION_TIMING},
                                             {"take", required_argument, NULL, OPTION_TAKE},
                                             {"chords", required_argument, NULL, OPTION_CHORDS},
                                             {"channel", required_argument, NULL, OPTION_CHANNEL},
                                             {"program", required_argument, NULL, OPTION_PROGRAM},
                                             {"soundfont", required_argument, NULL, OPTION_SOUNDFONT},
                                             {"force", no_argument, NULL, OPTION_FORCE},
                                             CN_RULE_OPTIONS_LONG(OPTION_RULES),
                                             {"help", no_argument, NULL, OPTION_HELP},
                                             {NULL, 0, NULL, 0}};

static bool
read_chords(Options* const options, const char* text)
{
  static const char separators[] = " ,|";

  for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
    char         name[16];
    const size_t length = strcspn(text, separators);
    snprintf(name, sizeof(name), "%.*s", (int)(length < sizeof(name) ? length : sizeof(name) - 1), text);
    const int32_t chord = cn_chord_parse(name);
    if (options->n_chords == MAX_CHORDS) {
      cn_error_print(command, "--chords", "more than %d chords", MAX_CHORDS);
      return false;
    }
    if (chord == CN_CHORD_NONE && strcmp(name, "-")) {
      cn_error_print(command, "--chords", "'%s' is not a chord", name);
      return false;
    }
    options->chords[options->n_chords++] = chord;
    text += length;
  }
  return true;
}

static bool
read_timing(Options* const options, const char* const text)
{
  if (strcmp(text, "model") && strcmp(text, "average")) {
    cn_error_print(command, "--timing", "'%s' is neither model nor average", text);
    return false;
  }
  options->timing = strcmp(text, "model") ? CN_TIMING_AVERAGE : CN_TIMING_MODEL;
  return true;
}

static bool
read_channel(Options* const options, const char* const text)
{
  if (!cn_option_integer(command, "--channel", text, 1, 16, &options->channel)) {
    return false;
  }
  if (options->channel == CN_CHANNEL_DRUMS + 1) {
    cn_error_print(command, "--channel", "%ld is that of the drums", options->channel);
    return false;
  }
  return true;
}

static bool
read_option(const int option, Options* const options)
{
  switch (option) {
  case 'm':
    options->model = optarg;
    return true;
  case 'p':
  case 's': // Its letter before
    options->phrase = optarg;
    return true;
  case 'o':
    options->output = optarg;
    return true;
  case OPTION_BETWEEN:
    options->before = optarg;
    return true;
  case OPTION_CANDIDATES:
    return cn_option_integer(command, "--candidates", optarg, 1, 256, &options->n_candidates);
  case OPTION_PHRASE_BARS:
    return cn_option_integer(command, "--phrase-bars", optarg, 1, 99999, &options->phrase_bars);
  case OPTION_BARS:
    return cn_option_integer(command, "--bars", optarg, 1, 9999, &options->bars);
  case OPTION_CLOSE:
    options->closes = true;
    return true;
  case OPTION_TEMPERATURE:
    return cn_option_number(command, "--temperature", optarg, 0.1, 2.0, &options->temperature);
  case OPTION_TOP_P:
    return cn_option_number(command, "--top-p", optarg, 0.0, 1.0, &options->top_p);
  case OPTION_MOTIF:
    return cn_option_number(command, "--motif", optarg, 0.0, 1.0, &options->motif);
  case OPTION_TIMING:
    return read_timing(options, optarg);
  case OPTION_TAKE:
    return cn_option_integer(command, "--take", optarg, 0, 999999999, &options->take);
  case OPTION_FORCE:
    options->force = true;
    return true;
  case OPTION_CHANNEL:
    return read_channel(options, optarg);
  case OPTION_PROGRAM:
    return cn_option_integer(command, "--program", optarg, 1, 128, &options->program);
  case OPTION_SOUNDFONT:
    options->soundfont = optarg;
    return true;
  case OPTION_CHORDS:
    return read_chords(options, optarg);
  default:
    return option >= OPTION_RULES && option < OPTION_RULES + CN_N_RULE_OPTIONS &&
           cn_rule_option_read(command, (CnRuleOption)(option - OPTION_RULES), optarg, &options->rules);
  }
}

static int
write_score(const Options* const options, const CnScore* const score)
{
  const char* const path       = options->output;
  char              fault[256] = "";
  if (cn_render_is_wav(path)) {
    return cn_render_score(score, options->soundfont, path, CN_FAULT(fault))
               ? cn_error_print(command, path, "%s", fault)
               : CN_EXIT_OK;
  }
  uint8_t* data   = NULL;
  size_t   size   = 0;
  CnStatus status = cn_smf_write(score, &data, &size);
  if (!status) {
    status = cn_file_write(path, data, size);
  }
  free(data);
  return status ? cn_error_print(command, path, "%s", cn_file_strerror(status)) : CN_EXIT_OK;
}

// The channel of what is added
static unsigned
choose_channel(const Options* const options, const CnScore* const phrase)
{
  if (options->channel) {
    return (unsigned)options->channel - 1;
  }
  return options->program ? cn_phrase_free_channel(phrase) : cn_phrase_channel(phrase);
}

// Let what is added have its program, and what follows on the same channel the one that it begins with
static CnStatus
add_program(const Options* const options, const CnScore* const after, const unsigned channel,
            const CnContinuation* const place, CnSound* const sound)
{
  const CnProgramChange change = {place->start, (uint8_t)channel, (uint8_t)(options->program - 1)};
  CN_TRY(cn_sound_add_program(sound, change));
  if (!after || !(after->info.channels >> channel & 1U)) {
    return CN_STATUS_SUCCESS;
  }
  const int own = cn_sound_program(&after->sound, channel, 0);
  return cn_sound_add_program(sound,
                              (CnProgramChange){place->end, (uint8_t)channel, own < 0 ? 0 : (uint8_t)own});
}

// Let the result sound as it should, and write it
static int
finish(const Options* const options, const CnScore* const after, const unsigned channel,
       const CnContinuation* const place, CnScore* const result)
{
  if (options->program && add_program(options, after, channel, place, &result->sound)) {
    return cn_error_print(command, NULL, "out of memory");
  }
  cn_score_sustain(result);
  return write_score(options, result);
}

// Say that even timing was asked for, if the phrase has no means to give
static void
tell_of_timing(const Options* const options, const CnScore* const phrase)
{
  CnPulse pulse;
  if (options->timing == CN_TIMING_AVERAGE &&
      !cn_pulse_find(phrase->notes, (uint32_t)phrase->n_notes, &pulse)) {
    fprintf(stderr, "%s: its last phrase has no two onsets to take means of: timed as the model has it\n",
            options->phrase);
  }
}

static CnContinuationSettings
make_settings(const Options* const options, const unsigned channel)
{
  return (CnContinuationSettings){.params   = {.temperature = (float)options->temperature,
                                               .top_p       = (float)options->top_p,
                                               .motif       = (float)options->motif,
                                               .chord       = CN_CHORD_NONE,
                                               .take        = (uint32_t)options->take,
                                               .timing      = options->timing,
                                               .rules       = options->rules},
                                  .chords   = options->chords,
                                  .n_chords = options->n_chords,
                                  .n_bars   = (int32_t)options->bars,
                                  .closes   = options->closes,
                                  .channel  = (uint8_t)channel};
}

// Go on from a phrase, or lead from it into another one that is not null
static CnStatus
compose(const Options* const options, const CnAnyModel* const model, const CnScore* const phrase,
        const CnScore* const after, const unsigned channel, CnScore** const result, CnInfill* const infill)
{
  const CnInfillSettings settings = {make_settings(options, channel), (uint32_t)options->n_candidates, false};
  CnAnyComposer          composer;
  CN_TRY(cn_any_composer_init(&composer, model));
  const CnPlanner planner = cn_any_composer_planner(&composer);
  const CnStatus  status =
      after ? cn_score_infill(phrase, after, &planner, &settings, result, infill)
             : cn_score_continue(phrase, &planner, &settings.continuation, result, &infill->place);
  cn_any_composer_clear(&composer);
  return status;
}

static int
explain(const Options* const options, const CnStatus status)
{
  return status == CN_STATUS_UNSUPPORTED
             ? cn_error_print(command, "--between", "this kind of model cannot tell what leads where")
             : cn_error_print(command, options->phrase, "%s", cn_strerror(status));
}

static void
tell(const Options* const options, const CnScore* const phrase, const CnScore* const after,
     const CnInfill* const infill)
{
  fprintf(stderr, "%s: %zu notes of %s, then %u in %ld bars\n", options->output, phrase->n_notes,
          options->phrase, infill->place.n_notes, options->bars);
  if (after) {
    fprintf(stderr,
            "%s: then %zu notes of %s; number %u of %ld leads there best: %.2f nats a note, the first one "
            "%.2f\n",
            options->output, after->n_notes, options->after, infill->chosen + 1, options->n_candidates,
            infill->nats[1], infill->nats[0]);
  }
}

static int
generate(const Options* const options, const CnAnyModel* const model, CnScore* const phrase,
         const CnScore* const after)
{
  CnScore* result = NULL;
  CnInfill infill = {.chosen = 0};
  phrase->info.channels |= after ? after->info.channels : 0; // Neither may be disturbed
  const unsigned channel = choose_channel(options, phrase);
  const CnStatus status  = compose(options, model, phrase, after, channel, &result, &infill);
  if (status) {
    return explain(options, status);
  }
  tell_of_timing(options, phrase);
  const int written = finish(options, after, channel, &infill.place, result);
  if (!written) {
    tell(options, phrase, after, &infill);
  }
  cn_score_free(result);
  return written;
}

// What does not go with two files, or only with them
static int
check_between(const Options* const options, const int n_rest, char* const* const rest)
{
  if (!options->before) {
    return n_rest
               ? cn_usage_error(command, rest[0], "not an option; the file to continue goes after --phrase")
           : options->n_candidates ? cn_usage_error(command, "--candidates", "goes with --between")
                                   : CN_EXIT_OK;
  }
  if (n_rest != 1) {
    return cn_usage_error(command, "--between", "goes with two files: --between A.mid B.mid");
  }
  if (options->phrase) {
    return cn_usage_error(command, "--phrase",
                          "does not go with --between, which names what is gone on from");
  }
  return options->closes
             ? cn_usage_error(command, "--close", "does not go with --between: what follows is no end")
             : CN_EXIT_OK;
}

// What of the command line does not go together
static int
check_usage(const Options* const options, const int n_rest, char* const* const rest)
{
  const CnRules* const rules  = &options->rules;
  const int            usage  = check_between(options, n_rest, rest);
  const bool           has_it = options->phrase || options->before;
  if (usage) {
    return usage;
  }
  if (!has_it || !options->output) {
    return cn_usage_error(command, NULL, has_it ? "-o: no output is named" : "--phrase: no file is named");
  }
  if (options->soundfont && !cn_render_is_wav(options->output)) {
    return cn_usage_error(command, "--soundfont", "goes with -o FILE.wav");
  }
  if (rules->highest && rules->lowest > rules->highest) {
    return cn_usage_error(command, "--lowest", "no key is above %d and below %d", rules->lowest - 1,
                          rules->highest + 1);
  }
  return CN_EXIT_OK;
}

// See that neither of the files is written over, nor a file of another kind
static int
check_output(const Options* const options)
{
  CnPictureFormat format = CN_PICTURE_PNG;
  if (cn_picture_format(options->output, &format)) {
    return cn_usage_error(command, options->output, "is a name for pictures, which continuo roll draws");
  }
  const CnOutputKind kind = cn_render_is_wav(options->output) ? CN_OUTPUT_WAV : CN_OUTPUT_MIDI;
  const int refused       = cn_output_check(command, options->phrase, options->output, kind, options->force);
  return refused || !options->after
             ? refused
             : cn_output_check(command, options->after, options->output, kind, options->force);
}

static int
load_and_generate(const Options* const options)
{
  CnAnyModel     model;
  const bool     is_loaded = cn_weights_load_any(command, options->model, &model);
  CnScore* const phrase = is_loaded ? cn_phrase_load(command, options->phrase, options->phrase_bars) : NULL;
  CnScore* const after  = phrase && options->after ? cn_phrase_load(command, options->after, 0) : NULL;
  const bool     is_fit = phrase && !options->after == !after;
  const int      result = is_fit ? generate(options, &model, phrase, after) : CN_EXIT_FAILURE;
  cn_score_free(phrase);
  cn_score_free(after);
  cn_any_model_free(&model);
  return result;
}

int
cn_cmd_generate(const int argc, char** const argv)
{
  Options options = {.temperature = 0.95, .top_p = 0.97, .motif = 1.0, .bars = 16, .take = 1};
  int     option  = 0;
  while ((option = getopt_long(argc, argv, "m:p:s:o:", long_options, NULL)) != -1) {
    if (option == OPTION_HELP) {
      cn_help_print(help);
      cn_help_print(cn_rule_options_help);
      return cn_help_print(last_help);
    }
    if (option == '?' || !read_option(option, &options)) {
      return cn_usage_hint(command);
    }
  }
  const int usage = check_usage(&options, argc - optind, argv + optind);
  if (usage) {
    return usage;
  }
  if (options.before) {
    options.phrase       = options.before;
    options.after        = argv[optind];
    options.n_candidates = options.n_candidates ? options.n_candidates : CN_INFILL_CANDIDATES;
  }
  const int refused = check_output(&options);
  return refused ? refused : load_and_generate(&options);
}
