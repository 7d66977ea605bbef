// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import com.google.gson.GsonBuilder;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Version;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Carries guest memory over a kexec in a VM and verifies every page. */
@Command(
        name = "holdfast-demo",
        description = "Carries 256 MiB of guest memory over a kexec in a virtual machine and verifies every page.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every page survived", "1:something did not, or the demo could not run", "2:usage"})
public final class Demo implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--corrupt", description = "Change one bit from outside before the jump, to see it found.")
    private boolean corrupt;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where result.json and console.log go; build/demo in the repository if not said.")
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
        story.say("Holdfast demo: guest memory that survives the replacement of its kernel");
        long start = System.nanoTime();
        VmBuilder builder = host.vm("demo", results);
        DemoResult result;
        Phases phases = new Phases(story);
        try (Vm vm = phases.run("boot", "boot a stock kernel in a virtual machine", builder::start)) {
            result = new MainJob(vm, story, phases, corrupt).run(results.resolve("console.log"));
        } finally {
            builder.cleanUp(false);
        }
        write(file, result);
        Path shown = file.startsWith(workspace.root()) ? workspace.root().relativize(file) : file;
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
        long pages = result.guestMemoryBytes() / 4096;
        story.say("");
        story.say("What was checked");
        story.check(
                "pages verified by the program",
                result.pagesVerified() + " of " + pages,
                result.pagesVerified() == pages);
        story.check(
                "physical pages equal, seen from outside",
                result.physicalPagesEqual() + " of " + pages,
                result.physicalPagesEqual() == pages);
        story.check("at the same physical addresses", "", result.samePhysicalAddresses());
        story.check("machine state read back as written", "", result.stateEqual());
        story.check("writing goes on in the second kernel", "", result.wroteOn());
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
