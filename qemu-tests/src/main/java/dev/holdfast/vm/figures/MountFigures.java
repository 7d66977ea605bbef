// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Boot;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a mount costs, measured in one run and side by side. */
@Command(
        name = "mount",
        description = "What a mount after a kexec costs when 64 MiB, 1 GiB and 8 GiB are preserved in the same region.",
        mixinStandardHelpOptions = true)
final class MountFigures implements Callable<Integer> {

    private static final String GUEST = "measured";
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final PhysicalRange RANGE = new PhysicalRange(MemoryLayout.HIGH, 9 * GIB);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ResultsOption results = new ResultsOption();

    /**
     * One row.
     *
     * @param preservedMiB memory that was preserved, in MiB
     * @param createMillis how long creating it took, in ms: it is cleared
     * @param kexecMillis from the jump to the agent's hello in the next kernel, in ms
     * @param mountMicros time of a mount in the module, in microseconds; the median of several
     * @param mountKiB kernel memory that a mount takes, in KiB; the median of several
     */
    record Row(long preservedMiB, long createMillis, long kexecMillis, long mountMicros, long mountKiB) {}

    /**
     * All rows.
     *
     * @param accelerator what the VM ran on
     * @param kernel release of the kernel
     * @param regionGiB size of the region, in GiB
     * @param rows a row for each amount of memory
     * @param pageTablesKiBPerGiB page tables of a process that has mapped and touched 1 GiB, in KiB
     */
    record Table(String accelerator, String kernel, long regionGiB, List<Row> rows, long pageTablesKiBPerGiB) {}

    @Override
    public Integer call() throws IOException {
        Path directory = results.of("mount");
        VmBuilder builder =
                VmHost.here().vm("figures mount", directory).region(RANGE).classesOf(MountFigures.class);
        try (Vm vm = builder.start()) {
            Table table = measure(vm);
            print(spec.commandLine().getOut(), table);
            ResultsOption.write(directory, table);
        } finally {
            builder.cleanUp(false);
        }
        return 0;
    }

    private static Table measure(Vm vm) {
        vm.run(Formatting.class, RANGE);
        List<Row> rows = new ArrayList<>();
        long pageTables = 0;
        for (long bytes : List.of(64 * MIB, GIB, 8 * GIB)) {
            vm.run(Mounting.class, RANGE);
            long create = vm.run(Creating.class, new Creating.Args(GUEST, bytes), Duration.ofMinutes(10));
            if (bytes == GIB) {
                pageTables = vm.run(MapCost.class, GUEST, Duration.ofMinutes(5));
            }
            Boot next = vm.kexec();
            MountCost.Cost cost = vm.run(MountCost.class, RANGE);
            rows.add(new Row(bytes / MIB, create, next.millisToHello(), cost.micros(), cost.kibibytes()));
        }
        return new Table(vm.record().accelerator(), vm.boot().release(), RANGE.size() / GIB, rows, pageTables);
    }

    private static void print(PrintWriter out, Table table) {
        out.printf("%s, %s, region of %d GiB%n", table.kernel(), table.accelerator(), table.regionGiB());
        out.printf("%12s %12s %12s %12s %12s%n", "preserved", "create", "kexec", "mount", "mount takes");
        for (Row row : table.rows()) {
            out.printf(
                    "%8d MiB %9d ms %9d ms %9d us %8d KiB%n",
                    row.preservedMiB(), row.createMillis(), row.kexecMillis(), row.mountMicros(), row.mountKiB());
        }
        out.printf("a process that maps 1 GiB with 4 KiB pages: %d KiB of page tables%n", table.pageTablesKiBPerGiB());
    }
}
