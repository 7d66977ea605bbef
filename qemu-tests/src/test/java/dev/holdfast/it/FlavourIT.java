// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelSpec;
import org.junit.jupiter.api.Tag;

/** Every kernel of the list takes the module, whatever its flavour, and keeps files with it. */
@QemuTest
@Tag("long")
class FlavourIT {

    @Kernels(everyFlavour = true)
    void the_module_loads_and_a_file_is_there_after_mounting_again(Vm vm, KernelSpec kernel) {
        assertThat(vm.boot().release()).matches(kernel.version() + "\\.[0-9.]+([-+][a-z]*[0-9]+)?-" + kernel.flavour());
        vm.run(Formatting.class, vm.region());

        Inside.mount(vm);
        assertThat(vm.sh("cp /bin/busybox " + Mounting.POINT + "/box").exitCode())
                .isZero();
        Inside.unmount(vm);
        Inside.mount(vm);

        assertThat(vm.sh("cmp /bin/busybox " + Mounting.POINT + "/box").exitCode())
                .isZero();
        Inside.unmount(vm);
        assertThat(vm.sh("rmmod holdfast").exitCode()).isZero();
    }
}
