// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModuleDescriptionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"holdfast.ko,PLAIN", "holdfast.ko.gz,GZIP", "holdfast.ko.xz,XZ", "holdfast.ko.zst,ZSTD"})
    void readsAModuleAndFindsItInAnInitrd(String name, Packing packing) throws IOException {
        byte[] module = packing.pack(BootFiles.holdfast("6.12.94-amd64", 1, 3, 0x8000000000000000L, 0x5));
        byte[] initrd = Packing.ZSTD.pack(BootFiles.cpio(Map.of(
                "lib/modules/6.12.94-amd64/updates/dkms/" + name,
                module,
                "lib/holdfast.ko.txt",
                new byte[3],
                "lib/unholdfast.ko",
                new byte[3])));

        assertThat(ModuleDescription.of(Files.write(directory.resolve(name), module)))
                .isEqualTo(new ModuleDescription(
                        directory.resolve(name).toString(), "6.12.94-amd64", 1, 3, 0, 0x8000000000000000L, 0x5));
        assertThat(ModuleDescription.inInitrd(Files.write(directory.resolve("initrd"), initrd)))
                .containsExactly(new ModuleDescription(
                        "lib/modules/6.12.94-amd64/updates/dkms/" + name,
                        "6.12.94-amd64",
                        1,
                        3,
                        0,
                        0x8000000000000000L,
                        0x5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "holdfast_format_version=1 | holdfast_format_version=one | states a holdfast_format_version that is not a number",
                "holdfast_format_version=1 | holdfast_format=1           | does not state holdfast_format_version",
                "holdfast_incompat=0x0     | holdfast_incompat=0         | states holdfast_incompat that are not bits",
                "holdfast_incompat=0x0     | holdfast_incompat=0xnone    | states holdfast_incompat that are not bits",
                "holdfast_incompat=0x0     | holdfast_incompat=0x11112222333344445 | states holdfast_incompat that are not bits",
                "vermagic=6.1              | magic=6.1                   | does not state vermagic",
                "vermagic=6.1              | vermagic=6\u00071             | states a vermagic that begins with no release",
            })
    void refusesAModuleThatDoesNotSayWhatItReads(String right, String wrong, String message) throws IOException {
        String[] modinfo = {
            "vermagic=6.1",
            "holdfast_format_version=1",
            "holdfast_format_version_oldest=1",
            "holdfast_compat=0x0",
            "holdfast_ro_compat=0x0",
            "holdfast_incompat=0x0"
        };
        Path file = directory.resolve("holdfast.ko");
        assertThat(ModuleDescription.of(Files.write(file, BootFiles.module(modinfo)))
                        .newestFormat())
                .isEqualTo(1);
        for (int index = 0; index < modinfo.length; index++) {
            modinfo[index] = modinfo[index].equals(right) ? wrong : modinfo[index];
        }
        Files.write(file, BootFiles.module(modinfo));

        assertThatThrownBy(() -> ModuleDescription.of(file))
                .isInstanceOf(InvalidModuleException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void takesTheLastOfSeveralWithOnePathAsTheKernelDoes() throws IOException {
        byte[] initrd = BootFiles.joined(
                BootFiles.cpio(Map.of("./lib/holdfast.ko", BootFiles.holdfast("6.1", 1, 1, 0, 0))),
                BootFiles.cpio(Map.of("holdfast.ko", BootFiles.holdfast("6.1", 1, 2, 0, 0))),
                BootFiles.cpio(Map.of("/lib/holdfast.ko", BootFiles.holdfast("6.12", 1, 3, 0, 0))));

        assertThat(ModuleDescription.inInitrd(Files.write(directory.resolve("initrd"), initrd)))
                .containsExactly(
                        new ModuleDescription("lib/holdfast.ko", "6.12", 1, 3, 0, 0, 0),
                        new ModuleDescription("holdfast.ko", "6.1", 1, 2, 0, 0, 0));
    }

    @Test
    void namesTheFileThatIsMissing() {
        Path missing = directory.resolve("holdfast.ko");

        assertThatThrownBy(() -> ModuleDescription.of(missing))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("cannot read module " + missing
                        + ": it does not exist (ModuleDescription.of: ENOENT); check the name");
        assertThatThrownBy(() -> ModuleDescription.inInitrd(missing)).isInstanceOf(NotFoundException.class);
    }
}
