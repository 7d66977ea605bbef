// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.image.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verdicts are kept as long as the rules stay the same. The kernel and the rules are this test's. */
class ModuleJudgeTest {

    private static final KernelSpec SPEC = KernelSpec.parse("6.1 cloud-amd64 from bookworm at 6.1.1-1");
    private static final TextTree SOURCES = new TextTree(
            new TreeMap<>(Map.of("Kbuild", "obj-m := file.o\n", "file.c", "int f(void) { return g(); }\n")));

    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path cache;

    @BeforeEach
    void the_tools_are_there() {
        if (!Boolean.getBoolean("qemu.required")) {
            assumeThat(ModuleJudge.missing()).isEmpty();
        }
    }

    @Test
    void checkpatch_is_asked_again_when_its_rules_have_changed() throws IOException {
        Kernel kernel = kernel();
        checkpatch(SPEC, "old");
        assertThat(remarks(SPEC, kernel)).containsExactly("checkpatch: old");
        assertThat(remarks(SPEC, kernel)).containsExactly("checkpatch: old");
        assertThat(said).containsOnlyOnce("judging a module for 6.1.1: W=1, sparse, checkpatch");

        checkpatch(SPEC, "new");
        assertThat(remarks(SPEC, kernel)).containsExactly("checkpatch: new");
    }

    @Test
    void coccicheck_is_asked_again_when_its_rules_have_changed() throws IOException {
        rule(SPEC, "old");
        assertThat(coccicheck(SPEC)).singleElement().asString().endsWith(": old");
        assertThat(coccicheck(SPEC)).singleElement().asString().endsWith(": old");
        assertThat(said).containsOnlyOnce("judging a module for 1 kernels: coccicheck");

        rule(SPEC, "new");
        assertThat(coccicheck(SPEC)).singleElement().asString().endsWith(": new");
    }

    @Test
    void a_kernel_that_is_pinned_at_another_version_has_the_rules_of_that() throws IOException {
        Kernel kernel = kernel();
        KernelSpec next = SPEC.at("6.1.2-1");
        checkpatch(SPEC, "old");
        checkpatch(next, "new");
        rule(SPEC, "old");
        rule(next, "new");

        assertThat(remarks(SPEC, kernel)).containsExactly("checkpatch: old");
        assertThat(remarks(next, kernel)).containsExactly("checkpatch: new");
        assertThat(coccicheck(SPEC)).singleElement().asString().endsWith(": old");
        assertThat(coccicheck(next)).singleElement().asString().endsWith(": new");
    }

    private List<String> remarks(KernelSpec spec, Kernel kernel) {
        return judge().remarks(spec, kernel, SOURCES);
    }

    private List<String> coccicheck(KernelSpec spec) {
        return judge().coccicheck(Map.of(spec, SOURCES));
    }

    private ModuleJudge judge() {
        return new ModuleJudge(new Cache(cache), said::add);
    }

    /** A kernel whose modules take nothing to build, made with the host's compiler. */
    private Kernel kernel() throws IOException {
        String gcc = Command.of("gcc", "-dumpversion").run().get(0);
        Path headers = Files.createDirectories(cache.resolve("kernel/usr/src/linux-headers-6.1.1"));
        Files.writeString(headers.resolve(".config"), "CONFIG_GCC_VERSION=" + gcc + "0000\n");
        Files.writeString(headers.resolve("Makefile"), "all:\n");
        return new Kernel("6.1.1", "6.1.1-1", cache.resolve("kernel"));
    }

    private void checkpatch(KernelSpec spec, String remark) throws IOException {
        Files.writeString(scripts(spec).resolve("checkpatch.pl"), "print \"" + remark + "\\n\";\n");
    }

    private void rule(KernelSpec spec, String remark) throws IOException {
        Files.writeString(
                Files.createDirectories(scripts(spec).resolve("coccinelle")).resolve("g.cocci"), """
                virtual report
                @r depends on report@
                position p;
                @@
                g@p()
                @script:python depends on report@
                p << r.p;
                @@
                coccilib.report.print_report(p[0], "%s")
                """.formatted(remark));
    }

    private Path scripts(KernelSpec spec) throws IOException {
        return Files.createDirectories(
                cache.resolve("scripts/linux-source-" + spec.version() + "_" + spec.pin() + "/scripts"));
    }
}
