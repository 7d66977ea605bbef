// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import com.google.gson.GsonBuilder;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.vm.HarnessException;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Replaces the kernel under a guest in a VM, and verifies every page of the guest memory beside it. */
@Command(
        name = "holdfast-demo",
        description =
                "Replaces the kernel under a running KVM guest, in a virtual machine, and verifies every page of 256 MiB of "
                        + "guest memory beside it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the guest went on and every page survived",
            "1:something did not, or the demo could not run",
            "2:usage"
        })
public final class Demo implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--corrupt", description = "Change one bit from outside before the jump, to see it found.")
    private boolean corrupt;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where index.html, result.json and console.log go; build/demo in the repository if not said.")
    private @Nullable Path directory;

    private final Map<String, String> environment;

    Demo(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo(System.getenv()))
                .setExecutionExceptionHandler(Main::failure)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Workspace workspace = Workspace.find();
        Path wanted = directory == null ? workspace.root().resolve("build/demo") : directory.toAbsolutePath();
        Path results = Files.createDirectories(wanted);
        Path file = results.resolve("result.json");
        Files.deleteIfExists(file);
        try {
            return demonstrate(workspace, results, file);
        } catch (IOException | RuntimeException e) {
            write(file, Failure.of(e));
            throw e;
        }
    }

    private int demonstrate(Workspace workspace, Path results, Path file) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Story story = new Story(out);
        VmHost host = new VmHost(workspace, environment, story::aside);
        if (!host.missing().isEmpty()) {
            throw new HarnessException(host.missing());
        }
        story.say("Holdfast demo: a guest that does not notice that its kernel is replaced");
        long start = System.nanoTime();
        List<KernelSpec> kernels = KernelList.load().series();
        KernelSpec next = kernels.get(kernels.size() - 1);
        VmBuilder builder = host.vm("demo", results)
                .kernel(kernels.get(0))
                .carrying(List.of(kernels.get(0), next))
                .kvmInside()
                .classesOf(Machine.class);
        MainJob.Done done;
        Phases phases = new Phases(story);
        try (Vm vm = phases.run("boot", "boot a stock kernel in a virtual machine", builder::start)) {
            done = new MainJob(vm, next, story, phases, corrupt).run(results.resolve("console.log"));
        } finally {
            builder.cleanUp(false);
        }
        DemoResult result = done.result();
        write(file, result);
        Path page = Files.writeString(results.resolve("index.html"), new DemoPage(done).html());
        Path shown = page.startsWith(workspace.root()) ? workspace.root().relativize(page) : page;
        tell(story, result, (System.nanoTime() - start) / 1_000_000, shown);
        return result.passed() ? 0 : 1;
    }

    /** What stands in result.json if there is no result: why, in one line. */
    private record Failure(boolean passed, String reason) {
        static Failure of(Exception e) {
            return new Failure(
                    false, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static void write(Path file, Record result) throws IOException {
        Files.writeString(
                file,
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(result) + "\n");
    }

    private static void tell(Story story, DemoResult result, long totalMillis, Path file) {
        story.say("");
        story.say("What was checked");
        Checks.of(result).forEach(check -> story.check(check.what(), check.found(), check.good()));
        story.say("");
        story.say("How long the guest stood still; the jump is known to a second only");
        result.pauseMillis().forEach(story::time);
        story.say("");
        story.say("How long it took");
        Map<String, Long> phases = result.phasesMillis();
        phases.forEach(story::time);
        story.time("in all", totalMillis);
        story.say("");
        if (!result.wrongPages().isEmpty()) {
            story.say("wrong pages, by number:           " + result.wrongPages());
        }
        if (!result.physicalPagesDifferent().isEmpty()) {
            story.say("changed pages, physical address:  " + result.physicalPagesDifferent());
        }
        story.say((result.passed() ? "PASSED" : "FAILED") + ", see " + file);
    }
}
