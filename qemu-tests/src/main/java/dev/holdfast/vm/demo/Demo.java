// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import com.google.gson.GsonBuilder;
import dev.holdfast.vm.HarnessException;
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
        version = "holdfast-demo 0.1.0-SNAPSHOT",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:every page survived", "1:something did not, or the demo could not run", "2:usage"})
public final class Demo implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--corrupt", description = "Change one bit from outside before the jump, to see it found.")
    private boolean corrupt;

    /** The command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo())
                .setExecutionExceptionHandler(Main::failure)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Story story = new Story(out);
        Workspace workspace = Workspace.find();
        Path results = Files.createDirectories(workspace.root().resolve("build/demo"));
        VmHost host = new VmHost(workspace, System.getenv(), story::aside);
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
        write(results.resolve("result.json"), result);
        tell(
                story,
                result,
                (System.nanoTime() - start) / 1_000_000,
                workspace.root().relativize(results));
        return result.passed() ? 0 : 1;
    }

    private static void write(Path file, DemoResult result) throws IOException {
        Files.writeString(
                file,
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(result) + "\n");
    }

    private static void tell(Story story, DemoResult result, long totalMillis, Path results) {
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
        story.say((result.passed() ? "PASSED" : "FAILED") + ", see " + results.resolve("result.json"));
    }
}
