// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.codegen.cli.Main;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.buildroot.BuildRoot;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.kernel.KernelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The module as a part of the kernel: in the distribution's sources, built by the kernel's own Makefiles. */
class InTreeIT {

    private static final KernelSpec KERNEL = KernelList.load().find("6.12");

    /** What no configuration and no file system reads. */
    private static final List<String> UNUSED = List.of(
            "*/drivers/*.[ch]",
            "*/sound/*.[ch]",
            "*/net/*.c",
            "*/Documentation/*.[!K]*",
            "*/arch/[!x]*/*.[chS]",
            "*.dts*");

    private final Cache cache = new Cache(Workspace.find().cache());
    private final Report report = VmHost.here().report();

    @TempDir
    private Path folder;

    @BeforeEach
    void the_build_root_can_be_made() {
        if (!Boolean.getBoolean("qemu.required")) {
            assumeThat(Command.exists("mmdebstrap")).isTrue();
        }
    }

    @Test
    @Tag("long")
    void the_kernel_s_own_makefiles_build_it_into_the_kernel() throws IOException {
        Path linux = unpackSources();
        Path config = Files.writeString(folder.resolve("config"), """
                CONFIG_64BIT=y
                CONFIG_SPARSEMEM_VMEMMAP=y
                CONFIG_MIGRATION=y
                CONFIG_MEMORY_HOTPLUG=y
                CONFIG_MEMORY_HOTREMOVE=y
                CONFIG_ZONE_DEVICE=y
                CONFIG_HOLDFAST_FS=y
                """);
        render(linux);
        append(linux.resolve("fs/Kconfig"), "source \"fs/holdfast/Kconfig\"\n");
        append(linux.resolve("fs/Makefile"), "obj-$(CONFIG_HOLDFAST_FS) += holdfast/\n");

        make(linux, "KCONFIG_ALLCONFIG=" + config, "allnoconfig");
        List<String> said = make(linux, "W=1", "fs/holdfast/");

        assertThat(linux.resolve(".config")).content().contains("\nCONFIG_HOLDFAST_FS=y\n", "\nCONFIG_CRC32=y\n");
        assertThat(said)
                .filteredOn(line -> line.contains("fs/holdfast/") && line.contains("warning: "))
                .isEmpty();
        assertThat(Command.of("nm", linux.resolve("fs/holdfast/built-in.a").toString())
                        .run())
                .anyMatch(symbol -> symbol.endsWith(" t holdfast_init"))
                .anyMatch(symbol -> symbol.contains("initcall") && symbol.contains("holdfast_init"));
    }

    private Path unpackSources() throws IOException {
        String source = "linux-source-" + KERNEL.version();
        Path archive = new KernelStore(cache, report)
                .tools(KERNEL.suite(), List.of(source))
                .resolve("usr/src/" + source + ".tar.xz");
        List<String> words = new ArrayList<>(List.of("tar", "-xf", archive.toString()));
        UNUSED.forEach(pattern -> words.add("--exclude=" + pattern));
        Command.of(words).in(folder).run();
        return folder.resolve(source);
    }

    private static void render(Path linux) {
        Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "render",
                        "--layout=in-tree",
                        "--no-cache",
                        "--kernel=" + VmHost.here().kernel(KERNEL).headers(),
                        "--out=" + linux)
                .run();
    }

    private List<String> make(Path linux, String... words) {
        List<String> all = new ArrayList<>(List.of("make", "CC=gcc-14", "HOSTCC=gcc-14"));
        all.add("-j" + Runtime.getRuntime().availableProcessors());
        all.addAll(List.of(words));
        return BuildRoot.of(cache, report).run(Command.of(all).in(linux), folder);
    }

    private static void append(Path file, String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.APPEND);
    }
}
