# Continuo: an LV2 plugin that listens to a pianist and plays on
# SPDX-License-Identifier: ISC
#
# The packager's variables: PREFIX DESTDIR BINDIR LV2DIR MANDIR CC CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LV2DIR     ?= $(PREFIX)/lib/lv2
MANDIR     ?= $(PREFIX)/share/man
CFLAGS     ?= -O2 -g
PKG_CONFIG ?= pkg-config

VERSION := 0.1.0

# MPI=1 builds a command that trains on many machines, in a folder of its own
MPI :=
B   := $(if $(MPI),build-mpi,build)

# Sanitizers, for example SANITIZE=address,undefined; with a B of their own, as check-asan does
SANITIZE :=

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef \
            -Wformat=2 -Wcast-qual -Wwrite-strings -Wvla
OUR_CPPFLAGS = -D_POSIX_C_SOURCE=200809L -DCN_VERSION='"$(VERSION)"' -I. $(BLIS_CFLAGS) -MMD -MP
OUR_CFLAGS  := -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden -fno-math-errno -fno-trapping-math -ffp-contract=off -pthread \
               -ffunction-sections -fdata-sections
OUR_LDFLAGS := -pthread -Wl,--gc-sections
ifneq ($(SANITIZE),)
OUR_CFLAGS  += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-pass-failed
OUR_LDFLAGS += -fsanitize=$(SANITIZE)
endif

# Libraries are looked for when something is built with them, not before: `make deps demo` installs them first
pkg = $(shell $(PKG_CONFIG) $(1) $(2))

CAIRO_CFLAGS = $(call pkg,--cflags,cairo)
CAIRO_LIBS   = $(call pkg,--libs,cairo)
XLIB_CFLAGS  = $(call pkg,--cflags,cairo-xlib x11)
XLIB_LIBS    = $(call pkg,--libs,cairo-xlib x11)
LILV_CFLAGS  = $(call pkg,--cflags,lilv-0)
LILV_LIBS    = $(call pkg,--libs,lilv-0)
LV2_CFLAGS   = $(call pkg,--cflags,lv2)

# BLIS, by which networks learn, without threads of its own and as an archive.
# Elsewhere than on Debian: make BLIS_CFLAGS=-I/usr/include/blis BLIS_LIBS=-lblis
BLIS_SERIAL  = $(firstword $(shell ls /usr/lib/*/blis-serial/libblis.a 2>/dev/null))
BLIS_CFLAGS ?= $(patsubst /usr/lib/%/libblis.a,-isystem /usr/include/%,$(BLIS_SERIAL))
BLIS_LIBS   ?= $(or $(BLIS_SERIAL),-lblis)
DSP_LIBS     = -ljansson -lzstd -lm

# Open MPI; with another one: make MPI=1 CC=mpicc MPI_CFLAGS= MPI_LIBS=
MPI_CFLAGS  ?= $(patsubst -I%,-isystem %,$(call pkg,--cflags,ompi-c))
MPI_LIBS    ?= $(call pkg,--libs,ompi-c)
TOOLS_LIBS   = $(CAIRO_LIBS) $(FLUIDSYNTH_LIBS) -lz $(if $(MPI),$(MPI_LIBS)) $(BLIS_LIBS) $(DSP_LIBS)

# What makes music audible, where it is there
HAS_FLUIDSYNTH    = $(shell $(PKG_CONFIG) --exists fluidsynth && echo yes)
FLUIDSYNTH_CFLAGS = $(if $(HAS_FLUIDSYNTH),-DCN_HAS_FLUIDSYNTH $(call pkg,--cflags,fluidsynth))
FLUIDSYNTH_LIBS   = $(if $(HAS_FLUIDSYNTH),$(call pkg,--libs,fluidsynth))

# Whether the command can be tried with two ranks here
HAS_MPI = $(shell command -v mpirun >/dev/null && $(PKG_CONFIG) --exists ompi-c && echo yes)

# A folder of sources is a room.  What tests share stands in two of theirs; every other file there is a program, or
# a part of one that is named below.
DSP_SRC    := $(wildcard dsp/*/*.c)
TOOLS_SRC  := $(filter-out tools/learn/ranks$(if $(MPI),,_mpi).c,$(wildcard tools/*/*.c))
# The window is a shared object of its own; the wire between it and the plugin has an end in each, and both read files
WINDOW_SRC := $(wildcard plugin/drag/*.c plugin/draw/*.c plugin/touch/*.c) plugin/file/regular_file.c plugin/wire/scene.c
UI_SRC     := $(wildcard plugin/ui/*.c) $(WINDOW_SRC)
PLUGIN_SRC := $(filter-out $(UI_SRC),$(wildcard plugin/*.c plugin/*/*.c))
TEST_LIB   := $(filter-out tests/window/test_% tests/window/clicks.c,$(wildcard tests/support/*.c tests/host/*.c tests/window/*.c))
TEST_SRC   := $(filter-out $(if $(MPI),,%/test_mpi_ranks.c %/test_mpi_training.c),$(wildcard tests/*/test_*.c tests/*/*/test_*.c))
FUZZ_SRC   := $(wildcard tests/fuzz/fuzz_*.c)
BENCH_SRC  := $(filter-out $(if $(MPI),,%/bench_mpi.c),$(wildcard tests/bench/bench_*.c))

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))

LIBDSP := $(B)/libcontinuo.a
# What the window draws, and does, without X
LIBWINDOW := $(B)/libwindow.a
# Everything of the command but its main(), so that tests can use it
LIBTOOLS := $(B)/libtools.a
TOOL     := $(B)/continuo
TESTS    := $(patsubst tests/%.c,$(B)/tests/%,$(TEST_SRC)) $(patsubst tests/%.sh,$(B)/tests/%,$(wildcard tests/whole/test_*.sh))
FUZZERS  := $(patsubst tests/%.c,$(B)/tests/%,$(FUZZ_SRC))
BENCHES  := $(patsubst tests/%.c,$(B)/tests/%,$(BENCH_SRC))

# Whatever else is asked for waits for the packages
FIRST := $(filter deps deps-%,$(MAKECMDGOALS))

all: $(TOOL) bundle

help:
	@echo "make all          build the command and the plugin, in $(B)/"
	@echo "make deps         install from Debian what is missing for all of this"
	@echo "make MPI=1        build a command that mpirun can start, in build-mpi/; make deps-mpi installs MPI"
	@echo "make demo         play a phrase into the plugin; see and hear how it goes on"
	@echo "make check        run the tests (also: make test)"
	@echo "make check-asan   run them with the address and undefined behaviour sanitizers"
	@echo "make check-tsan   run them with the thread sanitizer"
	@echo "make check-window click every control of the window in jalv and in Ardour, where they are installed"
	@echo "make fuzz         feed garbage to the parsers, FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make same         play 10000 notes by builds of several compilers, and for ARM: are they the same?"
	@echo "make bench        measure speed; make bench-train only that of training, beside PyTorch"
	@echo "                  with RTNEURAL=path/to/RTNeural one note beside RTNeural's, too"
	@echo "make bench-mpi    time training in one rank and in two"
	@echo "make bench-wall   time training from CORPUS=path/to/midi to a validation NLL=3.6, beside PyTorch"
	@echo "make soak         be a random host for SOAK_BLOCKS=$(SOAK_BLOCKS) blocks"
	@echo "make soak-corpus  train on SOAK_NOTES=$(SOAK_NOTES) notes made of CORPUS=path/to/midi; how much memory?"
	@echo "make lint         check the code; make deps-lint installs what that needs"
	@echo "make format       lay the code out"
	@echo "make weights      train the weights anew, from CORPUS=, MUTOPIA= and OPEN=path/to/midi"
	@echo "make weights-notebook train those of the notebook's networks, for NOTEBOOK_MINUTES=$(NOTEBOOK_MINUTES)"
	@echo "make picture      draw how six pieces of CORPUS=path/to/piano-midi go on, beside how Continuo does"
	@echo "make install      install to DESTDIR, PREFIX=$(PREFIX); make uninstall removes it"
	@echo "make dist         pack the committed sources"
	@echo "make clean        remove $(B)/ and $(B)-mpi/"

deps:
	@tools/house/deps.sh build

deps-lint deps-mpi deps-same:
	@tools/house/deps.sh $(@:deps-%=%)

# Commands are shown in short, or with V=1 in full
Q   := $(if $(V),,@)
say  = $(if $(V),,@echo "  $(1)  $(2)")

# --- Objects and programs

# A file that is as new as its words, so that what depends on it is built anew when they change
define keep-words
@mkdir -p $(@D)
@echo "$(1)" | cmp -s - $@ || echo "$(1)" > $@
endef

# Flags of which a change means that everything is to be built anew
FLAGS = $(CC) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) $(VERSION) $(FLUIDSYNTH_CFLAGS)

$(B)/flags: always | $(FIRST)
	$(call keep-words,$(FLAGS))

$(B)/obj/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC  ,$<)
	$(Q)$(CC) $(CPPFLAGS) $(OUR_CPPFLAGS) $(OUR_CFLAGS) $(EXTRA_CFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/obj/tools/%.o: EXTRA_CFLAGS = $(CAIRO_CFLAGS)
$(B)/obj/tools/learn/ranks_mpi.o: EXTRA_CFLAGS = $(MPI_CFLAGS)
$(B)/obj/tools/sound/render.o: EXTRA_CFLAGS = $(FLUIDSYNTH_CFLAGS)
$(B)/obj/plugin/%.o: EXTRA_CFLAGS = $(LV2_CFLAGS) $(CAIRO_CFLAGS)
$(B)/obj/plugin/ui/%.o: EXTRA_CFLAGS = $(LV2_CFLAGS) $(XLIB_CFLAGS)
$(B)/obj/tests/%.o: EXTRA_CFLAGS = $(LILV_CFLAGS) $(CAIRO_CFLAGS) $(XLIB_CFLAGS) $(if $(HAS_FLUIDSYNTH),-DCN_HAS_FLUIDSYNTH) $(if $(MPI),-DCN_HAS_MPI) -DCN_BUILD_DIR='"$(B)"'

$(LIBDSP): $(call obj,$(DSP_SRC))
	@rm -f $@
	$(call say,AR  ,$@)
	$(Q)$(AR) qcs $@ $^

$(LIBTOOLS): $(call obj,$(filter-out tools/command/main.c,$(TOOLS_SRC)))
	@rm -f $@
	$(call say,AR  ,$@)
	$(Q)$(AR) qcs $@ $^

# The tables of controls and presets are those of the plugin's description
$(B)/gen/control_table.c: plugin/draw/controls.awk ttl/continuo.ttl ttl/presets.ttl | $(FIRST)
	@mkdir -p $(@D)
	$(call say,AWK ,$@)
	$(Q)awk -f $^ > $@.part && mv $@.part $@

$(B)/obj/control_table.o: $(B)/gen/control_table.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC  ,$<)
	$(Q)$(CC) $(CPPFLAGS) $(OUR_CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS) -c -o $@ $<

$(LIBWINDOW): $(call obj,$(WINDOW_SRC)) $(B)/obj/control_table.o
	@rm -f $@
	$(call say,AR  ,$@)
	$(Q)$(AR) qcs $@ $^

$(TOOL): $(call obj,$(TOOLS_SRC)) $(LIBDSP)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(OUR_LDFLAGS) -o $@ $^ $(TOOLS_LIBS)

# Tests let allocations fail by way of tests/support/alloc.c
WRAP := $(addprefix -Xlinker --wrap=,malloc calloc realloc free)

$(B)/tests/%: $(B)/obj/tests/%.o $(call obj,$(TEST_LIB)) $(LIBWINDOW) $(LIBTOOLS) $(LIBDSP)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(OUR_LDFLAGS) $(WRAP) $(if $(findstring /fuzz_,$*),-fsanitize=fuzzer) -o $@ \
	  $(filter %.o,$^) $(LIBWINDOW) $(LIBTOOLS) $(LIBDSP) \
	  -lcmocka $(LILV_LIBS) $(XLIB_LIBS) $(TOOLS_LIBS)

$(B)/tests/whole/%: tests/whole/%.sh
	@install -D -m 755 $< $@

# What some programs have for themselves: a part of their own, or units of the plugin, which are in no library
$(B)/tests/bench/bench_train $(B)/tests/bench/bench_wall: $(call obj,tests/bench/race.c)
$(B)/tests/dsp/network/test_context_head: $(call obj,tests/dsp/network/head_twin.c)
$(B)/tests/plugin/test_events: $(call obj,plugin/lv2/events.c plugin/lv2/uris.c)
$(B)/tests/plugin/test_transport: $(call obj,plugin/lv2/events.c plugin/lv2/transport.c plugin/lv2/object.c plugin/lv2/uris.c)
$(B)/tests/plugin/test_face: $(call obj,tests/plugin/face_controls.c)
$(B)/tests/plugin/test_model_cache: $(call obj,plugin/model/model_cache.c)
$(B)/tests/window/test_xdnd: $(call obj,$(addprefix plugin/ui/,xdnd.c drag.c drop.c reach.c tree.c))
$(B)/tests/plugin/test_files: $(call obj,plugin/ui/files.c plugin/ui/messages.c $(addprefix plugin/lv2/,object.c patch.c uris.c))
$(B)/tests/plugin/test_new_file: $(call obj,plugin/file/new_file.c)
$(B)/tests/plugin/test_new_file: WRAP += $(addprefix -Xlinker --wrap=,link rename)

# RTNEURAL=path of RTNeural's sources builds it beside ours into this one; Eigen is Debian's libeigen3-dev
RTNEURAL :=
EIGEN    ?= /usr/include/eigen3
CXX      ?= g++
$(B)/rtneural: always | $(FIRST)
	$(call keep-words,$(RTNEURAL))
$(B)/obj/tests/bench/bench_eight.o: $(B)/rtneural
ifneq ($(RTNEURAL),)
$(B)/obj/tests/bench/bench_eight.o: EXTRA_CFLAGS += -DCN_HAS_RTNEURAL
$(B)/tests/bench/bench_eight: $(B)/obj/tests/bench/peer.o
$(B)/tests/bench/bench_eight: TOOLS_LIBS += -lstdc++

$(B)/obj/tests/bench/peer.o: tests/bench/peer.cpp tests/bench/peer.h
	@mkdir -p $(@D)
	$(call say,CXX ,$<)
	$(Q)$(CXX) -std=c++17 -O3 -DNDEBUG -DRTNEURAL_USE_EIGEN=1 -I. -isystem $(RTNEURAL) -isystem $(EIGEN) -c -o $@ $<
endif

# This one knows a third architecture: the toy's own file, and one row more in the table
$(B)/tests/tools/command/test_third_architecture: $(B)/obj/tests/tools/command/architectures.o \
  $(call obj,tests/tools/command/last_bar.c plugin/model/model_cache.c plugin/model/model_file.c)

$(B)/obj/tests/tools/command/architectures.o: dsp/model/architectures.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC  ,$<)
	$(Q)$(CC) $(CPPFLAGS) $(OUR_CPPFLAGS) -DCN_MORE_ARCHITECTURES=cn_last_bar_architecture $(OUR_CFLAGS) $(CFLAGS) \
	  -c -o $@ $<

# This one replaces functions of the C library for itself and for the plugin that it loads
$(B)/tests/whole/test_realtime: $(call obj,tests/whole/guard.c)

# This one installs what was built, so it has to know how
$(B)/obj/tests/whole/test_install.o: EXTRA_CFLAGS += -DCN_SANITIZE='"$(SANITIZE)"'

# These run what was built
$(filter $(B)/tests/whole/% $(B)/tests/window/%,$(TESTS)) $(B)/tests/bench/bench_run $(B)/tests/whole/demo: | $(TOOL) bundle

# --- The plugin

BUNDLE       := $(B)/continuo.lv2
BUNDLE_FILES := $(BUNDLE)/continuo.so $(BUNDLE)/continuo_ui.so $(patsubst ttl/%,$(BUNDLE)/%,$(wildcard ttl/*.ttl)) \
                $(patsubst plugin/%,$(BUNDLE)/%,$(wildcard plugin/models/*.safetensors.zst)) \
                $(patsubst %,$(BUNDLE)/%,$(patsubst %.tsv,%.tsv.gz,$(wildcard LICENSES/*)))

bundle: $(BUNDLE_FILES)

$(BUNDLE)/continuo.so: $(call obj,$(PLUGIN_SRC)) $(LIBWINDOW) $(LIBDSP)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(OUR_LDFLAGS) -shared -Wl,--exclude-libs,ALL -o $@ $^ $(CAIRO_LIBS) $(DSP_LIBS)

$(BUNDLE)/continuo_ui.so: $(call obj,$(filter plugin/ui/%,$(UI_SRC)) $(addprefix plugin/lv2/,object.c patch.c uris.c)) $(LIBWINDOW) $(LIBDSP)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(OUR_LDFLAGS) -shared -Wl,--exclude-libs,ALL -Wl,-z,nodelete -o $@ $^ $(XLIB_LIBS) -lm

$(BUNDLE)/%: ttl/%
	@install -D -m 644 $< $@

$(BUNDLE)/models/%: plugin/models/%
	@install -D -m 644 $< $@

# Who wrote what was learnt is a sixth as long so; without the time, so that it is the same again
$(BUNDLE)/LICENSES/%.tsv.gz: LICENSES/%.tsv
	@mkdir -p $(@D)
	$(call say,GZIP,$@)
	$(Q)gzip -9nc $< > $@.part && mv $@.part $@

$(BUNDLE)/LICENSES/%: LICENSES/%
	@install -D -m 644 $< $@

demo: $(B)/tests/whole/demo
	@$(B)/tests/whole/demo

# --- The weights that are shipped, two and a half hours on two cores; CORPUS is a folder with the files of piano-midi.de,
# MUTOPIA one with those of the Mutopia Project, OPEN one with the open scores of tools/data/open-scores.tsv.  The latter two
# are all to learn from: what is chosen by, and reported on, is the first.  Music first, and three times as long once more,
# from a high rate on; then what chords mean, and nothing else, and how to lead into what follows, and nothing else.  What
# was interrupted goes on where it was if make is called again, and steps that are done are not made anew.

CREDIT := --licence CC-BY-SA-4.0 --credit "Trained on piano MIDI files sequenced by Bernd Krueger, piano-midi.de, \
published under CC BY-SA 3.0 Germany"
CREDIT_ALL := --licence CC-BY-SA-4.0 --credit "Trained on piano MIDI files sequenced by Bernd Krueger, \
piano-midi.de, published under CC BY-SA 3.0 Germany, on scores of the Mutopia Project, mutopiaproject.org: \
composers, typesetters and licences are in LICENSES/mutopia.tsv, and on open scores of the OpenScore Lieder Corpus, of \
the Fryderyk Chopin Institute, of TAVERN and of piano-midi.de: see LICENSES/open-scores.tsv"

RECIPE := --cell gru --hidden 512 --head 192 --epochs 10.3 --rate 0.003 --dropout 0.2 --weight-decay 0.02 \
          --streams 32 --following 0 --threads 2 --seed 1 $(CREDIT_ALL)
RECIPE_MORE := --epochs 31 --patience 0 --rate 0.002 --dropout 0.2 --weight-decay 0.02 --streams 32 --following 0 \
          --threads 2 --seed 2 --float --no-play
RECIPE_CHORDS := --only-chords --epochs 0.2 --threads 2 --seed 1 --float --no-play $(CREDIT_ALL)
RECIPE_LEAD := --only-following --epochs 2 --threads 2 --seed 1 --float $(CREDIT_ALL)

# A step: its weights, its recipe
weights-step = test -f $(B)/$(1).safetensors -a ! -f $(B)/$(1).checkpoint || $(TOOL) train $(B)/corpus \
  --split $(B)/corpus.tsv -o $(B)/$(1).safetensors --force $$(test ! -f $(B)/$(1).checkpoint || echo --resume) $($(2))

weights: $(TOOL)
	@test -n "$(CORPUS)" -a -n "$(MUTOPIA)" -a -n "$(OPEN)" || { echo "Say where the MIDI files are: make weights \
	  CORPUS=path/to/piano-midi MUTOPIA=path/to/mutopia OPEN=path/to/open-scores"; exit 2; }
	rm -rf $(B)/corpus && mkdir -p $(B)/corpus
	cp -r "$(CORPUS)" $(B)/corpus/piano-midi && cp -r "$(MUTOPIA)" $(B)/corpus/mutopia && cp -r "$(OPEN)" $(B)/corpus/open
	awk -F '\t' -v OFS='\t' 'NR == 1 { print "file", "work", "split", "velocities" } FNR == 1 { corpus++; next } \
	  corpus == 1 { print "piano-midi/" $$1, $$2, $$3, "played" } \
	  corpus == 2 { print "mutopia/" $$1, $$2, "train", $$4 } \
	  corpus == 3 { print "open/" $$1, $$2, "train", $$4 }' \
	  tools/data/piano-midi.tsv tools/data/mutopia.tsv tools/data/open-scores.tsv >$(B)/corpus.tsv
	$(call weights-step,music,RECIPE)
	$(call weights-step,more,RECIPE_MORE) --from $(B)/music.safetensors
	$(call weights-step,chords,RECIPE_CHORDS) --from $(B)/more.safetensors
	$(call weights-step,default,RECIPE_LEAD) --from $(B)/chords.safetensors
	$(TOOL) convert $(B)/default.safetensors -o $(B)/default.safetensors.zst --small --force
	@echo "To ship them: cp $(B)/default.safetensors.zst plugin/models/"

# Those of the notebook's networks; how far it gets in that time depends on the computer
NOTEBOOK_MINUTES ?= 25
NOTEBOOK_RECIPE  := --arch notebook --pitch-layers 96,96 --timing-layers 48,48 --batch 16 --rate 0.004 --dropout 0.05 \
                --seed 1 --half $(CREDIT)

weights-notebook: $(TOOL)
	@test -n "$(CORPUS)" || { echo "Say where the MIDI files are: make weights-notebook CORPUS=path/to/midi"; exit 2; }
	$(TOOL) train "$(CORPUS)" --split tools/data/piano-midi.tsv -o $(B)/notebook.safetensors --force --minutes $(NOTEBOOK_MINUTES) \
	  $(NOTEBOOK_RECIPE)
	$(TOOL) convert $(B)/notebook.safetensors -o $(B)/notebook.safetensors.zst --small --force
	@echo "To ship them: cp $(B)/notebook.safetensors.zst plugin/models/"

# Six pieces that the weights have not learnt from, and how Continuo goes on with them; CORPUS as above
picture: all
	@test -n "$(CORPUS)" || { echo "Say where the MIDI files are: make picture CORPUS=path/to/piano-midi"; exit 2; }
	@tools/house/picture.sh $(TOOL) "$(CORPUS)" $(B)/continuations.png
	@echo "$(B)/continuations.png"

# --- Checks

CHECK_BUNDLE = $(wildcard $(B)/continuo.lv2)

# Two ranks are tried in a build with MPI beside this one; the thread sanitizer would need an MPI made for it
TRY_MPI   = $(if $(or $(MPI),$(filter thread,$(SANITIZE))),,$(HAS_MPI))
MPI_TESTS = $(patsubst %.c,$(B)-mpi/%,$(wildcard tests/*/test_mpi_*.c tests/*/*/test_mpi_*.c))

check: all $(TESTS) $(if $(TRY_MPI),mpi-tests)
	@tests/check.sh $(TESTS) $(if $(TRY_MPI),$(MPI_TESTS)) $(CHECK_BUNDLE)

mpi-tests: | all
	@$(MAKE) MPI=1 B=$(B)-mpi $(MPI_TESTS)

test: check

check-asan:
	@LSAN_OPTIONS="suppressions=$(CURDIR)/tests/leaks.supp:print_suppressions=0:$$LSAN_OPTIONS" $(MAKE) B=$(B)/asan SANITIZE=address,undefined check

check-tsan:
	@TSAN_OPTIONS="suppressions=$(CURDIR)/tests/races.supp:print_suppressions=0:$$TSAN_OPTIONS" CN_TEST_SECONDS=3600 CN_TEST_NAMES=1 \
	  $(MAKE) B=$(B)/tsan SANITIZE=thread check

# The window in real hosts under an X server without a screen, some minutes
check-window: bundle $(B)/tests/window/clicks
	@tests/window/check.sh $(B)

FUZZ_SECONDS ?= 30

fuzz: $(B)/tests/fuzz/make_samples
	@$(MAKE) B=$(B)/fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzzers
	@tests/fuzz/fuzz.sh $(FUZZ_SECONDS) $(B)/tests/fuzz/make_samples $(patsubst $(B)/%,$(B)/fuzz/%,$(FUZZERS))

fuzzers: $(FUZZERS)

bench: all $(BENCHES)
	@for bench in $(filter-out %/bench_train %/bench_wall,$(BENCHES)); do echo "== $$bench"; $$bench || exit 1; done
	@echo "== $(B)/tests/bench/bench_train"
	@tests/bench/bench_train.sh $(B)

# Training in one rank and in two; wants Open MPI
bench-mpi:
	@$(MAKE) --no-print-directory MPI=1 B=$(B)-mpi $(B)-mpi/tests/bench/bench_mpi
	@$(B)-mpi/tests/bench/bench_mpi

# Training alone, beside PyTorch; CORPUS may be a folder of MIDI files, ARCH=attention races with that trunk
bench-train: $(B)/tests/bench/bench_train
	@CORPUS="$(CORPUS)" tests/bench/bench_train.sh $(B)

# How long until the validation notes of CORPUS are predicted to NLL=3.6, beside PyTorch; minutes
bench-wall: $(B)/tests/bench/bench_wall
	@CORPUS="$(CORPUS)" tests/bench/bench_wall.sh $(B)

COMPOSER ?= chopin

# What --from brings to somebody's pieces: COMPOSER's in CORPUS, the files of piano-midi.de
bench-finetune: $(TOOL)
	@test -n "$(CORPUS)" || { echo "Say where the MIDI files are: make bench-finetune CORPUS=path/to/midi"; exit 2; }
	@tests/bench/bench_finetune.sh $(B) "$(CORPUS)" $(COMPOSER)

# Do models play the same, whatever compiler and processor?
same: $(B)/tests/whole/test_same_notes
	CN_SAME_NOTES=10000 $(B)/tests/whole/test_same_notes

SOAK_BLOCKS ?= 10000000

soak: $(B)/tests/whole/test_random_host
	CN_SOAK_BLOCKS=$(SOAK_BLOCKS) $(B)/tests/whole/test_random_host

SOAK_NOTES   ?= 20000000
SOAK_MINUTES ?= 3

# A corpus of SOAK_NOTES notes is made of the one in CORPUS, and trained on
soak-corpus: $(TOOL) $(B)/tests/bench/big_corpus
	@test -n "$(CORPUS)" || { echo "Say where MIDI files are: make soak-corpus CORPUS=path/to/midi"; exit 2; }
	@tests/bench/soak_corpus.sh $(B) "$(CORPUS)" $(SOAK_NOTES) $(SOAK_MINUTES) $(SOAK_OPTIONS)

lint:
	@MAKE="$(MAKE)" HAS_MPI=$(HAS_MPI) tools/house/lint.sh -- $(OUR_CPPFLAGS) $(OUR_CFLAGS) $(LV2_CFLAGS) $(LILV_CFLAGS) \
	  $(CAIRO_CFLAGS) $(XLIB_CFLAGS) $(if $(HAS_MPI),$(MPI_CFLAGS)) -DCN_BUILD_DIR='"$(B)"'

objects: $(call obj,$(DSP_SRC) $(TOOLS_SRC) $(PLUGIN_SRC) $(UI_SRC) $(sort $(wildcard tests/*/*.c tests/*/*/*.c)) \
           $(if $(HAS_MPI),tools/learn/ranks_mpi.c))

format:
	clang-format -i $(wildcard $(foreach room,dsp tools plugin tests,$(room)/*.[ch] $(room)/*/*.[ch] $(room)/*/*/*.[ch]))

# --- Installation

# The plugin goes without its symbols for debuggers; a packager who keeps those elsewhere says INSTALL_STRIP=
INSTALL_STRIP ?= -s

MAN_PAGES := $(wildcard tools/man/*.1)

# The command that is installed is told where it and the bundle go; the one in $(B) has the bundle beside it
INSTALLED := $(B)/installed/continuo
PLACES     = -DCN_BINDIR='"$(abspath $(BINDIR))"' -DCN_LV2DIR='"$(abspath $(LV2DIR))"'

$(B)/installed/places: always | $(FIRST)
	$(call keep-words,$(BINDIR) $(LV2DIR))

$(B)/obj/installed.o: tools/base/installed.c $(B)/installed/places $(B)/flags
	$(call say,CC  ,$<)
	$(Q)$(CC) $(CPPFLAGS) $(OUR_CPPFLAGS) $(PLACES) $(OUR_CFLAGS) $(CFLAGS) -c -o $@ $<

$(INSTALLED): $(B)/obj/installed.o $(call obj,$(filter-out tools/base/installed.c,$(TOOLS_SRC))) $(LIBDSP)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(OUR_LDFLAGS) -o $@ $^ $(TOOLS_LIBS)

# What older versions have installed, and ours does not write over
OUTDATED = $(addprefix $(DESTDIR)$(LV2DIR)/continuo.lv2/models/,default.safetensors notebook.safetensors)

install: all $(INSTALLED)
	install -d $(DESTDIR)$(BINDIR)
	install -m 755 $(INSTALLED) $(DESTDIR)$(BINDIR)/continuo
	install -d $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(MAN_PAGES) $(DESTDIR)$(MANDIR)/man1
	for file in $(BUNDLE_FILES:$(B)/%=%); do \
	  case $$file in *.so) strip=$(INSTALL_STRIP) ;; *) strip= ;; esac; \
	  install -D -m 644 $$strip $(B)/$$file $(DESTDIR)$(LV2DIR)/$$file || exit 1; \
	done
	rm -f $(OUTDATED)

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/continuo
	rm -f $(MAN_PAGES:tools/man/%=$(DESTDIR)$(MANDIR)/man1/%)
	rm -rf $(DESTDIR)$(LV2DIR)/continuo.lv2

dist:
	@mkdir -p $(B)
	git archive --prefix=continuo-$(VERSION)/ -o $(B)/continuo-$(VERSION).tar.gz HEAD
	@echo "$(B)/continuo-$(VERSION).tar.gz"

clean:
	rm -rf $(B) $(B)-mpi

# What every object was made from, as the compiler found
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

.SECONDARY:
.PHONY: all bundle demo picture help deps deps-lint deps-mpi deps-same same check test check-asan check-tsan check-window fuzz fuzzers bench bench-train bench-mpi \
        bench-wall bench-finetune soak soak-corpus lint objects format install uninstall dist clean weights weights-notebook mpi-tests always
