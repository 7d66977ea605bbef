// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.buildroot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.ModuleBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the build root is entered, what comes out is the same, byte for byte. */
class BuildRootIT {

    /** Builds here with the compiler of the build root, so that no host can do it alone. */
    private static final String COMPILER = "gcc-14";

    private static final int NOBODY = 65534;

    private final VmHost host = VmHost.here();
    private final Report report = Report.to(System.err);
    private final Cache cache = new Cache(Workspace.find().cache());
    private final Kernel kernel = host.kernel(KernelList.load().find("7.3"));

    @TempDir
    private Path directory;

    @Test
    @Tag("long")
    void a_module_is_the_same_whether_root_built_it_by_chroot_or_a_user_in_a_namespace() throws IOException {
        assumeThat(Ways.isRoot()).as("only root can chroot").isTrue();
        Path byChroot = built("chroot", make -> run(new Namespace(false), make));

        Path byUser = built("user", this::runAsNobody);

        assertThat(byUser).hasSameBinaryContentAs(byChroot);
    }

    @Test
    @Tag("long")
    void a_module_is_the_same_out_of_a_container() throws IOException {
        assumeThat(Docker.missing()).as("Docker").isEmpty();
        List<String> said = new ArrayList<>();
        Way docker = new Docker("localhost:1/holdfast/none", said::add);
        Path byContainer = built("docker", make -> run(docker, make));

        assertThat(byContainer)
                .hasSameBinaryContentAs(built("namespace", make -> run(new Namespace(!Ways.isRoot()), make)));
        assertThat(said).anyMatch(line -> line.startsWith("cannot pull localhost:1/holdfast/none ("));
    }

    @Test
    void a_container_that_shares_nothing_runs_and_does_not_reach_the_network() {
        assumeThat(Docker.missing()).as("Docker").isEmpty();

        assertThat(new Docker("", report)
                        .run(
                                BuildRoot.tree(cache, report),
                                Command.of("cat", "/proc/net/dev").in(Path.of("/")),
                                List.of())
                        .lines())
                .filteredOn(line -> line.contains(":"))
                .singleElement()
                .asString()
                .contains("lo:");
    }

    private void run(Way way, Command make) {
        make.checked(way.run(BuildRoot.tree(cache, report), make, List.of(kernel.root(), make.directory())));
    }

    private void runAsNobody(Command make) throws IOException {
        Path place = make.directory();
        Command.of("chmod", "a+x", directory.toString()).run();
        Command.of("chown", "-R", NOBODY + ":" + NOBODY, place.toString()).run();
        Command entering =
                new Namespace(true).entering(BuildRoot.tree(cache, report), make, List.of(kernel.root(), place));
        Command asNobody = Command.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--")
                .and(entering.words());
        new Command(asNobody.words(), entering.directory(), entering.environment()).run();
    }

    /** Does the work of a command. */
    @FunctionalInterface
    private interface Runner {
        void run(Command make) throws IOException;
    }

    /** The module, built in a directory of its own. */
    private Path built(String name, Runner runner) throws IOException {
        Path place = Files.createDirectory(directory.resolve(name));
        ModuleBuild.write(host.moduleSources(kernel), place);
        runner.run(ModuleBuild.kbuild(kernel, COMPILER, place));
        return place.resolve("holdfast.ko");
    }
}
