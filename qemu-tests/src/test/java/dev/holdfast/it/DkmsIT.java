// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.codegen.cli.Main;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.kernel.Kernel;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One tree, rendered and added once, for every kernel that arrives. The distribution's dkms works in folders of this test, and
 * sees a machine of its own: what it writes elsewhere is gone when it ends.
 */
class DkmsIT {

    private static final String DKMS = "/usr/sbin/dkms";

    /** The signing key would be made here. */
    private static final String OWN_MACHINE = "mount -t tmpfs none /var/lib/dkms\n";

    private static final String WITHOUT_JAVA = """
            unset JAVA_HOME
            for java in $(command -v java); do
                mount --bind /dev/null "$(readlink -f "$java")"
            done
            """;

    private static final VmHost HOST = VmHost.here();

    @TempDir
    private static Path folder;

    private static String version = "";

    @BeforeAll
    static void the_tree_is_rendered_for_one_kernel_and_added() throws IOException {
        assumeTrue(Boolean.getBoolean("qemu.required") || Command.exists(DKMS), "dkms not found: apt-get install dkms");
        Path draft = folder.resolve("draft");
        Command.of(
                        java(),
                        "-cp",
                        jars(),
                        Main.class.getName(),
                        "render",
                        "--layout=dkms",
                        "--kernel=" + kernel().headers(),
                        "--out=" + draft,
                        "--without=fiemap")
                .run();
        version = Files.readString(draft.resolve("dkms.conf")).replaceAll("(?s).*PACKAGE_VERSION=\"(.*?)\".*", "$1");
        for (String name : List.of("sources", "trees", "modules")) {
            Files.createDirectory(folder.resolve(name));
        }
        Files.move(draft, folder.resolve("sources/holdfast-" + version));
        dkms("", "add", kernel(), kernel().headers());
    }

    @Kernels
    void each_kernel_that_arrives_gets_a_module_of_its_own(KernelSpec spec) throws IOException {
        Kernel kernel = HOST.kernel(spec);
        assumeTrue(
                Command.exists(kernel.compiler()),
                "dkms builds on this machine, which lacks " + kernel.compiler() + " for " + kernel.release());
        Files.createDirectories(folder.resolve("modules").resolve(kernel.release()));

        Command.Outcome built = dkms("", "build", kernel, kernel.headers());
        assertThat(built.exitCode()).as(String.join("\n", built.lines())).isZero();
        Command.Outcome installed = dkms("", "install", kernel, kernel.headers());
        assertThat(installed.exitCode())
                .as(String.join("\n", installed.lines()))
                .isZero();

        List<Path> modules = modulesOf(kernel);
        assertThat(modules).hasSize(1);
        assertThat(modinfo("vermagic", modules.get(0))).startsWith(kernel.release() + " ");
        assertThat(Files.readString(modules.get(0), StandardCharsets.ISO_8859_1))
                .doesNotContain("holdfast_file_fiemap");
    }

    @Test
    void a_kernel_that_lacks_something_is_refused_in_one_line() throws IOException {
        Kernel kernel = kernel();
        Path headers = folder.resolve("poorer");
        for (String name : List.of(".config", "Module.symvers", "Makefile", "include/generated/utsrelease.h")) {
            Files.createDirectories(headers.resolve(name).resolveSibling("."));
            Files.copy(kernel.headers().resolve(name), headers.resolve(name));
        }
        replace(
                headers.resolve("Makefile"),
                "include ..",
                "include " + kernel.headers().resolveSibling("."));
        replace(headers.resolve("Module.symvers"), "\tvmf_insert_pfn\t", "\tvmf_insert_other\t");

        assertRefused(
                dkms("", "build", kernel, headers),
                "holdfast: no module for kernel " + kernel.release() + ": holdfast-codegen: error: " + kernel.release()
                        + ": vmf_insert_pfn is not exported, Module.symvers");
    }

    @Test
    void a_machine_without_java_is_told_so_in_one_line() throws IOException {
        assertRefused(
                dkms(WITHOUT_JAVA, "build", kernel(), kernel().headers()),
                "holdfast: no module for kernel " + kernel().release()
                        + ": it is rendered with Java 17 or newer, which is missing; apt-get install"
                        + " default-jre-headless");
    }

    private static void assertRefused(Command.Outcome outcome, String line) throws IOException {
        assertThat(outcome.exitCode()).isNotZero();
        Path log = folder.resolve("trees/holdfast/" + version + "/build/make.log");
        assertThat(Files.readAllLines(log))
                .filteredOn(said -> said.startsWith("holdfast"))
                .containsExactly(line);
        assertThat(outcome.lines())
                .as("dkms shows it or names the log")
                .anyMatch(said -> said.equals(line) || said.contains(log.toString()));
        assertThat(folder.resolve("trees/holdfast/" + version + "/build/module"))
                .doesNotExist();
    }

    private static void replace(Path file, String text, String other) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(text);
        Files.writeString(file, before.replace(text, other));
    }

    private static List<Path> modulesOf(Kernel kernel) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("modules").resolve(kernel.release()))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String modinfo(String field, Path module) {
        String modinfo = Command.exists("modinfo") ? "modinfo" : "/usr/sbin/modinfo";
        return Command.of(modinfo, "-F", field, module.toString()).run().get(0);
    }

    private static Command.Outcome dkms(String preparation, String action, Kernel kernel, Path headers) {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount"));
        if (!"0".equals(Command.of("id", "-u").run().get(0))) {
            words.addAll(List.of("--user", "--map-root-user"));
        }
        words.addAll(List.of("sh", "-euc", OWN_MACHINE + preparation + "exec " + DKMS + " \"$@\"", "dkms"));
        words.addAll(List.of(action, "holdfast/" + version, "-k", kernel.release()));
        words.addAll(List.of("--kernelsourcedir", headers.toString(), "--no-depmod"));
        words.addAll(List.of("--sourcetree", folder.resolve("sources").toString()));
        words.addAll(List.of("--dkmstree", folder.resolve("trees").toString()));
        words.addAll(List.of("--installtree", folder.resolve("modules").toString()));
        return Command.of(words)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .attempt(line -> {});
    }

    private static Kernel kernel() {
        return HOST.kernel(KernelList.load().standard());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin/java").toString();
    }

    /** The class path without the folders of classes: holdfast-codegen is a jar in it. */
    private static String jars() {
        return String.join(
                File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> entry.endsWith(".jar"))
                        .toList());
    }
}
