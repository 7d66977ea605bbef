// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.FormatOptions;
import dev.holdfast.GuestMemory;
import dev.holdfast.HoldfastException;
import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What kernel and module refuse reaches Java as the exception that is meant for it, and nothing is half-done. */
@QemuTest
class LibraryRefusalIT {

    private static final int PAGE = 4096;

    /** Calls that must fail, and how they did: what was tried, the type of the exception, the error number. */
    private static final class Refusals {
        private final List<String> lines = new ArrayList<>();
        private final GuestTask.Progress progress;

        Refusals(GuestTask.Progress progress) {
            this.progress = progress;
        }

        void add(String what, Runnable call) {
            try {
                call.run();
                lines.add(what + ": done");
            } catch (HoldfastException e) {
                progress.say(e.getMessage());
                String type = e.getClass().getSimpleName();
                lines.add(what + ": " + type + " " + e.errno() + (e.getMessage().contains("\n") ? " in lines" : ""));
            }
        }

        void note(String what, Object value) {
            lines.add(what + ": " + value);
        }
    }

    static final class Formats implements GuestTask<PhysicalRange, List<String>> {
        @Override
        public List<String> run(PhysicalRange region, Progress progress) {
            Refusals refusals = new Refusals(progress);
            FormatOptions options = FormatOptions.defaults();
            long base = region.base();
            refusals.add("inspect nothing", () -> Region.inspect(base));
            refusals.add("format", () -> Region.format(region, options.withLabel("one")));
            refusals.add("format again", () -> Region.format(region, options.withLabel("two")));
            refusals.note("label", Region.inspect(base).label());
            refusals.add(
                    "overwrite",
                    () -> Region.format(region, options.withLabel("three").overwriting()));
            refusals.note("label", Region.inspect(base).label());
            refusals.add(
                    "mount half",
                    () -> Region.mount(new PhysicalRange(base, region.size() / 2), Path.of("/tmp"))
                            .close());
            refusals.add(
                    "mount nowhere",
                    () -> Region.mount(region, Path.of("/nowhere")).close());
            return refusals.lines;
        }
    }

    @Test
    void what_cannot_be_formatted_or_mounted(Vm vm) {
        assertThat(vm.run(Formats.class, vm.region()))
                .containsExactly(
                        "inspect nothing: NotFormattedException EMEDIUMTYPE",
                        "format: done",
                        "format again: AlreadyExistsException EEXIST",
                        "label: one",
                        "overwrite: done",
                        "label: three",
                        "mount half: BadGeometryException EINVAL",
                        "mount nowhere: NotFoundException ENOENT");
    }

    static final class Uses implements GuestTask<PhysicalRange, List<String>> {
        @Override
        public List<String> run(PhysicalRange range, Progress progress) throws IOException {
            Refusals refusals = new Refusals(progress);
            Path place = Files.createTempDirectory("region");
            Path inside = place.resolve("state");
            Path unfinished = inside.resolve(".unfinished-5ea1");
            refusals.add("open no region", () -> Region.open(place));
            Region.format(range, FormatOptions.defaults());
            try (Region region = Region.mount(range, place)) {
                refusals.add("inspect mounted", () -> Region.inspect(range.base()));
                refusals.add(
                        "format mounted",
                        () -> Region.format(range, FormatOptions.defaults().overwriting()));
                refusals.add("open what lies inside", () -> Region.open(inside));

                long free = region.describe().dataFree();
                long records = region.describe().recordsUsed();
                refusals.add("create too much", () -> region.guestMemory("vm").create(free + PAGE));
                refusals.add("create a giant", () -> region.guestMemory("vm").create(2 * range.size()));
                refusals.note("is there", region.guestMemory("vm").exists());
                refusals.note("free as before", region.describe().dataFree() == free);
                refusals.note("records as before", region.describe().recordsUsed() == records);

                try (GuestMemory memory = region.guestMemory("vm").create(free)) {
                    refusals.note("all of it", memory.size() == free);
                    region.state("vm").replace(new byte[0]);
                    refusals.add(
                            "replace without room", () -> region.state("vm").replace(new byte[PAGE]));
                    refusals.note("old state", region.state("vm").read().length);
                    refusals.note("left over", filesIn(inside) - 1);
                    Files.createFile(unfinished);
                    refusals.add("close while mapped", region::close);
                    refusals.note("still there", region.guestMemories());
                }
            }
            refusals.add("open what is unmounted", () -> Region.open(place));
            try (Region region = Region.mountReadOnly(range, place)) {
                refusals.note("read-only", region.describe().readOnly());
                refusals.add("create there", () -> region.guestMemory("other").create(PAGE));
                refusals.add("replace there", () -> region.state("vm").replace(new byte[1]));
                refusals.add("remove there", () -> region.guestMemory("vm").remove());
                refusals.add("open there", () -> region.guestMemory("vm").open());
                refusals.add(
                        "read there",
                        () -> region.guestMemory("vm").openReadOnly().close());
                refusals.note("unfinished", Files.exists(unfinished));
            }
            try (Region region = Region.mount(range, place)) {
                refusals.note("unfinished after mount", Files.exists(unfinished));
                refusals.note("states", region.states());
            }
            return refusals.lines;
        }

        private static long filesIn(Path directory) throws IOException {
            try (Stream<Path> files = Files.list(directory)) {
                return files.count();
            }
        }
    }

    @Test
    void what_a_mounted_region_does_not_do(Vm vm) {
        assertThat(vm.run(Uses.class, vm.region()))
                .containsExactly(
                        "open no region: NotARegionException ENOTTY",
                        "inspect mounted: BusyException EBUSY",
                        "format mounted: BusyException EBUSY",
                        "open what lies inside: NotARegionException EINVAL",
                        "create too much: NoSpaceException ENOSPC",
                        "create a giant: NoSpaceException ENOSPC",
                        "is there: false",
                        "free as before: true",
                        "records as before: true",
                        "all of it: true",
                        "replace without room: NoSpaceException ENOSPC",
                        "old state: 0",
                        "left over: 0",
                        "close while mapped: BusyException EBUSY",
                        "still there: [vm]",
                        "open what is unmounted: NotARegionException ENOTTY",
                        "read-only: true",
                        "create there: ReadOnlyException EROFS",
                        "replace there: ReadOnlyException EROFS",
                        "remove there: ReadOnlyException EROFS",
                        "open there: ReadOnlyException EROFS",
                        "read there: done",
                        "unfinished: true",
                        "unfinished after mount: false",
                        "states: [vm]");
    }

    static final class Kernels implements GuestTask<String, List<String>> {
        @Override
        public List<String> run(String release, Progress progress) throws IOException {
            Path kernel = Path.of("/boot", release, "vmlinuz");
            Refusals refusals = new Refusals(progress);
            Path text = Files.writeString(Files.createTempFile("kernel", ""), "not a kernel");
            refusals.add("jump into nothing", Kexec::execute);
            refusals.add("load text", () -> Kexec.load(KexecImage.withoutInitrd(text, "quiet")));
            refusals.note("loaded", Kexec.loaded());
            refusals.add("load for a panic", () -> Kexec.loadCrash(KexecImage.withoutInitrd(kernel, "quiet")));
            refusals.note("loaded", Kexec.crashLoaded());
            refusals.add("load", () -> Kexec.load(KexecImage.withoutInitrd(kernel, "quiet")));
            refusals.note("loaded", Kexec.loaded());
            refusals.add("unload", Kexec::unload);
            refusals.note("loaded", Kexec.loaded());
            refusals.add("unload nothing", Kexec::unload);
            return refusals.lines;
        }
    }

    @Test
    void what_cannot_be_jumped_into(Vm vm) {
        assertThat(vm.run(Kernels.class, vm.sameKernel().release()))
                .containsExactly(
                        "jump into nothing: NoKernelLoadedException EINVAL",
                        "load text: InvalidKernelException ENOEXEC",
                        "loaded: false",
                        "load for a panic: NoCrashMemoryException EADDRNOTAVAIL",
                        "loaded: false",
                        "load: done",
                        "loaded: true",
                        "unload: done",
                        "loaded: false",
                        "unload nothing: done");
    }
}
