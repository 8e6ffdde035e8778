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
common_SRC = wire mac arch dhcp4 dhcp6 udp4 tftp address neighbour log \
	bootdir once notes seen listen pace confine daemon nfsexport
proxydhcpd_SRC = client menu boot reason explain icmp6 link serve4 solicited \
	lookup check record addresses offer encode router routers notice \
	memory foreign exchange program sockets main
tftpd_SRC = refusal request netascii rtt transfer find content port session \
	peers wheel outbox record answer server explain main
httpbootd_SRC = range reason request target report devices condition answer guests \
	explain record lookup held tcp transfer server options main
proxydhcpd_SRC += client6 offer6 text explain6 exchange6 capture explained \
	sockets6 record6 serve6
nfsroot-helper_SRC = record rpc xdr handle nfs3 mount3 mounts index nodes \
	portmap bootparam rarp translate diskless rpcbind \
	ports station stray stream reverse datagrams answer_portmap \
	answer_bootparam \
	folder disk pool scan exports place layers origin search \
	tree nearby guests asker answer answer_nfs answer_mount explain peer \
	server main
mkboot_SRC = name revision script kernel watched why facts folder copy publish template \
	values layers xattrs identity overlay tar apkovl pages alias naming enrol \
	hosts evidence next wake parallel source create loader recognise diskless prepare walk \
	run squashfs image image_add image_make image_content image_system \
	image_bootstrap image_parts \
	image_stage image_list image_check machine \
	rendered render check watches watch command strings tree feature modfolder \
	modset modules cpio newc manifest compress compress_gzip compress_lz4 \
	compress_xz compress_zstd unarchive decoders plan archive elf \
	dlopen_note libpath process binaries firmware microcode index \
	reported request gather initrd lines export_dhcp export_files \
	export_rewriter export_roots exportable export main
mkboot_SRC += text grub pxelinux loaders choice choices embed child build
# The static /init of our initrds, from mkboot/init/ and a bit of common/.
init_SRC = ipparam virtual cmdline url reply download tftpget squash report \
	servers modindex nfsroot udp4 lease lease6 ra names say guard hardware \
	coldplug \
	nic nic6 dhcp six stack search net sink fetch fetchtftp nfsmount ramroot root seed lay restore machine \
	reporter rescue keeper switchroot main
init_COMMON = wire mac address tftp dhcp4 dhcp6
# What a program's tests link besides its archive and common's.
mkboot_ALSO = mkboot/init.a

# Libraries by program; pkg-config is asked when a rule runs, so that
# packages which the same make installed are found.
pkg = $(subst -I/,-isystem /,$(shell pkg-config $(1)))
common_PKG = libbsd-overlay
httpbootd_PKG = libmicrohttpd
nfsroot-helper_PKG = libtirpc
mkboot_PKG = libkmod libarchive libmd libzstd zlib liblzma liblz4
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
# gcc's -Wconversion misreads what UBSan adds; the two others have checked.
san_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -Wno-conversion
fuzz_CC = clang
fuzz_FLAGS = -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
# A fuzz target's main is libFuzzer's, or one that replays the corpus.
fuzz_FUZZ_FLAGS = -fsanitize=fuzzer
san_FUZZ_MAIN = build/san/tests/fuzz/replay.o
VARIANTS = out clang san fuzz

# All processors, whoever calls; make V=1 shows each command whole.
MAKEFLAGS += -j$(shell nproc)
Q = $(if $(V),,@)
say = @$(if $(V),:,echo "  $(1)  $(2)")

all: programs.out

.SECONDARY:
.DELETE_ON_ERROR:

# One pattern for every variant's objects; the program is the first folder.
# $(1): variant
define variant_rules
build/$(1)/%.o: %.c | deps
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$($(1)_CC) $$(STD) $$(WARN) $$(CFLAGS) $$($(1)_FLAGS) \
	    $$(call cflags_of,$$(firstword $$(subst /, ,$$(patsubst tests/unit/%,%,$$(patsubst tests/fuzz/%,%,$$*))))) \
	    -MMD -MP -c -o $$@ $$<

build/$(1)/common.a: $(common_SRC:%=build/$(1)/common/%.o)
	@rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^

programs.$(1): $(foreach p,$(PROGRAMS),build/$(1)/$(p)/$(p))
.PHONY: programs.$(1)
endef
$(foreach v,$(VARIANTS),$(eval $(call variant_rules,$(v))))

# $(1): variant, $(2): program
define program_rules
build/$(1)/$(2).a: $(patsubst %,build/$(1)/$(2)/%.o,$(filter-out main,$($(2)_SRC)))
	@rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^

build/$(1)/$(2)/$(2): build/$(1)/$(2)/main.o build/$(1)/$(2).a build/$(1)/common.a
	$$(call say,LD,$$@)
	$$(Q)$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ $$(call libs_of,$(2))

build/$(1)/tests/unit/$(2)/%: build/$(1)/tests/unit/$(2)/%.o build/$(1)/$(2).a $($(2)_ALSO:%=build/$(1)/%) build/$(1)/common.a
	$$(call say,LD,$$@)
	$$(Q)$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ $$(call libs_of,$(2)) -lcmocka

build/$(1)/tests/fuzz/$(2)/%: build/$(1)/tests/fuzz/$(2)/%.o build/$(1)/$(2).a $($(2)_ALSO:%=build/$(1)/%) build/$(1)/common.a $($(1)_FUZZ_MAIN)
	$$(call say,LD,$$@)
	$$(Q)$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $($(1)_FUZZ_FLAGS) -o $$@ $$^ $$(call libs_of,$(2))
endef
$(foreach v,$(VARIANTS),$(foreach p,$(PROGRAMS),$(eval $(call program_rules,$(v),$(p)))))

# /init: static, as nothing else is there when it runs; its parts but main
# are an archive that mkboot's tests link too.  $(1): variant
define init_rules
build/$(1)/mkboot/init.a: $(patsubst %,build/$(1)/mkboot/init/%.o,$(filter-out main,$(init_SRC)))
	@rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^

build/$(1)/mkboot/image_add.o: CFLAGS += -DBOOTSTRAP_FILE='"$(PREFIX)/libexec/pixie/root.sh"'
build/$(1)/mkboot/request.o: CFLAGS += -DFEATURE_DIR='"$(PREFIX)/share/pixie/feature"' \
	-DINIT_FILE='"$(PREFIX)/libexec/pixie/init"'
endef
define init_program
build/$(1)/mkboot/init/init: build/$(1)/mkboot/init/main.o build/$(1)/mkboot/init.a $(init_COMMON:%=build/$(1)/common/%.o)
	$$(call say,LD,$$@)
	$$(Q)$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -static -s -o $$@ $$^ -lbsd -lmd

programs.$(1): build/$(1)/mkboot/init/init
endef
$(foreach v,$(VARIANTS),$(eval $(call init_rules,$(v))))
# The sanitizers link no static program.
$(foreach v,out clang,$(eval $(call init_program,$(v))))
# Tests of common/ alone.  $(1): variant
define common_test_rules
build/$(1)/tests/unit/common/%: build/$(1)/tests/unit/common/%.o build/$(1)/common.a
	$$(call say,LD,$$@)
	$$(Q)$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ $$(call libs_of,common) -lcmocka

build/$(1)/tests/fuzz/common/%: build/$(1)/tests/fuzz/common/%.o build/$(1)/common.a $($(1)_FUZZ_MAIN)
	$$(call say,LD,$$@)
	$$(Q)$$($(1)_CC) $$(CFLAGS) $$($(1)_FLAGS) $($(1)_FUZZ_FLAGS) -o $$@ $$^ $$(call libs_of,common)
endef
$(foreach v,$(VARIANTS),$(eval $(call common_test_rules,$(v))))

# Goals that first install what they lack, or say what would.
NEEDY = check lint fuzz bench demo serve
GOAL = $(firstword $(foreach g,$(NEEDY),$(filter $(g),$(MAKECMDGOALS))) build)
deps:
	@sh tests/deps.sh $(GOAL)

UNIT_TESTS = $(UNIT:%.c=build/out/%) $(UNIT:%.c=build/san/%)
FUZZ_REPLAYS = $(FUZZ:%.c=build/san/%)

check: programs.out programs.clang programs.san $(UNIT_TESTS) $(FUZZ_REPLAYS)
	@sh tests/run.sh $(UNIT_TESTS)

lint: | deps
	prove -v --exec '' tests/lint.t

fuzz: $(FUZZ:%.c=build/fuzz/%)
	sh tests/fuzz.sh $^

# One program's alone: make bench BENCH=tftpd
BENCH = $(basename $(notdir $(filter-out %/bench.sh,$(wildcard tests/bench/*.sh))))
bench: programs.out $(patsubst %.c,build/out/%,$(wildcard tests/bench/*.c))
	$(Q)set -e; for b in $(BENCH); do sh tests/bench/$$b.sh; done

nfs-load_LIBS = -lnfs
build/out/tests/bench/%: build/out/tests/bench/%.o build/out/common.a
	$(CC) $(CFLAGS) $(out_FLAGS) -o $@ $^ $(call libs_of,common) $($(notdir $@)_LIBS)

demo: programs.out
	sh tests/lab/demo.sh

BOOT = /srv/boot
DAEMON_USER = nobody
KVER = $(shell uname -r)
serve: programs.out
	sh mkboot/serve.sh -i "$(IFACE)" -d "$(BOOT)" -k "$(KVER)" -u "$(DAEMON_USER)"

SBIN = $(DESTDIR)$(PREFIX)/sbin
MAN = $(DESTDIR)$(PREFIX)/share/man
install: programs.out
	install -d $(SBIN) $(MAN)/man8 $(MAN)/man7 \
	    $(DESTDIR)$(PREFIX)/libexec/pixie $(DESTDIR)$(PREFIX)/share/pixie/feature
	install $(foreach p,$(PROGRAMS),build/out/$(p)/$(p)) $(SBIN)
	install build/out/mkboot/init/init mkboot/root.sh $(DESTDIR)$(PREFIX)/libexec/pixie
	install -m 644 mkboot/feature/* $(DESTDIR)$(PREFIX)/share/pixie/feature
	install -m 644 $(sort $(wildcard */*.8)) $(MAN)/man8
	install -m 644 bootdir.7 mkboot/pixie-growing.7 $(MAN)/man7

clean:
	rm -rf build

.PHONY: all deps check lint fuzz bench demo serve install clean

-include $(shell find build -name '*.d' -type f -not -path 'build/lab/*' 2>/dev/null)
