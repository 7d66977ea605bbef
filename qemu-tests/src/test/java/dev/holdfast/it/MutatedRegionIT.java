// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mounts regions whose superblocks and records are wrong in thousands of ways. A failure names the mutant;
 * {@code -Dmutants.seed=S -Dmutants.first=N -Dmutants.count=1} makes it again.
 */
@QemuTest
@Tag("debug-kernel")
class MutatedRegionIT {

    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);

    private static final int SEED = Integer.getInteger("mutants.seed", 1);
    private static final int FIRST = Integer.getInteger("mutants.first", 1);

    /** So many are judged by one task: a hang is noticed soon. */
    private static final int BATCH = 250;

    @Test
    void a_mutated_region_is_refused_untouched_or_shows_a_sound_file_system(VmBuilder builder, KernelSpec kernel) {
        int count = Integer.getInteger("mutants.count", kernel.debug() ? 3000 : 60);
        int accepted = 0;
        Map<String, Integer> refused = new TreeMap<>();
        try (Vm vm = builder.region(SMALLEST).start()) {
            for (int done = 0; done < count; done += BATCH) {
                int batch = Math.min(BATCH, count - done);
                Mutants.Tally tally = vm.run(
                        Mutants.class,
                        new Mutants.Args(SMALLEST.base(), SEED, FIRST + done, batch),
                        Duration.ofMinutes(5));
                accepted += tally.accepted();
                tally.refused().forEach((errno, times) -> refused.merge(errno, times, Integer::sum));
            }
        }
        System.out.printf("mutants: %d, accepted %d, refused %s%n", count, accepted, refused);
        if (count >= 60) {
            // Both happen, or nothing was tested.
            assertThat(accepted).isBetween(count / 4, count - 1);
            assertThat(refused).containsKey("EUCLEAN");
        }
    }
}
