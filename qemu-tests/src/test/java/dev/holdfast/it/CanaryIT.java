// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a file ever held is not seen through another. */
@QemuTest
@Tag("debug-kernel")
class CanaryIT {
    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);
    private static final long MOST = 100L << 20;

    /** Formats as a program does that wants the old content gone. */
    static final class FormatAnew implements GuestTask<PhysicalRange, None> {
        @Override
        public None run(PhysicalRange range, Progress progress) {
            Region.format(range, FormatOptions.defaults().overwriting());
            return None.NONE;
        }
    }

    @Test
    void no_canary_comes_back_whichever_way_its_memory_went(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            Canary.Way[] ways = Canary.Way.values();
            Canary.Taking[] takings = Canary.Taking.values();
            IntStream.range(0, ways.length).forEach(turn -> hunt(vm, ways[turn], takings[turn]));

            // Through a kexec, and through a new file system in the same memory.
            vm.kexec();
            Inside.mount(vm);
            hunt(vm, Canary.Way.UNLINK, Canary.Taking.TOUCH_A_HOLE);
            Inside.unmount(vm);
            vm.run(FormatAnew.class, vm.region());
            Inside.mount(vm);
            hunt(vm, Canary.Way.TRUNCATE, Canary.Taking.WRITE_A_BYTE_PER_BLOCK);
        }
    }

    private static void hunt(Vm vm, Canary.Way way, Canary.Taking taking) {
        Canary.Seen seen = vm.run(Canary.class, new Canary.Args(way, taking));

        assertThat(seen.before()).as("%s", way).isGreaterThan(MOST / Canary.BIRD.length);
        assertThat(seen.bytes()).as("%s", taking).isGreaterThan(MOST / 2);
        assertThat(seen.after()).as("%s then %s", way, taking).isZero();
    }
}
