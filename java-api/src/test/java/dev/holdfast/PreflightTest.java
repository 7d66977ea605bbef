// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.boot.BootFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreflightTest {
    private static final long BITS = 0x8000000000100000L;

    private static final String CARRYING = "quiet memmap=1G$0x100000000";

    @TempDir
    Path directory;

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private Path kernel;
    private Path initrd;

    @BeforeEach
    void makeFiles() throws IOException {
        kernel = Files.write(directory.resolve("vmlinuz"), BootFiles.kernel("6.12"));
        initrd = directory.resolve("initrd");
        files.put("lib/modules/6.12/holdfast.ko", BootFiles.holdfast("6.12", 1, 2, 0, 0));
    }

    @Test
    void findsNothingWhereTheNextModuleKnowsAll() throws IOException {
        assertThat(findings(region(1, 0, 0, true))).isEmpty();
        assertThat(findings(region(2, 0, 0, true))).isEmpty();
        files.put("lib/modules/6.12/holdfast.ko", BootFiles.holdfast("6.12", 1, 2, BITS, BITS));
        assertThat(findings(region(2, BITS, BITS, true))).isEmpty();
    }

    @Test
    void refusesFeaturesThatTheNextModuleDoesNotKnow() throws IOException {
        files.put("lib/modules/6.12/holdfast.ko", BootFiles.holdfast("6.12", 1, 2, 0, 1L << 20));
        Preflight preflight = preflight(region(1, 0, BITS, true));

        assertThat(preflight.passes()).isFalse();
        assertThatThrownBy(() -> preflight.require(image()))
                .isInstanceOfSatisfying(PreflightException.class, e -> {
                    assertThat(e.errno().name()).isEqualTo("EOPNOTSUPP");
                    assertThat(e.findings())
                            .extracting(Finding::kind)
                            .containsExactly(Finding.Kind.INCOMPATIBLE_FEATURES);
                })
                .hasMessage("cannot load kernel " + kernel + ": lib/modules/6.12/holdfast.ko in " + initrd
                        + " (6.12) does not know the incompatible features 0x8000000000000000 of region 1G$0x100000000"
                        + " \"guests\" (Preflight.of: EOPNOTSUPP); put a newer module into the next initrd");
    }

    @Test
    void refusesAFormatThatTheNextModuleDoesNotRead() throws IOException {
        assertThat(findings(region(3, 0, 0, true))).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.FORMAT_VERSION);
            assertThat(finding.blocking()).isTrue();
            assertThat(finding.what()).contains("reads the formats 1 to 2", "has format 3", "0x100000000");
        });
        files.put("lib/modules/6.12/holdfast.ko", BootFiles.holdfast("6.12", 4, 5, 0, 0));
        assertThat(preflight(region(3, 0, 0, true)).passes()).isFalse();
    }

    @Test
    void refusesToMakeAWritableRegionReadOnly() throws IOException {
        assertThat(findings(region(1, BITS, 0, true))).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.READ_ONLY_FEATURES);
            assertThat(finding.blocking()).isTrue();
            assertThat(finding.what()).contains("0x8000000000100000", "would mount it read-only");
        });
        assertThat(findings(region(1, BITS, 0, false)))
                .extracting(Finding::blocking)
                .containsExactly(false);
    }

    @Test
    void looksAtTheModuleOfThatKernel() throws IOException {
        files.put("lib/modules/6.1/holdfast.ko", BootFiles.holdfast("6.1", 1, 1, 0, 0));
        assertThat(findings(region(2, 0, 0, true))).isEmpty();

        files.remove("lib/modules/6.12/holdfast.ko");
        assertThat(findings(region(1, 0, 0, true)))
                .containsExactly(new Finding(
                        Finding.Kind.OTHER_KERNEL,
                        true,
                        "holdfast.ko in " + initrd + " is for 6.1, but " + kernel + " is 6.12",
                        "build the module for that kernel and make its initrd anew"));
    }

    @Test
    void looksAtAllModulesWhereTheKernelDoesNotSayItsRelease() throws IOException {
        Files.write(kernel, new byte[4096]);

        assertThat(findings(region(1, 0, 0, true))).isEmpty();
        assertThat(findings(region(3, 0, 0, true)))
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.FORMAT_VERSION);
    }

    @Test
    void advisesWhereThereIsNothingToJudge() throws IOException {
        files.clear();
        assertThat(findings(region(1, 0, 0, true)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.NO_MODULE))
                .satisfies(finding -> assertThat(finding.blocking()).isFalse());
        assertThat(Preflight.of(KexecImage.withoutInitrd(kernel, CARRYING), List.of(region(1, 0, 0, true)))
                        .findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.NO_MODULE);

        files.put("holdfast.ko", new byte[10]);
        Preflight damaged = preflight(region(1, 0, 0, true));
        assertThat(damaged.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.UNREADABLE);
        assertThatCode(() -> damaged.require(image())).doesNotThrowAnyException();
    }

    @Test
    void saysInOneLineWhatItCannotLookInto() throws IOException {
        Files.write(initrd, new byte[] {(byte) 0x89, 'L', 'Z', 'O'});

        assertThat(Preflight.of(image(), List.of(region(1, 0, 0, true))).findings())
                .singleElement()
                .hasToString("advice: cannot look into initrd " + initrd
                        + ": it is compressed with lzo, which is not read here; use gzip, xz, zstd, lz4 or none;"
                        + " make sure that the next module can use the regions");
    }

    @Test
    void namesTheFileThatIsMissing() throws IOException {
        List<RegionDescription> regions = List.of(region(1, 0, 0, true));
        assertThatThrownBy(() -> Preflight.of(image(), regions))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining(initrd.toString());

        Files.delete(kernel);
        assertThatThrownBy(() -> Preflight.of(image(), regions))
                .isInstanceOf(NotFoundException.class)
                .hasMessage(
                        "cannot read kernel " + kernel + ": it does not exist (Preflight.of: ENOENT); check the name");
    }

    @Test
    void refusesACommandLineThatLeavesARangeToTheKernel() throws IOException {
        preflight(region(1, 0, 0, true));
        RegionDescription wide = withRanges("1G$0x100000000", "1G$0x200000000");

        Preflight preflight = Preflight.of(image(), List.of(wide));
        assertThat(preflight.findings())
                .singleElement()
                .hasToString("blocking: the command line leaves 1G$0x200000000 of region 1G$0x100000000 \"guests\" to "
                        + kernel + "; add memmap=1G$0x200000000 to it, as KexecCommandLine.carrying does");
        assertThatThrownBy(() -> preflight.require(image()))
                .isInstanceOfSatisfying(
                        PreflightException.class,
                        e -> assertThat(e.errno().name()).isEqualTo("EADDRNOTAVAIL"));

        String all = new KexecCommandLine("quiet")
                .carrying(wide.ranges().toArray(PhysicalRange[]::new))
                .text();
        assertThat(Preflight.of(new KexecImage(kernel, initrd, all), List.of(wide))
                        .findings())
                .isEmpty();
    }

    @Test
    void advisesToLookAtADamagedRegionFirst() throws IOException {
        assertThat(findings(damaged(region(1, 0, 0, true), 3)))
                .singleElement()
                .hasToString("advice: region 1G$0x100000000 \"guests\" has lost 3 records; look at it with holdfastctl"
                        + " fsck first");
    }

    @Test
    void doesNotUnpackWhatMemoryCannotHold() throws IOException {
        preflight(region(1, 0, 0, true));
        try (var file = new RandomAccessFile(initrd.toFile(), "rw")) {
            file.setLength(1L << 43);
        }
        assertThat(Preflight.of(image(), List.of(region(1, 0, 0, true))).findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.TOO_LARGE);
    }

    @Test
    void putsWhatBlocksFirst() throws IOException {
        assertThat(findings(region(1, BITS, 0, false), region(1, 0, 1, true), region(1, 0, 0, true)))
                .extracting(Finding::blocking)
                .containsExactly(true, false);
    }

    @Test
    void looksNowhereWhereThereIsNoRegion() {
        assertThat(Preflight.of(new KexecImage(directory, directory, "quiet"), List.of())
                        .findings())
                .isEmpty();
    }

    @Test
    void findsWhereRegionsAreMounted() {
        assertThat(KnownRegions.mountPoints("""
                        proc /proc proc rw 0 0
                        none /mnt/holdfast holdfast rw,base=0x100000000 0 0
                        holdfast /somewhere tmpfs rw 0 0
                        none /mnt/two\\040words holdfast ro 0 0
                        none /mnt/holdfast holdfast ro 0 0
                        """)).containsExactly("/mnt/holdfast", "/mnt/two words");
    }

    private KexecImage image() {
        return new KexecImage(kernel, initrd, CARRYING);
    }

    private List<Finding> findings(RegionDescription... regions) throws IOException {
        return preflight(regions).findings();
    }

    private Preflight preflight(RegionDescription... regions) throws IOException {
        Files.write(initrd, BootFiles.cpio(files));
        return Preflight.of(image(), List.of(regions));
    }

    private static RegionDescription region(int format, long roCompat, long incompat, boolean writable) {
        return region(format, roCompat, incompat, writable, List.of(PhysicalRange.parse("1G$0x100000000")));
    }

    private static RegionDescription withRanges(String... ranges) {
        return region(1, 0, 0, true, Stream.of(ranges).map(PhysicalRange::parse).toList());
    }

    private static RegionDescription region(
            int format, long roCompat, long incompat, boolean writable, List<PhysicalRange> ranges) {
        return region(format, roCompat, incompat, writable, ranges, 0);
    }

    private static RegionDescription damaged(RegionDescription region, int records) {
        return region(region.formatVersion(), region.roCompat(), region.incompat(), true, region.ranges(), records);
    }

    private static RegionDescription region(
            int format, long roCompat, long incompat, boolean writable, List<PhysicalRange> ranges, int damaged) {
        return new RegionDescription(
                PhysicalRange.parse("1G$0x100000000"),
                true,
                !writable,
                new UUID(1, 2),
                "guests",
                format,
                Instant.EPOCH,
                "6.1",
                1,
                0,
                roCompat,
                incompat,
                2 << 20,
                0,
                1024,
                1,
                damaged,
                0,
                0,
                Duration.ZERO,
                ranges);
    }
}
