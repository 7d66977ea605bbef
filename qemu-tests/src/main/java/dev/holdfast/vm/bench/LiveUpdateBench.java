// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.vm.Version;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.cli.Main;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code holdfast-bench-liveupdate}. */
@Command(
        name = "holdfast-bench-liveupdate",
        description = {
            "Measures how long a guest stands still while the kernel below it is replaced, beside a kexec that does nothing else, and",
            "beside saving the guest's memory to a file; what each way to a shorter jump brings; and what calls and mapped memory cost a",
            "program in Java. Nothing here passes or fails by a time."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:measured", "1:failed", "2:usage"})
public final class LiveUpdateBench implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--kernel",
            paramLabel = "KERNEL",
            defaultValue = "6.12",
            description = "Its name in kernels.list; each jump is from it into itself. Default: ${DEFAULT-VALUE}.")
    private String kernel = "";

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            defaultValue = "5",
            description = {
                "How often each thing is measured; calls and mapped memory at most 3 times, with 3 samples each. Default:",
                "${DEFAULT-VALUE}."
            })
    private int rounds;

    @Option(
            names = "--sizes",
            paramLabel = "MIB",
            split = ",",
            description = "The guest's memory, in MiB. Default: 64,1024,16384.")
    private List<Long> sizes = List.of(64L, 1024L, 16384L);

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Measure only some of: ${COMPLETION-CANDIDATES}.")
    private List<Stage> stages = List.of(Stage.values());

    /** What can be measured by itself. */
    enum Stage {
        /** What each way to load a kernel brings. */
        HANDOFF,
        /** A kexec that does nothing else. */
        BARE,
        /** The pause of a guest. */
        PAUSE,
        /** What calls and mapped memory cost a Java program. */
        NATIVE
    }

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where liveupdate.json and liveupdate.md go; build/bench in the repository if not said.")
    private @Nullable Path directory;

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new LiveUpdateBench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failure)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Path results = Files.createDirectories(
                directory != null
                        ? directory.toAbsolutePath()
                        : Workspace.find().root().resolve("build/bench"));
        VmHost host = VmHost.here();
        KernelSpec from = KernelList.load().find(kernel);
        Measurements measured = new Measurements();
        Path traces = results.resolve(from.id());
        JumpBench jumps = new JumpBench(host, from, traces, rounds, measured);
        PauseBench pauses = new PauseBench(host, from, traces, rounds, measured);
        NativeBench calls = new NativeBench(host, from, traces, rounds, measured);
        try {
            measure(jumps, pauses, calls);
        } finally {
            // What was measured before something failed is not lost; nor is an earlier report where nothing was.
            if (!measured.isEmpty()) {
                report(
                        host,
                        from,
                        measured,
                        results,
                        Stream.of(jumps.accelerator(), pauses.accelerator(), calls.accelerator()));
            }
        }
        return 0;
    }

    private void measure(JumpBench jumps, PauseBench pauses, NativeBench calls) throws IOException {
        if (stages.contains(Stage.HANDOFF)) {
            jumps.handoffs();
        }
        if (stages.contains(Stage.BARE)) {
            jumps.bare();
        }
        if (stages.contains(Stage.PAUSE)) {
            sizes.forEach(mib -> pauses.measure(mib << 20));
        }
        if (stages.contains(Stage.NATIVE)) {
            calls.measure();
        }
    }

    private void report(VmHost host, KernelSpec from, Measurements measured, Path results, Stream<String> accelerators)
            throws IOException {
        Evaluation.Result result = LiveUpdateEvaluation.of(measured);
        String accelerator =
                accelerators.filter(said -> !said.isEmpty()).distinct().collect(Collectors.joining("; "));
        BenchReport report = new BenchReport(
                host.kernel(from).release(), accelerator, rounds, result.goals(), result.figures(), List.of());
        spec.commandLine().getOut().println(report.markdown());
        BenchReport.write("liveupdate", List.of(report), results);
    }
}
