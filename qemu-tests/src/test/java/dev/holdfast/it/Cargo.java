// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.PageSize;
import dev.holdfast.PhysicalRange;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.CheckingState;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.SavingState;
import dev.holdfast.vm.guest.Verifying;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a region carries from one kernel to the next: guest memory, a choice of page size, a directory tree, state files. Knows what has to be there, and
 * writes more at each stop.
 */
final class Cargo {

    private static final int DIRECTORIES_FIRST = 30;
    private static final int DIRECTORIES_AT_A_STOP = 1;

    private final Vm vm;
    private final Guest guest;
    private final PhysicalSnapshot pages;
    private final List<SavingState.Args> states = new ArrayList<>();
    private List<String> attributes = List.of();
    private List<String> contents = List.of();

    /** Formats the region and loads it. */
    Cargo(Vm vm, Guest guest) {
        this.vm = vm;
        this.guest = guest;
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
        List<PhysicalRange> ranges = guest.fill(vm);
        assertThat(guest.wrongOutside(vm, ranges)).isEmpty();
        this.pages = vm.memory().snapshot(ranges);
        vm.run(SmallPages.Choose.class, None.NONE);
        write(DIRECTORIES_FIRST);
    }

    /** Writes at a stop: more of the tree, one more state file, and the first state file anew. */
    void write() {
        write(DIRECTORIES_AT_A_STOP);
    }

    private void write(int directories) {
        int round = states.size();
        vm.run(Grove.Plant.class, new Grove.Args(round, directories));
        states.add(new SavingState.Args("vm-" + round, 1 + round % 3, round));
        states.set(0, new SavingState.Args("vm-0", 2, 1000 + round));
        vm.run(SavingState.class, states.get(round));
        vm.run(SavingState.class, states.get(0));
        contents = vm.run(Grove.Contents.class, None.NONE);
        attributes = vm.run(Grove.Attributes.class, None.NONE);
    }

    /** Mounts the region in the kernel that runs now and verifies all of it. */
    void verify(String where) {
        assertThat(vm.memory().differences(pages)).as(where).isEmpty();
        vm.run(Mounting.class, vm.region());
        assertThat(vm.run(SmallPages.Ask.class, None.NONE)).as(where).isEqualTo(PageSize.SIZE_4K);
        assertThat(vm.run(Grove.Attributes.class, None.NONE)).as(where).isEqualTo(attributes);
        assertThat(vm.run(Grove.Contents.class, None.NONE)).as(where).isEqualTo(contents);
        attributes = vm.run(Grove.Attributes.class, None.NONE);
        long heads = guest.bytes() / PagePattern.PAGE;
        assertThat(vm.run(PageHeads.class, new Verifying.Args(guest.name(), 0, heads, guest.seed())))
                .as(where)
                .isEmpty();
        for (SavingState.Args state : states) {
            assertThat(vm.run(CheckingState.class, state)).as(where).isTrue();
        }
        Inside.Health health = vm.run(Inside.Describe.class, None.NONE);
        assertThat(List.of(health.recordsDamaged(), health.recordsRepaired(), health.superblocksRepaired()))
                .as(where)
                .containsOnly(0);
    }
}
