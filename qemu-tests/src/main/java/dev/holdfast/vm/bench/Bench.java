// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.vm.Version;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.cli.Main;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code holdfast-bench}. */
@Command(
        name = "holdfast-bench",
        description = {
            "Measures the file system beside hugetlbfs, tmpfs and device-dax on the same kernel, in one run, and says which goals",
            "it reaches. Nothing here passes or fails by a time."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:measured", "1:failed", "2:usage"})
public final class Bench implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--kernel",
            paramLabel = "KERNEL",
            split = ",",
            description = "Its name in kernels.list, such as 7.3, or several: 7.3,6.1. Default: 6.12.")
    private List<String> kernels = List.of("6.12");

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            defaultValue = "7",
            description = "How often each thing is measured. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Measure only some of: ${COMPLETION-CANDIDATES}.")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--largest",
            paramLabel = "GIB",
            defaultValue = "256",
            description =
                    "How much memory is preserved at most, in GiB: 1, four times as much, and so on. Default: ${DEFAULT-VALUE}.")
    private long largest;

    @Option(
            names = "--instructions",
            description = {
                "Count instructions instead of time: 1 µs is 1000 of them. Neither noise nor what an emulator",
                "takes for an instruction is in that, nor caches. Needs TCG."
            })
    private boolean instructions;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where filesystem.json and filesystem.md go; build/bench in the repository if not said.")
    private @Nullable Path directory;

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
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
        PrintWriter out = spec.commandLine().getOut();
        List<BenchReport> reports = new ArrayList<>();
        for (String name : kernels) {
            BenchReport report = measure(KernelList.load().find(name), results);
            out.println(report.markdown());
            reports.add(report);
        }
        BenchReport.write("filesystem", reports, results);
        return 0;
    }

    private BenchReport measure(KernelSpec kernel, Path results) throws IOException {
        Measurements measurements = new Measurements();
        List<Part> beside =
                parts.stream().filter(part -> part != Part.PRESERVED).toList();
        List<String> missing = new ArrayList<>();
        String accelerator = "";
        VmHost host = VmHost.here();
        if (!beside.isEmpty()) {
            VmBuilder builder = SideBySide.set(builder(host, kernel, results, "bench"));
            try (Vm vm = builder.start()) {
                missing.addAll(SideBySide.measure(vm, rounds, beside, measurements));
                accelerator = accelerator(vm);
            }
            builder.cleanUp(false);
        }
        if (parts.contains(Part.PRESERVED)) {
            VmBuilder builder = Preserved.set(builder(host, kernel, results, "preserve"), largest);
            try (Vm vm = builder.start()) {
                missing.addAll(Preserved.measure(vm, rounds, largest, measurements));
                accelerator = accelerator(vm);
            }
            builder.cleanUp(false);
        }
        Evaluation.Result result = Evaluation.of(measurements);
        return new BenchReport(
                host.kernel(kernel).release(), accelerator, rounds, result.goals(), result.figures(), missing);
    }

    private String accelerator(Vm vm) {
        return vm.record().accelerator() + (instructions ? ", instructions counted: 1 µs is 1000 of them" : "");
    }

    private VmBuilder builder(VmHost host, KernelSpec kernel, Path results, String program) throws IOException {
        VmBuilder builder = host.vm(
                        program + " " + kernel, results.resolve(kernel.id()).resolve(program))
                .kernel(kernel)
                .program(program, ProgramSources.of(program));
        return instructions ? builder.instructionClock() : builder;
    }
}
