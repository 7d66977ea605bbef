// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long it takes until a test's own code runs. */
@Command(
        name = "boot",
        description = {
            "How long it takes from the start of QEMU to the first line of a test's own code, and which share of that is the",
            "harness's and not the kernel's. Beside it virtme-ng (2 GiB, one processor too) on the same kernel, if it is installed."
        },
        mixinStandardHelpOptions = true)
final class BootFigures implements Callable<Integer> {

    /** The kernel says its first line at once and not when it has found its console. It heeds these words in their order. */
    private static final String TALKATIVE = "loglevel=6 earlyprintk=ttyS0,115200";

    private static final String FIRST_LINE = "] Linux version ";
    private static final long PATIENCE_SECONDS = 300;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ResultsOption results = new ResultsOption();

    @Option(
            names = "--kernel",
            paramLabel = "KERNEL",
            description = "Its name in kernels.list, such as 7.3; may be repeated. Default: all of them.")
    private List<String> kernels = List.of();

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            defaultValue = "3",
            description = "How often each is booted; the middle one counts. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--vng", paramLabel = "COMMAND", defaultValue = "vng", description = "virtme-ng, by name or path.")
    private String vng = "";

    /**
     * One kernel.
     *
     * @param release its release
     * @param accelerator what the VM ran on
     * @param time where the time went
     * @param totalMillis all of it, in ms
     * @param percentOurs how much of it is ours, in percent
     * @param virtmeNg the same of virtme-ng, or why not
     */
    record Row(
            String release,
            String accelerator,
            BootTime time,
            long totalMillis,
            long percentOurs,
            VirtmeNg.Outcome virtmeNg) {}

    @Override
    public Integer call() throws IOException {
        Path directory = results.of("boot");
        VmHost host = VmHost.here();
        KernelList list = KernelList.load();
        List<KernelSpec> wanted = kernels.isEmpty()
                ? list.specs()
                : kernels.stream().map(list::find).toList();
        PrintWriter out = spec.commandLine().getOut();
        out.println("in ms, to the first line of a test's own code");
        out.printf(
                "%-26s %6s %6s %8s %5s %6s %5s %7s %5s  %s%n",
                "kernel", "qemu", "kernel", "modules", "root", "agent", "task", "total", "ours", "virtme-ng");
        List<Row> rows = new ArrayList<>();
        for (KernelSpec kernel : wanted) {
            Row row = measure(host, kernel, directory);
            print(out, row);
            rows.add(row);
        }
        ResultsOption.write(directory, rows);
        return 0;
    }

    private Row measure(VmHost host, KernelSpec kernel, Path directory) throws IOException {
        VmBuilder builder = host.vm("figures boot " + kernel, directory)
                .kernel(kernel)
                .commandLine(TALKATIVE)
                .classesOf(BootFigures.class);
        List<BootTime> times = new ArrayList<>();
        List<VirtmeNg.Outcome> others = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            try (Vm vm = builder.start()) {
                times.add(BootTime.of(vm.boot(), kernelSpoke(builder), vm.run(FirstLine.class, None.NONE)));
            }
            others.add(new VirtmeNg(vng, PATIENCE_SECONDS)
                    .boot(host.kernel(kernel), builder.record().accelerator().startsWith("KVM")));
        }
        builder.cleanUp(false);
        BootTime time = middle(times, Comparator.comparing(BootTime::total));
        return new Row(
                host.kernel(kernel).release(),
                builder.record().accelerator(),
                time,
                time.total(),
                time.percentOurs(),
                middle(others, Comparator.comparing(VirtmeNg.Outcome::millis)));
    }

    /** Each line of the console's log starts with the seconds since QEMU was started. */
    private static long kernelSpoke(VmBuilder builder) throws IOException {
        return Files.readAllLines(builder.results().resolve("console.log")).stream()
                .filter(line -> line.contains(FIRST_LINE))
                .map(line -> Math.round(Double.parseDouble(line.strip().split(" ", 2)[0]) * 1000))
                .findFirst()
                .orElseThrow(() -> new HarnessException("the kernel did not say its first line: " + builder.results()));
    }

    private static <T> T middle(List<T> values, Comparator<T> order) {
        return values.stream().sorted(order).toList().get(values.size() / 2);
    }

    private static void print(PrintWriter out, Row row) {
        BootTime time = row.time();
        out.printf(
                "%-26s %6d %6d %8d %5d %6d %5d %7d %4d%%  %s%n",
                row.release(),
                time.qemu(),
                time.kernel(),
                time.modules(),
                time.root(),
                time.agent(),
                time.task(),
                row.totalMillis(),
                row.percentOurs(),
                row.virtmeNg());
        out.flush();
    }
}
