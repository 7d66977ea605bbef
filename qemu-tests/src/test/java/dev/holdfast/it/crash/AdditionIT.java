// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PhysicalRange;
import dev.holdfast.RangeOptions;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import dev.holdfast.RegionRange;
import dev.holdfast.codegen.files.TextTree;
import dev.holdfast.codegen.render.ModuleOption;
import dev.holdfast.codegen.render.ModuleOptions;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The machine may stop after any step while a range is added to a region. */
@QemuTest
class AdditionIT {
    /** The commits of the range's head and of the superblock, and what comes after the last step. */
    private static final int POINTS = 2 * Choice.COMMIT + 1;

    private static final long RANGE = 128L << 20;
    private static final PhysicalRange ALL = new PhysicalRange(MemoryLayout.HIGH, 2 * RANGE * POINTS);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The region that is stopped after so many steps, counted from 1. */
    private static Plot plot(int steps) {
        return new Plot(new PhysicalRange(ALL.base() + 2 * RANGE * (steps - 1), RANGE));
    }

    private static PhysicalRange further(Plot plot) {
        return new PhysicalRange(plot.range().end(), RANGE);
    }

    /** Stops an addition in each region, each after one step more; says after how many it has returned. */
    static final class Adding implements GuestTask<None, List<Integer>> {
        @Override
        public List<Integer> run(None none, Progress progress) throws Exception {
            List<Integer> returned = new ArrayList<>();
            for (int steps = 1; steps <= POINTS; steps++) {
                Plot plot = plot(steps);
                Region region = plot.prepare(Tree.known());
                boolean has = Stopping.after(steps, "add after " + steps, () -> {
                    region.addRange(further(plot), RangeOptions.defaults());
                    return None.NONE;
                });
                if (has) {
                    returned.add(steps);
                }
            }
            return returned;
        }
    }

    /** What became of each region: how many ranges it has, and what is wrong with it. */
    static final class Looking implements GuestTask<None, List<String>> {
        @Override
        public List<String> run(None none, Progress progress) throws IOException {
            List<String> seen = new ArrayList<>();
            for (int steps = 1; steps <= POINTS; steps++) {
                Plot plot = plot(steps);
                try (Region region = plot.mount()) {
                    int ranges = region.ranges().size();
                    if (ranges == 1) {
                        region.addRange(further(plot), RangeOptions.defaults());
                    }
                    seen.add(ranges + wrong(region, plot));
                }
            }
            return seen;
        }

        private static String wrong(Region region, Plot plot) throws IOException {
            StringBuilder wrong = new StringBuilder();
            RegionDescription described = region.describe();
            if (!described.ranges().equals(List.of(plot.range(), further(plot)))) {
                wrong.append(", has ").append(described.ranges());
            }
            if (described.recordsDamaged() + described.recordsRepaired() > 0) {
                wrong.append(", records had bad copies");
            }
            Tree.read(region)
                    .differenceFrom(Tree.known())
                    .ifPresent(difference -> wrong.append(", ").append(difference));
            long free = region.ranges().stream().mapToLong(RegionRange::free).sum();
            if (free != described.dataFree() || region.ranges().get(1).free() != RANGE - (2 << 20)) {
                wrong.append(", free are ").append(region.ranges());
            }
            return wrong.toString();
        }
    }

    @Test
    void a_stop_at_any_step_leaves_the_range_added_or_not(VmBuilder builder, VmHost host, KernelSpec spec) {
        TextTree module = host.moduleSources(host.kernel(spec), new ModuleOptions(Set.of(ModuleOption.values())));
        try (Vm vm = builder.withoutHoldfast()
                .module("holdfast", module)
                .region(ALL)
                .classesOf(AdditionIT.class)
                .start()) {
            vm.load(vm.sameKernel());
            List<Integer> returned = vm.run(Adding.class, None.NONE, PATIENCE);
            vm.jump();
            List<String> seen = vm.run(Looking.class, None.NONE, PATIENCE);

            assertThat(returned).containsExactly(POINTS);
            // The superblock's first copy is whole after half of its commit: from there on the range belongs to the
            // region.
            int added = seen.indexOf("2") + 1;
            assertThat(added).isBetween(Choice.COMMIT + 1, Choice.COMMIT + Choice.COMMIT / 2);
            assertThat(seen.subList(0, added - 1)).containsOnly("1");
            assertThat(seen.subList(added - 1, POINTS)).containsOnly("2");
        }
    }
}
