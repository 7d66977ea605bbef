// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ModuleFileTest {
    @ParameterizedTest
    @EnumSource
    void readsTheModinfo(Packing packing) throws IOException {
        byte[] module =
                BootFiles.module("license=GPL", "vermagic=6.1 SMP", "empty=", "no value", "a=b=c", "license=BSD");

        assertThat(modinfo(packing.pack(module)))
                .containsExactly(
                        Map.entry("license", "GPL"),
                        Map.entry("vermagic", "6.1 SMP"),
                        Map.entry("empty", ""),
                        Map.entry("a", "b=c"));
    }

    @Test
    void readsWhatTheCompilerMakes(@TempDir Path directory) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("module.c"), """
                #define INFO(name, text) \\
                	static const char name[] __attribute__((section(".modinfo"), used, aligned(1))) = text
                INFO(license, "license=GPL");
                INFO(vermagic, "vermagic=6.12 SMP");
                int code(void) { return 1; }
                """);
        Path object = directory.resolve("module.o");
        Process compiler = new ProcessBuilder("gcc", "-g", "-c", source.toString(), "-o", object.toString())
                .inheritIO()
                .start();

        assertThat(compiler.waitFor()).isZero();
        assertThat(modinfo(Files.readAllBytes(object)))
                .containsOnly(Map.entry("license", "GPL"), Map.entry("vermagic", "6.12 SMP"));
    }

    @Test
    void refusesWhatIsNoModule() throws IOException {
        byte[] bigEndian = BootFiles.module("license=GPL");
        bigEndian[5] = 2;

        for (byte[] other : new byte[][] {bigEndian, {}, "text".getBytes(StandardCharsets.UTF_8)}) {
            assertThatThrownBy(() -> modinfo(other))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it is not a module for a 64-bit little-endian kernel");
        }
        byte[] nameless = new String(BootFiles.module("license=GPL"), StandardCharsets.ISO_8859_1)
                .replace(".modinfo", ".nodinfo")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> modinfo(nameless))
                .isInstanceOf(IOException.class)
                .hasMessage("it has no section .modinfo");
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "XZ", "ZSTD"})
    void refusesWhatUnpacksToMoreThanAModuleHas(Packing packing) throws IOException {
        byte[] bomb = packing.pack(new byte[(64 << 20) + 1]);

        assertThat(bomb).hasSizeLessThan(1 << 17);
        assertThatThrownBy(() -> modinfo(bomb)).isInstanceOf(IOException.class).hasMessage("it has more than 64 MiB");
    }

    @Test
    void refusesAModinfoThatIsTooLong() {
        byte[] module = BootFiles.module("license=GPL", "a=" + "a".repeat(1 << 20));

        assertThatThrownBy(() -> modinfo(module))
                .isInstanceOf(IOException.class)
                .hasMessage("its section .modinfo has more than 1 MiB");
    }

    @Test
    void whateverIsWrongIsOneLine() {
        byte[] good = BootFiles.module("license=GPL", "vermagic=6.1 SMP");
        SplittableRandom random = new SplittableRandom(42);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] bad = good.clone();
            for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            try {
                modinfo(bad);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotNull().hasLineCount(1);
                refused++;
            }
        }

        assertThat(refused).isGreaterThan(500);
    }

    private static Map<String, String> modinfo(byte[] module) throws IOException {
        return ModuleFile.modinfo(new ByteArrayInputStream(module));
    }
}
