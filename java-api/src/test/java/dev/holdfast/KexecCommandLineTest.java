// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KexecCommandLineTest {
    private static final PhysicalRange REGION = PhysicalRange.parse("1G$4G");
    private static final PhysicalRange OTHER = PhysicalRange.parse("2G$8G");

    @Test
    void findsReservedRangesOnly() {
        KexecCommandLine line = new KexecCommandLine(
                "quiet memmap=exactmap memmap=1G@16G memmap=1G!20G memmap=1G$0x100000000,2G$8G memmap=bad$bad x.memmap=1G$1G");

        assertThat(line.reservations()).containsExactly(REGION, OTHER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dyndbg=\"a memmap=1G$4G b\" quiet", "\"a memmap=1G$4G b\"", "quiet -- memmap=1G$4G"})
    void isNotFooledByWhatTheKernelDoesNotTake(String text) {
        assertThat(new KexecCommandLine(text).reservations()).isEmpty();
    }

    @Test
    void addsWhatIsMissing() {
        KexecCommandLine line = new KexecCommandLine("console=ttyS0 memmap=1G$4G").carrying(REGION, OTHER);

        assertThat(line.text()).isEqualTo("console=ttyS0 memmap=1G$4G memmap=2G$0x200000000");
        assertThat(line.reservations()).containsExactly(REGION, OTHER);
        assertThat(line.carrying(OTHER, REGION)).isEqualTo(line);
    }

    @Test
    void addsARangeOfWhichOnlyAPartIsReserved() {
        assertThat(new KexecCommandLine("memmap=512M$4G").carrying(REGION).text())
                .isEqualTo("memmap=512M$4G memmap=1G$0x100000000");
    }

    @Test
    void addsBeforeTheArgumentsOfInit() {
        KexecCommandLine line = new KexecCommandLine("quiet -- single").carrying(REGION);

        assertThat(line.text()).isEqualTo("quiet memmap=1G$0x100000000 -- single");
        assertThat(line.reservations()).containsExactly(REGION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiet fips=1", "cryptomgr.notests", "cryptomgr.notests=0"})
    void doesNotSpareTestsThatAreAskedFor(String said) {
        assertThat(new KexecCommandLine(said).quicker().text()).isEqualTo(said);
    }

    @Test
    void sparesTestsBeforeTheArgumentsOfInit() {
        KexecCommandLine line = new KexecCommandLine("quiet fips=0 -- single").quicker();

        assertThat(line.text()).isEqualTo("quiet fips=0 cryptomgr.notests -- single");
        assertThat(line.quicker()).isEqualTo(line);
    }

    @Test
    void startsFromNothing() {
        assertThat(new KexecCommandLine("").carrying(REGION)).hasToString("memmap=1G$0x100000000");
    }

    @Test
    void readsTheRunningKernelsLine() throws IOException {
        assertThat(KexecCommandLine.running().text())
                .isEqualTo(Files.readString(Path.of("/proc/cmdline")).strip());
    }
}
