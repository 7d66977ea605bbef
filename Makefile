# SPDX-License-Identifier: Apache-2.0
#
# A thin front: Maven builds and tests, this file says in which words.
# "make help" lists the words.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := all

# Directories are listed too, so that a removed file is noticed.
sources := pom.xml $(wildcard */pom.xml examples/*/pom.xml) build-support/install-commands \
	$(shell find abi kmod-templates $(wildcard */src examples/*/src) 2>/dev/null)

all: build/bin/.built ## build everything, leave the commands in build/bin/

build/bin/.built: $(sources) | bootstrap
	@rm -rf */target/lib examples/*/target/lib
	@build-support/maven --brief build/build.log package -DskipTests \
		dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib
	@build-support/install-commands build
	@touch $@
	@echo "built: $$(echo build/bin/*)"

test: bootstrap ## run the tests: licences, units, rendering, kexec in virtual machines; KERNELS=7.3,6.12 narrows them
	@build-support/run-tests $(KERNELS:%=-Dholdfast.kernels=%)

test-long: bootstrap ## the same with thirty kexecs in a row, ten live updates and whatever else takes long; KERNELS= as above
	@build-support/test-long $(KERNELS:%=-Dholdfast.kernels=%)

shell: all ## open a shell in a virtual machine with the module loaded; KERNEL=7.3 chooses the kernel
	@build/bin/holdfast-vm shell $(KERNEL:%=--kernel=%)

test-debug: bootstrap ## run the module's tests on kernels with KASAN, lockdep, kmemleak and UBSAN; KERNELS=7.3 narrows them
	@build-support/test-debug $(KERNELS)

fuzz: bootstrap ## fuzz the format's C in user space, and add what is found to the corpus; RUNS=1000000 or TIME=seconds
	@build-support/maven --brief build/fuzz.log -pl codegen test -Dtest=FormatFuzzTest#what* -Dupdate.corpus=true \
		$(if $(TIME),-Dfuzz.runs=-1 -Dfuzz.time=$(TIME),-Dfuzz.runs=$(or $(RUNS),1000000))
	@tail -n 5 codegen/target/format-fuzz.log

test-crash: bootstrap ## stop the machine after every step of every kind of operation; KERNELS=7.3,6.1 instead of the standard kernel
	@build-support/test-crash $(KERNELS)

demo: all ## replace the kernel under a running guest, in a virtual machine, and verify every page
	@build/bin/holdfast-demo

check: all ## judge the rendered module as the kernel's developers do: W=1, sparse, checkpatch, coccicheck
	@build/bin/holdfast-vm check

golden: all ## write the copies of what is rendered anew, for git diff to show what changed
	@build-support/update-golden

update-kernels: all ## pin the newest stock kernels in kernels.list
	@build/bin/holdfast-vm update

figures: all ## measure what a mount costs, and how long each kernel takes to a test's first line
	@build/bin/holdfast-figures mount
	@build/bin/holdfast-figures boot

bench: all ## measure the file system beside hugetlbfs, tmpfs and device-dax; KERNELS=7.3,6.1 instead of 6.12
	@build/bin/holdfast-bench $(KERNELS:%=--kernel=%)

bench-liveupdate: all ## measure how long a guest stands still over a live update, beside a bare kexec, and what calls cost Java; KERNEL=7.3 instead of 6.12
	@build/bin/holdfast-bench-liveupdate $(KERNEL:%=--kernel=%)

format: bootstrap ## format the Java sources
	@build-support/maven --brief build/format.log spotless:apply

clean: ## remove what was built; downloads in .cache/ stay
	@rm -rf build target */target examples/*/target

distclean: clean ## remove the downloads too
	@rm -rf .cache

bootstrap: # install what is missing, through apt
	@build-support/bootstrap

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

.PHONY: all test test-long test-debug test-crash fuzz shell demo figures bench bench-liveupdate check golden update-kernels format clean distclean bootstrap help
