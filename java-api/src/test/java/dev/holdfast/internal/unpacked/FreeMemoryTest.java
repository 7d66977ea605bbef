// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.internal.unpacked.FreeMemory.Range;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FreeMemoryTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final long ANYWHERE = Long.MAX_VALUE;

    /** A machine with 3 GiB, the last of them above 4 GiB. */
    private static final String IOMEM = """
            00000000-00000fff : Reserved
            00001000-0009fbff : System RAM
            0009fc00-0009ffff : Reserved
            000a0000-000bffff : PCI Bus 0000:00
            000f0000-000fffff : System ROM
            00100000-7ffdffff : System RAM
              02000000-02ffffff : Kernel code
              03000000-034cbfff : Kernel rodata
              03600000-0381f8ff : Kernel data
              03d6e000-03ffffff : Kernel bss
              2d000000-3cffffff : Crash kernel
              7c000000-7fefffff : Reserved
                7d000000-7d0fffff : something in it
            7ffe0000-7fffffff : Reserved
            80000000-febfffff : PCI Bus 0000:00
              fd000000-fdffffff : 0000:00:02.0
                fd000000-fdffffff : System RAM
            fec00000-fec003ff : IOAPIC 0
            100000000-13fffffff : System RAM
            140000000-17fffffff : Persistent Memory
              140000000-17fffffff : System RAM (kmem)
            380000000000-ffffffffffffffff : PCI Bus 0000:00
            """;

    @Test
    void takesAsHighAsPossible() throws IOException {
        FreeMemory memory = FreeMemory.of(IOMEM);

        assertThat(memory.take(4096, ANYWHERE)).isEqualTo(5 * GIB - 4096);
        assertThat(memory.take(1, ANYWHERE)).isEqualTo(5 * GIB - 2 * 4096);
        // Between the end of what is reserved in memory and that of memory.
        assertThat(memory.take(4097, 4 * GIB)).isEqualTo(0x7ffde000L);
        assertThat(memory.take(4096, 4 * GIB)).isEqualTo(0x7ffdd000L);
        assertThat(memory.take(MIB, 4 * GIB)).isEqualTo(0x7c000000L - MIB);
        assertThat(memory.take(MIB, 4 * GIB)).isEqualTo(0x7c000000L - 2 * MIB);
    }

    @Test
    void staysBelowALimitInsideOfARange() throws IOException {
        FreeMemory memory = FreeMemory.of(IOMEM);

        assertThat(memory.take(MIB, GIB + 2049)).isEqualTo(GIB - MIB);
        assertThat(memory.take(MIB, GIB)).isEqualTo(GIB - 2 * MIB);
        assertThat(memory.take(0x40000000L - 0x3d000000L - 2 * MIB, GIB)).isEqualTo(0x3d000000L);
        // Behind it comes the crash kernel.
        assertThat(memory.take(4096, GIB)).isEqualTo(0x2d000000L - 4096);
    }

    @Test
    void givesTheRunningKernelsOwnMemoryButNotTheLowest() throws IOException {
        FreeMemory memory = FreeMemory.of(IOMEM);

        assertThat(memory.takeAbove(0, 0x2d000000L - 16 * MIB, 2 * MIB)).isEqualTo(16 * MIB);
        assertThatThrownBy(() -> memory.take(4096, 0x2d000000L))
                .isInstanceOf(IOException.class)
                .hasMessage("no 4096 bytes of memory lie together for the next kernel");
    }

    @Test
    void takesAboveAnAddress() throws IOException {
        FreeMemory memory = FreeMemory.of(IOMEM);

        assertThat(memory.takeAbove(16 * MIB, 64 * MIB, 2 * MIB)).isEqualTo(16 * MIB);
        assertThat(memory.takeAbove(16 * MIB, 64 * MIB, 2 * MIB)).isEqualTo(80 * MIB);
        assertThat(memory.takeAbove(200 * MIB + 1, MIB, 16 * MIB)).isEqualTo(208 * MIB);
        assertThat(memory.takeAbove(16 * MIB, 700 * MIB, 2 * MIB)).isEqualTo(0x3d000000L);
        assertThat(memory.takeAbove(16 * MIB, GIB, 2 * MIB)).isEqualTo(4 * GIB);
        assertThatThrownBy(() -> memory.takeAbove(16 * MIB, GIB, 2 * MIB)).isInstanceOf(IOException.class);
    }

    @Test
    void keepsWhatIsTakenOut() throws IOException {
        FreeMemory memory = FreeMemory.of("00000000-0fffffff : System RAM\n");
        memory.without(new Range(64 * MIB, 128 * MIB));
        memory.without(new Range(0, 20 * MIB));
        memory.without(new Range(250 * MIB, GIB));
        memory.without(new Range(2 * GIB, 3 * GIB));

        assertThat(memory.take(122 * MIB, ANYWHERE)).isEqualTo(128 * MIB);
        assertThat(memory.takeAbove(0, 44 * MIB, MIB)).isEqualTo(20 * MIB);
        assertThatThrownBy(() -> memory.take(1, ANYWHERE)).isInstanceOf(IOException.class);
    }

    @Test
    void takesAtRandomFromAllPlaces() throws IOException {
        String iomem = """
                00000000-01ffffff : System RAM
                  01800000-01bfffff : Reserved
                02100000-025fffff : System RAM
                06000000-060fffff : System RAM
                """;
        Random random = new Random(42);
        Map<Long, Integer> times = new HashMap<>();
        for (int round = 0; round < 4000; round++) {
            times.merge(FreeMemory.of(iomem).takeAtRandom(3 * MIB, MIB, random), 1, Integer::sum);
        }

        // From 16 to 24, from 28 to 32, and from 33 to 38 MiB.
        assertThat(new TreeSet<>(times.keySet()))
                .containsExactly(
                        16 * MIB, 17 * MIB, 18 * MIB, 19 * MIB, 20 * MIB, 21 * MIB, 28 * MIB, 29 * MIB, 33 * MIB,
                        34 * MIB, 35 * MIB);
        assertThat(times.values()).allSatisfy(count -> assertThat(count).isBetween(250, 500));
    }

    @Test
    void takesAtRandomWhatIsAlignedAndNothingTwice() throws IOException {
        FreeMemory memory = FreeMemory.of("01100000-02ffffff : System RAM\n");
        Random random = new Random(1);
        TreeSet<Long> taken = new TreeSet<>();
        for (int round = 0; round < 7; round++) {
            taken.add(memory.takeAtRandom(4 * MIB, 4 * MIB, random));
        }

        assertThat(taken).containsExactly(20 * MIB, 24 * MIB, 28 * MIB, 32 * MIB, 36 * MIB, 40 * MIB, 44 * MIB);
        assertThatThrownBy(() -> memory.takeAtRandom(4 * MIB, 4 * MIB, random))
                .isInstanceOf(IOException.class)
                .hasMessage("no 4194304 bytes of memory lie together for the next kernel");
    }

    @Test
    void takesAtRandomAPlaceThatIsJustLargeEnough() throws IOException {
        FreeMemory memory = FreeMemory.of("01000000-013fffff : System RAM\n");

        assertThat(memory.takeAtRandom(4 * MIB, 4 * MIB, new Random(1))).isEqualTo(16 * MIB);
    }

    @Test
    void findsNoPlaceForWhatIsLargerThanMemory() throws IOException {
        FreeMemory memory = FreeMemory.of(IOMEM);

        assertThatThrownBy(() -> memory.take(2 * GIB, ANYWHERE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> memory.take(4 * GIB, 4 * GIB)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> memory.takeAtRandom(GIB + 1, 2 * MIB, new Random(1)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> memory.takeAbove(0, 2 * GIB, 2 * MIB)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> memory.takeAbove(6 * GIB, MIB, 2 * MIB)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing like it\n",
                "00000000-00000fff : Reserved\n",
                "00001000-0009ffff : System RAM (kmem)\n",
                "00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n00000000-00000000 : System RAM\n"
            })
    void saysThatMemoryIsNotTold(String iomem) {
        assertThatThrownBy(() -> FreeMemory.of(iomem))
                .isInstanceOf(IOException.class)
                .hasMessage("/proc/iomem does not say where memory is; run as root");
    }
}
