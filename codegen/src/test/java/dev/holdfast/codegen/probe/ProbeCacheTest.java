// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.codegen.CodegenException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProbeCacheTest {
    @TempDir
    Path folder;

    private SyntheticKernel kernel;
    private ProbeCache cache;

    @BeforeEach
    void writeTree() throws IOException {
        kernel = SyntheticKernel.in(folder.resolve("linux-headers-6.1"));
        cache = new ProbeCache(folder.resolve("cache/probe"));
    }

    @Test
    void answersFromMemoryWithEverythingThatWasFound() throws IOException {
        Kernel probed = probe();
        assertThat(probed).isEqualTo(Probe.of(kernel.root()));
        assertThat(probe()).isEqualTo(probed);

        Path entry = entries().get(0);
        Files.writeString(entry, Files.readString(entry).replace("6.1.0-test", "remembered"));

        assertThat(probe().release()).isEqualTo("remembered");
    }

    /** As a backport may: the new header has the size and the date of the old one. */
    @Test
    void noticesAChangeOfAHeaderThatKeepsSizeAndDate() throws IOException {
        assertThat(probe().fact("create_excl")).isEqualTo("yes");
        Path header = kernel.root().resolve("include/linux/fs.h");
        FileTime date = Files.getLastModifiedTime(header);
        long size = Files.size(header);
        kernel.replace("include/linux/fs.h", "umode_t, bool", "umode_t      ");
        Files.setLastModifiedTime(header, date);
        assertThat(Files.size(header)).isEqualTo(size);

        assertThat(probe().fact("create_excl")).isEqualTo("no");
    }

    @Test
    void noticesAChangeOfAHeaderThatOnlyTheCompilerRead() throws IOException {
        assertThat(probe().fact("pfn_type")).isEqualTo("pfn_t");
        kernel.write("include/linux/pfn_t.h", "typedef unsigned long pfn_t;\n");

        assertThat(probe().fact("pfn_type")).isEqualTo("unsigned_long");
    }

    @Test
    void noticesAHeaderThatWasNotThere() throws IOException {
        assertThat(probe().fact("setlease_header")).isEqualTo("linux/fs.h");
        kernel.write("include/linux/filelock.h", "int generic_setlease(struct file *, int);\n");

        assertThat(probe().fact("setlease_header")).isEqualTo("linux/filelock.h");
    }

    @Test
    void noticesAnotherHeaderInAFolder() throws IOException {
        kernel.write("include/linux/fs/first.h", "struct first;\n");
        assertThat(probe().fact("splice_read")).isEqualTo("generic_file_splice_read");
        kernel.write("include/linux/fs/second.h", "ssize_t copy_splice_read(struct file *);\n");

        assertThat(probe().fact("splice_read")).isEqualTo("copy_splice_read");
    }

    @Test
    void noticesAnotherConfigurationAndOtherExports() throws IOException {
        probe();
        kernel.replace(".config", "CONFIG_MODVERSIONS=y", "# CONFIG_MODVERSIONS is not set");
        assertThat(probe().fact("modversions")).isEqualTo("no");
        kernel.replace("Module.symvers", "vmf_insert_pfn_pud_prot", "vmf_insert_pfn_pud");
        assertThat(probe().fact("insert_pud")).isEqualTo("yes");
        kernel.replace("Module.symvers", "\tmemremap\t", "\tgone\t");

        assertThatThrownBy(this::probe).isInstanceOf(UnsupportedKernelException.class);
    }

    @Test
    void asksAnewWhereAnEntryIsDamaged() throws IOException {
        Kernel probed = probe();
        for (String damage : List.of("", "rests on\n", "kernel\tx\nnonsense\n", "kernel\tx\n")) {
            Files.writeString(entries().get(0), damage);

            assertThat(probe()).isEqualTo(probed);
        }
    }

    @Test
    void doesWithoutAFolderThatCannotBeMade() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThat(new ProbeCache(folder.resolve("file/cache")).probe(kernel.root(), null))
                .isEqualTo(Probe.of(kernel.root()));
    }

    @Test
    void refusesWhatIsNoTreeAsTheProbeDoes() {
        assertThatThrownBy(() -> cache.probe(folder.resolve("none"), null))
                .isInstanceOf(CodegenException.class)
                .hasMessageContaining("no such folder");
    }

    private Kernel probe() throws IOException {
        return cache.probe(kernel.root(), null);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve("cache/probe"))) {
            return entries.toList();
        }
    }
}
