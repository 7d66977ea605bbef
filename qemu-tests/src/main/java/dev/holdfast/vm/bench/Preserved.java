// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Preserves more and more memory in one region, jumps, and lets the program inside find it again. The memory is allocated and cleared
 * as always; what holds zeros is given back to this machine after each GiB, so that it needs far less memory than the VM has.
 */
final class Preserved {

    private static final String MOUNTED = "/mnt/preserved";
    private static final String FILE = MOUNTED + "/guest";

    /** Beside what is preserved, in GiB: the tables of records. */
    static final long BESIDE = 2;

    private static final int MANY_FILES = 100_000;
    private static final int MANY_SLOTS = 1 << 17;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Vm vm;
    private final int rounds;
    private final Measurements measurements;
    private final List<String> missing = new ArrayList<>();

    private Preserved(Vm vm, int rounds, Measurements measurements) {
        this.vm = vm;
        this.rounds = rounds;
        this.measurements = measurements;
    }

    /** The VM that it takes to preserve so much, in GiB. */
    static VmBuilder set(VmBuilder builder, long largest) {
        return builder.region(new PhysicalRange(MemoryLayout.HIGH, (largest + BESIDE) * MemoryLayout.GIB))
                .classesOf(Preserved.class);
    }

    /**
     * Measures it for 1 GiB, four times as much, and so on up to the largest, and for many files; adds what it finds, and returns
     * what cannot be had.
     */
    static List<String> measure(Vm vm, int rounds, long largest, Measurements measurements) {
        Preserved run = new Preserved(vm, rounds, measurements);
        run.grow(largest);
        run.manyFiles();
        return run.missing;
    }

    private void grow(long largest) {
        vm.run(Format.class, new Format.Args(vm.region(), 0));
        sh("mkdir -p " + MOUNTED);
        boolean device = structPages();
        long had = 0;
        for (long size = 1; size <= largest; size *= 4) {
            sh("mount -t holdfast -o " + base() + " none " + MOUNTED);
            for (; had < size; had++) {
                sh("/app/programs/preserve grow " + FILE + " " + had + " " + (had + 1));
                vm.memory().releaseZeros(vm.region());
            }
            vm.kexec();
            find(size + "-GiB", "none", FILE);
            if (device) {
                find(size + "-GiB-device", "device", FILE);
            }
        }
    }

    /** Whether this kernel can give the region struct pages. */
    private boolean structPages() {
        Shell.Output output = vm.sh("mount -t holdfast -o " + base() + ",pages=device none " + MOUNTED);
        if (output.exitCode() != 0) {
            missing.add(
                    "what is preserved, with struct pages: " + output.output().strip());
            return false;
        }
        sh("umount " + MOUNTED);
        return true;
    }

    private void manyFiles() {
        vm.run(Format.class, new Format.Args(vm.region(), MANY_SLOTS));
        sh("mount -t holdfast -o " + base() + " none " + MOUNTED);
        sh("/app/programs/preserve populate " + MOUNTED + " " + MANY_FILES);
        vm.kexec();
        find("100000-files", "none", MOUNTED + "/99/99999");
    }

    private void find(String subject, String model, String file) {
        sh("mkdir -p " + MOUNTED);
        measurements.add(sh(String.format(
                "/app/programs/preserve find %d %s %s,pages=%s %s %s", rounds, subject, base(), model, MOUNTED, file)));
    }

    private String base() {
        return "base=0x" + Long.toHexString(vm.region().base());
    }

    private String sh(String command) {
        Shell.Output output =
                vm.run(Shell.class, new Shell.Args(command, PATIENCE.toMillis()), PATIENCE.plusSeconds(10));
        if (output.exitCode() != 0) {
            throw new HarnessException(command + ": " + output.output());
        }
        return output.stdout();
    }

    /** Formats a region with room for so many files; 0 for as many as usual. */
    static final class Format implements GuestTask<Format.Args, None> {
        record Args(PhysicalRange range, int slots) {}

        @Override
        public None run(Args args, Progress progress) {
            FormatOptions options = FormatOptions.defaults().overwriting();
            Region.format(args.range(), args.slots() == 0 ? options : options.withRecordSlots(args.slots()));
            return None.NONE;
        }
    }
}
