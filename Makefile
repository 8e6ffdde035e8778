# Pixie: one makefile, no recursion.  GNU make.
#
#   make            the five programs, in build/out/
#   make demo       two diskless machines boot on this one (as root)
#   make serve IFACE=eth0   the same for a real LAN (as root)
#   make check      all tests; make lint, make fuzz, make bench for a part
#   make install    to DESTDIR and PREFIX
#
# Objects are built in variants, side by side: out (CC), clang, san (ASan and
# UBSan), fuzz (libFuzzer).  build/VARIANT/PROGRAM/PROGRAM is the program.

PREFIX ?= /usr/local
CFLAGS ?= -O2 -g

PROGRAMS = proxydhcpd tftpd httpbootd nfsroot-helper mkboot

# What each program is made of: pure modules first, main.c last.
common_SRC = wire mac arch dhcp4 tftp address log bootdir seen listen \
	confine daemon
proxydhcpd_SRC = client offer explain main
tftpd_SRC = main
httpbootd_SRC = main
nfsroot-helper_SRC = main
mkboot_SRC = cpio main
# The static /init of our initrds, from mkboot/init/ and a bit of common/.
init_SRC = main
init_COMMON = wire mac dhcp4

# Libraries by program; pkg-config is asked when a rule runs, so that
# packages which the same make installed are found.
pkg = $(shell pkg-config $(1))
common_PKG = libbsd-overlay
httpbootd_PKG = libmicrohttpd
nfsroot-helper_PKG = libtirpc
mkboot_PKG = libkmod libarchive libzstd
cflags_of = $(call pkg,--cflags $(common_PKG) $($(1)_PKG))
libs_of = $(call pkg,--libs $(common_PKG) $($(1)_PKG))

# Tests: tests/unit/PROGRAM/NAME.c links what PROGRAM has but its main.
UNIT = $(wildcard tests/unit/*/*.c)
FUZZ = $(wildcard tests/fuzz/*/*.c)
LIVE = $(sort $(wildcard tests/live/*.t))

WARN = -Wall -Wextra -Werror -Wshadow -Wmissing-prototypes -Wconversion \
	-Wstrict-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings \
	-Wundef -Wvla
STD = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I.

out_CC = $(CC)
out_FLAGS = -fstack-protector-strong -D_FORTIFY_SOURCE=2
clang_CC = clang
clang_FLAGS =
san_CC = gcc
san_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
fuzz_CC = clang
fuzz_FLAGS = -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
VARIANTS = out clang san fuzz

all: programs.out

.PHONY: all check clean
.SECONDARY:
.DELETE_ON_ERROR:

# One pattern for every variant's objects; the program is the first folder.
# $(1): variant
define variant_rules
build/$(1)/%.o: %.c | deps
	@mkdir -p $$(@D)
	$$($(1)_CC) $$(STD) $$(WARN) $$(CFLAGS) $$($(1)_FLAGS) \
	    $$(call cflags_of,$$(firstword $$(subst /, ,$$(patsubst tests/unit/%,%,$$(patsubst tests/fuzz/%,%,$$*))))) \
	    -MMD -MP -c -o $$@ $$<

build/$(1)/common.a: $(common_SRC:%=build/$(1)/common/%.o)
	@rm -f $$@
	$$(AR) rcs $$@ $$^

programs.$(1): $(foreach p,$(PROGRAMS),build/$(1)/$(p)/$(p))
.PHONY: programs.$(1)
endef
$(foreach v,$(VARIANTS),$(eval $(call variant_rules,$(v))))

# $(1): variant, $(2): program
define program_rules
build/$(1)/$(2).a: $(patsubst %,build/$(1)/$(2)/%.o,$(filter-out main,$($(2)_SRC)))
	@rm -f $$@
	$$(AR) rcs $$@ $$^

build/$(1)/$(2)/$(2): build/$(1)/$(2)/main.o build/$(1)/$(2).a build/$(1)/common.a
	$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ $$(call libs_of,$(2))

build/$(1)/tests/unit/$(2)/%: build/$(1)/tests/unit/$(2)/%.o build/$(1)/$(2).a build/$(1)/common.a
	$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ $$(call libs_of,$(2)) -lcmocka
endef
$(foreach v,$(VARIANTS),$(foreach p,$(PROGRAMS),$(eval $(call program_rules,$(v),$(p)))))

deps:
.PHONY: deps

clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
