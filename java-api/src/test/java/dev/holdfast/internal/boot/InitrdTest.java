// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles.Packing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InitrdTest {
    private static final byte[] NO_BYTES = {};

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void findsWhatIsBehindTheMicrocode(Packing packing) throws IOException {
        byte[] content = new byte[300_001];
        new SplittableRandom(1).nextBytes(content);
        byte[] microcode = BootFiles.cpio(Map.of("kernel/x86/microcode/GenuineIntel.bin", new byte[4099]));
        byte[] rest = BootFiles.cpio(Map.of("lib/a.ko", content, "lib/text", bytes("text")));

        assertThat(walk(BootFiles.joined(microcode, new byte[512], packing.pack(rest), new byte[7])))
                .containsOnlyKeys("kernel/x86/microcode/GenuineIntel.bin", "lib/a.ko", "lib/text")
                .containsEntry("lib/a.ko", content)
                .containsEntry("lib/text", bytes("text"));
    }

    @Test
    void goesOnBehindEveryCompressedStream() throws IOException {
        byte[] all = NO_BYTES;
        int number = 0;
        // To lz4 the magic number of gzip is the size of one more block, as it is to the kernel.
        Set<Packing> packings = EnumSet.complementOf(EnumSet.of(Packing.LZ4));
        for (Packing one : packings) {
            for (Packing other : packings) {
                all = BootFiles.joined(all, one.pack(archive("f" + number++)), other.pack(archive("f" + number++)));
            }
        }

        assertThat(walk(all)).hasSize(2 * packings.size() * packings.size());
    }

    @Test
    void readsSeveralArchivesInsideOneStream() throws IOException {
        byte[] two = BootFiles.joined(archive("one"), new byte[100], archive("two"));

        assertThat(walk(Packing.ZSTD.pack(two))).containsOnlyKeys("one", "two");
    }

    /** printf of the archive, then zstd -19 --check and zstd -1 --no-check: frames with and without checksum and content size. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "KLUv/QRobQIAwoMMEZDPGMwW1RKA7OKDfaz/Y5QBu7sAALcaU+4dD4fPJ6FjChkivCsrnZeFJIcJDOjw+RwKIDA3DhkeJy5PQeHUXl1sIWJMpU64jBGq7d2n",
                "KLUv/QBIvQIAhAMwNzA3MDEwMTAwMDA4MWE0MDEwNGUyMDUwZmlsZQAAMDEyMzQ1Njc4OWJUUkFJTEVSISEhAAAAAAsATxECMAEckMPh0mEcQOG07AVcDBQCYgwUGoAR"
            })
    void readsWhatTheZstdToolMakes(String frame) throws IOException {
        byte[] made = Base64.getDecoder().decode(frame);

        assertThat(walk(BootFiles.joined(made, made, archive("behind"))))
                .containsOnlyKeys("file", "behind")
                .containsEntry("file", "0123456789".repeat(2000).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsAnEmptyFile() throws IOException {
        assertThat(walk(NO_BYTES)).isEmpty();
        assertThat(walk(new byte[1024])).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "894c5a4f        | it is compressed with lzo, which is not read here; use gzip, xz, zstd, lz4 or none",
                "425a68393141    | it is compressed with bzip2, which is not read here; use gzip, xz, zstd, lz4 or none",
                "5d00008000      | it is compressed with lzma, which is not read here; use gzip, xz, zstd, lz4 or none",
                "7f454c46        | something in it is neither a cpio archive nor compressed",
                "1f8b            | the gzip data cannot be unpacked",
                "fd377a585a00    | the xz data cannot be unpacked",
                "28b52ffd        | the zstd data cannot be unpacked",
                "28b52ffd00      | the zstd data cannot be unpacked",
            })
    void saysWhatItCannotRead(String hex, String message) {
        assertThatThrownBy(() -> walk(HexFormat.of().parseHex(hex)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void saysThatSomethingElseIsCompressed() {
        assertThatThrownBy(() -> walk(Packing.GZIP.pack(bytes("something else"))))
                .isInstanceOf(IOException.class)
                .hasMessage("what is compressed in it is not a cpio archive");
    }

    @ParameterizedTest
    @EnumSource
    void takesNoMoreMemoryThanItNeedsHoweverLongAPathIs(Packing packing) throws IOException {
        byte[] header = "070701%08x%08x"
                .formatted(1, 0100644)
                .concat("00000000".repeat(9))
                .concat("7ffffff0" + "00000000")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] path = new byte[1 << 20];
        Arrays.fill(path, (byte) 'a');

        assertThatThrownBy(() -> walk(packing.pack(BootFiles.joined(header, path))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the header of a file in it is too large");
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void unpacksNoMoreThanItMayHoweverOftenItIsAsked(Packing packing) throws IOException {
        long size = 1 << 20;
        byte[] zeros = packing.pack(BootFiles.joined(archive("one"), new byte[(int) size]));
        byte[] archives = BootFiles.joined(packing.pack(archive("one")), zeros, zeros);
        Path file = Files.write(directory.resolve("initrd"), archives);

        Initrd.walk(file, (path, content) -> {}, 3 * size);
        assertThatThrownBy(() -> Initrd.walk(file, (path, content) -> {}, 2 * size))
                .isInstanceOf(IOException.class)
                .hasMessage("what is compressed in it is too large");
    }

    @Test
    void passesOverTheNamesOfAFileThatHaveNoContent() throws IOException {
        assertThat(walk(BootFiles.joined(
                        BootFiles.cpio(Map.of("first", NO_BYTES)), BootFiles.cpio(Map.of("last", bytes("content"))))))
                .containsOnlyKeys("last");
    }

    @ParameterizedTest
    @EnumSource
    void whateverIsWrongIsOneLine(Packing packing) throws IOException {
        byte[] good = packing.pack(BootFiles.joined(archive("one"), archive("two")));
        SplittableRandom random = new SplittableRandom(42);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] bad = good.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            refused += refuses(round % 4 == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
        }

        assertThat(refused).isGreaterThan(50);
    }

    private int refuses(byte[] initrd) {
        return refuses(() -> walk(initrd)) + refuses(() -> unpacked(initrd));
    }

    private static int refuses(Callable<?> reading) {
        try {
            reading.call();
            return 0;
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotNull().hasLineCount(1);
            return 1;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unpackedItShowsTheSameFiles(Packing packing) throws IOException {
        byte[] content = new byte[300_001];
        new SplittableRandom(1).nextBytes(content);
        byte[] microcode = BootFiles.cpio(Map.of("kernel/x86/microcode/GenuineIntel.bin", new byte[4099]));
        byte[] two = BootFiles.joined(
                BootFiles.cpio(Map.of("lib/a.ko", content)),
                new byte[9],
                BootFiles.cpio(Map.of("lib/odd", bytes("text!"))));
        byte[] initrd = BootFiles.joined(
                microcode, new byte[509], packing.pack(two), new byte[3], archive("behind"), new byte[2]);

        byte[] unpacked = unpacked(initrd);

        assertThat(unpacked.length % 4).isZero();
        assertThat(walk(unpacked))
                .containsExactlyEntriesOf(walk(initrd))
                .containsKeys("kernel/x86/microcode/GenuineIntel.bin", "lib/a.ko", "lib/odd", "behind");
        assertThat(unpacked(unpacked)).isEqualTo(unpacked);
        // What the processor reads comes first, where it looks for it.
        assertThat(unpacked).startsWith(microcode);
    }

    @Test
    void copiesAnArchiveByteForByte() throws IOException {
        byte[] archive = archive("one");
        archive[5] = '2';
        archive[archive.length - 1] = 0;

        assertThat(unpacked(archive)).isEqualTo(archive);
        assertThat(unpacked(NO_BYTES)).isEmpty();
        assertThat(unpacked(new byte[100])).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void copiesNoMoreThanItMayHoweverOftenItIsAsked(Packing packing) throws IOException {
        byte[] archive = BootFiles.cpio(Map.of("zeros", new byte[1 << 20]));
        byte[] one = packing.pack(archive);
        Path file = Files.write(directory.resolve("initrd"), BootFiles.joined(one, new byte[4], one));

        Initrd.unpack(file, OutputStream.nullOutputStream(), 2L * archive.length + 1);
        assertThatThrownBy(() -> Initrd.unpack(file, OutputStream.nullOutputStream(), 2L * archive.length - 1))
                .isInstanceOf(IOException.class)
                .hasMessage("what is compressed in it is too large");
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsCutOffAnywhere(Packing packing) throws IOException {
        byte[] good = packing.pack(archive("one"));
        // The magic number of lz4 by itself is a stream with nothing in it.
        for (int length = packing == Packing.LZ4 ? 8 : 1; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> unpacked(cut))
                    .isInstanceOf(IOException.class)
                    .message()
                    .isNotNull()
                    .hasLineCount(1);
        }
    }

    @Test
    void refusesToCopyWhatIsDamaged() throws IOException {
        byte[] good = archive("one");
        byte[] otherMagic = good.clone();
        // The directory in front of the file takes a header of 110 bytes and a name of 4, which ends at 116.
        otherMagic[116] = '1';
        byte[] longName = good.clone();
        longName[94] = 'f';
        byte[] noNumber = good.clone();
        noNumber[116 + 54] = 'g';

        for (byte[] bad : List.of(otherMagic, longName, noNumber)) {
            for (Packing packing : Packing.values()) {
                assertThatThrownBy(() -> unpacked(packing.pack(bad)))
                        .isInstanceOf(IOException.class)
                        .hasMessage("a cpio archive in it is damaged");
            }
        }
        assertThatThrownBy(() -> unpacked(Packing.GZIP.pack(bytes("something else"))))
                .isInstanceOf(IOException.class)
                .hasMessage("what is compressed in it is not a cpio archive");
        assertThatThrownBy(() -> unpacked(bytes("something else")))
                .isInstanceOf(IOException.class)
                .hasMessage("something in it is neither a cpio archive nor compressed");
    }

    private byte[] unpacked(byte[] initrd) throws IOException {
        ByteArrayOutputStream files = new ByteArrayOutputStream();
        Initrd.unpack(Files.write(directory.resolve("packed"), initrd), files);
        return files.toByteArray();
    }

    private static byte[] archive(String file) throws IOException {
        return BootFiles.cpio(Map.of(file, bytes("content of " + file)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, byte[]> walk(byte[] initrd) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        Initrd.walk(
                Files.write(directory.resolve("initrd"), initrd),
                (path, content) -> found.put(path, content.readAllBytes()));
        return found;
    }
}
