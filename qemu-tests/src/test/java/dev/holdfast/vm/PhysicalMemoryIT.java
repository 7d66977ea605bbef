// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.Verifying;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import org.junit.jupiter.api.Test;

/** What the machine says about its memory, the guest says too. */
@QemuTest
class PhysicalMemoryIT {

    private static final long BYTES = 16L << 20;
    private static final long PAGES = BYTES / PagePattern.PAGE;

    @Test
    void a_page_changed_from_outside_is_found_from_inside_and_outside(Vm vm) {
        vm.run(Formatting.class, vm.region());
        vm.run(Mounting.class, vm.region());
        Filling.Filled filled = vm.run(Filling.class, Filling.Args.all("vm-42", BYTES, 7));
        PhysicalSnapshot before = vm.memory().snapshot(filled.ranges());
        long page = filled.ranges().get(0).base() + 5 * PagePattern.PAGE;

        vm.memory().flipBit(page + 1234, 3);

        assertThat(vm.memory().differences(before)).containsExactly(page);
        Verifying.Verdict verdict = vm.run(Verifying.class, new Verifying.Args("vm-42", 0, PAGES, 7));
        assertThat(verdict.wrongPages()).containsExactly(5L);
    }
}
