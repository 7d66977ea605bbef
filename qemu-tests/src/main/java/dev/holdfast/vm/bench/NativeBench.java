// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import dev.holdfast.benchmarks.CallBenchmark;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import joptsimple.OptionParser;
import org.apache.commons.math3.util.FastMath;
import org.openjdk.jmh.Main;

/**
 * Measures what calls and mapped memory cost a Java program, in ns: a call of the library beside the same in C, and a guest's memory
 * beside an array. JMH measures what is Java, in a virtual machine of its own in the VM; its iterations are the samples.
 */
final class NativeBench {
    /** The figures by the names of the methods that are measured, each with what it is called in a report. */
    static final Map<String, String> FIGURES = figures();

    /** Each round has several samples, and takes two to three minutes under emulation. */
    private static final int MOST_ROUNDS = 3;

    private static final int SAMPLES = 3;

    private static final String PROGRAM = "call";
    private static final String RESULT = "/tmp/jmh.json";

    /**
     * Classes of the library are in the agent's jar. It takes no option of the agent's Java, which never compiles to the full, and forks
     * none for each benchmark: to start one takes longer than to measure in it.
     */
    private static final String JMH =
            "/jre/bin/java -XX:+UseSerialGC -Djna.boot.library.path=/app/native -Djna.nounpack=true"
                    + " -Djna.nosys=true -Djmh.ignoreLock=true -cp '/app/app.jar:/app/programs/*' "
                    + Main.class.getName()
                    + " -f 0 -i " + SAMPLES + " -r 500ms -foe true -p mountPoint=" + Mounting.POINT
                    + " -rf json -rff " + RESULT
                    + " '^dev[.]holdfast[.]benchmarks[.]' > /tmp/jmh.log 2>&1 || { tail -n 60 /tmp/jmh.log; exit 1; }";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final VmHost host;
    private final KernelSpec kernel;
    private final Path results;
    private final int rounds;
    private final Measurements measured;
    private String accelerator = "";

    NativeBench(VmHost host, KernelSpec kernel, Path results, int rounds, Measurements measured) {
        this.host = host;
        this.kernel = kernel;
        this.results = results;
        this.rounds = Math.min(rounds, MOST_ROUNDS);
        this.measured = measured;
    }

    private static Map<String, String> figures() {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("ioctl", "One ioctl (HOLDFAST_IOC_REGION_INFO)");
        figures.put("describe", "Region.describe(), beside the calls that it makes");
        figures.put("readInOrder", "To read 8 bytes of 1 MiB, in order");
        figures.put("writeInOrder", "To write 8 bytes of 1 MiB, in order");
        figures.put("readAnywhere", "To read 8 bytes of 1 MiB, in no order");
        figures.put("writeAnywhere", "To write 8 bytes of 1 MiB, in no order");
        figures.put("copyOut", "To copy 4 KiB of it into an array");
        figures.put("copyIn", "To copy 4 KiB of an array into it");
        return figures;
    }

    /** What the VM ran on; empty if there was none. */
    String accelerator() {
        return accelerator;
    }

    /** Measures C and Java in turn, in one VM. */
    void measure() throws IOException {
        VmBuilder builder = host.vm("bench native " + kernel, results.resolve("native"))
                .kernel(kernel)
                .program(PROGRAM, ProgramSources.of(PROGRAM, host.moduleSources(host.kernel(kernel))))
                .javaModule("java.management")
                .jars(CallBenchmark.class, Main.class, OptionParser.class, FastMath.class);
        try (Vm vm = builder.start()) {
            accelerator = vm.record().accelerator();
            vm.run(Formatting.class, vm.region());
            vm.run(Mounting.class, vm.region());
            for (int round = 0; round < rounds; round++) {
                sh(vm, JMH);
                JmhResult.of(sh(vm, "cat " + RESULT)).addTo(measured);
                measured.add(sh(vm, "/app/programs/" + PROGRAM + " " + SAMPLES + " " + Mounting.POINT));
            }
        }
        builder.cleanUp(false);
    }

    private static String sh(Vm vm, String command) {
        Shell.Output output =
                vm.run(Shell.class, new Shell.Args(command, PATIENCE.toMillis()), PATIENCE.plusSeconds(10));
        if (output.exitCode() != 0) {
            throw new HarnessException(command + ": " + output.output());
        }
        return output.stdout();
    }
}
