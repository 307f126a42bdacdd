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
B       := build

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef \
            -Wformat=2 -Wcast-qual -Wwrite-strings -Wvla
OUR_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -DCN_VERSION='"$(VERSION)"' -I. -MMD -MP
OUR_CFLAGS   := -std=c11 $(WARNINGS) -fPIC -fvisibility=hidden -fno-math-errno -ffp-contract=off -pthread

pkg = $(shell $(PKG_CONFIG) $(1) $(2))

DSP_SRC    := $(wildcard dsp/*.c)
TOOLS_SRC  := $(wildcard tools/*.c)
PLUGIN_SRC := $(wildcard plugin/*.c)
TEST_SRC   := $(wildcard tests/test_*.c)
TEST_LIB   := $(filter-out $(TEST_SRC) $(wildcard tests/fuzz_*.c) $(wildcard tests/bench_*.c),$(wildcard tests/*.c))

DSP_LIBS   := -lblis -ljansson -lm
CAIRO_CFLAGS = $(call pkg,--cflags,cairo)
CAIRO_LIBS   = $(call pkg,--libs,cairo)
LILV_CFLAGS  = $(call pkg,--cflags,lilv-0)
LILV_LIBS    = $(call pkg,--libs,lilv-0)
LV2_CFLAGS   = $(call pkg,--cflags,lv2)

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))

LIBDSP := $(B)/libcontinuo.a
TOOL   := $(B)/continuo
TESTS  := $(patsubst tests/%.c,$(B)/tests/%,$(TEST_SRC))
# Everything of the command but its main(), so that tests can use it
LIBTOOLS := $(B)/libtools.a

all: $(TOOL)

$(B)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(OUR_CPPFLAGS) $(OUR_CFLAGS) $(EXTRA_CFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/obj/tools/%.o: EXTRA_CFLAGS = $(CAIRO_CFLAGS)
$(B)/obj/plugin/%.o: EXTRA_CFLAGS = $(LV2_CFLAGS)
$(B)/obj/tests/%.o: EXTRA_CFLAGS = $(LILV_CFLAGS) $(CAIRO_CFLAGS)

$(LIBDSP): $(call obj,$(DSP_SRC))
	$(AR) rcs $@ $^

$(LIBTOOLS): $(call obj,$(filter-out tools/main.c,$(TOOLS_SRC)))
	$(AR) rcs $@ $^

$(TOOL): $(call obj,tools/main.c) $(LIBTOOLS) $(LIBDSP)
	$(CC) $(LDFLAGS) -pthread -o $@ $^ $(CAIRO_LIBS) $(DSP_LIBS)

$(B)/tests/%: $(B)/obj/tests/%.o $(call obj,$(TEST_LIB)) $(LIBTOOLS) $(LIBDSP)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -pthread -o $@ $^ -lcmocka $(LILV_LIBS) $(CAIRO_LIBS) $(DSP_LIBS)

check: $(TESTS)
	@for t in $(TESTS); do echo "== $$t"; $$t || exit 1; done

clean:
	rm -rf $(B)

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

.SECONDARY:
.PHONY: all check clean
