// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.holdfast.Finding;
import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import dev.holdfast.ModuleDescription;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Preflight;
import dev.holdfast.PreflightException;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A jump after which the next module would refuse a region is refused before it, and a jump that it would not, is not. */
@QemuTest
class PreflightIT {

    private static final PhysicalRange SMALL = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);
    private static final long FUTURE = 1L << 63 | 1L << 20;
    private static final Guest GUEST = new Guest("one", 1 << 20, 1);

    @Test
    void the_next_module_is_asked_before_the_jump(VmBuilder builder) {
        try (Vm vm = builder.region(SMALL).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            GUEST.fill(vm);
            Inside.unmount(vm);
            Head head = new Head(vm);
            head.rewrite(superblock -> superblock.incompat(FUTURE));
            PhysicalSnapshot before = vm.memory().snapshot(List.of(SMALL));

            assertThatThrownBy(() -> vm.load(vm.sameKernel())).isInstanceOfSatisfying(GuestFailed.class, failure -> {
                assertThat(failure.type()).isEqualTo(PreflightException.class.getName());
                assertThat(failure.guestMessage())
                        .contains("modules/holdfast.ko in /boot/" + vm.boot().release() + "/initrd")
                        .contains("incompatible features 0x8000000000100000 of region " + SMALL)
                        .doesNotContain("\n");
            });
            assertThat(vm.run(Loaded.class, None.NONE)).isFalse();
            assertThatThrownBy(() -> vm.loadCrash(vm.sameKernel()))
                    .isInstanceOfSatisfying(
                            GuestFailed.class,
                            failure -> assertThat(failure.type()).isEqualTo(PreflightException.class.getName()));
            assertThat(vm.memory().differences(before)).isEmpty();

            head.rewrite(superblock -> superblock.incompat(0));
            String release = vm.boot().release();
            assertThat(vm.run(Renamed.class, release))
                    .singleElement(STRING)
                    .startsWith("blocking: holdfast.ko in /boot/" + release + "/initrd is for " + release
                            + ", but /tmp/vmlinuz is X" + release.substring(1) + ";");
            vm.kexec();

            assertThat(vm.boots()).hasSize(2);
            Inside.mount(vm);
            assertThat(GUEST.wrongInside(vm)).isEmpty();
        }
    }

    /** Says whether a next kernel is loaded. */
    static final class Loaded implements GuestTask<None, Boolean> {
        @Override
        public Boolean run(None none, Progress progress) {
            return Kexec.loaded();
        }
    }

    /** Says what is found about the VM's kernel and initrd, after giving the kernel another release. */
    static final class Renamed implements GuestTask<String, List<String>> {
        @Override
        public List<String> run(String release, Progress progress) throws IOException {
            Path boot = Path.of("/boot", release);
            byte[] kernel = Files.readAllBytes(boot.resolve("vmlinuz"));
            kernel[0x200 + (kernel[0x20e] & 0xff | (kernel[0x20f] & 0xff) << 8)] = 'X';
            Path renamed = Files.write(Path.of("/tmp/vmlinuz"), kernel);
            return Preflight.of(new KexecImage(renamed, boot.resolve("initrd"), "quiet")).findings().stream()
                    .map(Finding::toString)
                    .toList();
        }
    }

    @Test
    void what_the_module_in_an_initrd_reads_is_known_without_loading_it(Vm vm) {
        String release = vm.boot().release();

        assertThat(vm.run(Modules.class, release))
                .containsExactly(new ModuleDescription(
                                "modules/holdfast.ko",
                                release,
                                FormatConstants.FORMAT_VERSION_OLDEST,
                                FormatConstants.FORMAT_VERSION,
                                0,
                                0,
                                0)
                        .toString());
    }

    /** Looks for modules in the initrd of the VM. */
    static final class Modules implements GuestTask<String, List<String>> {
        @Override
        public List<String> run(String release, Progress progress) {
            return ModuleDescription.inInitrd(Path.of("/boot", release, "initrd")).stream()
                    .map(ModuleDescription::toString)
                    .toList();
        }
    }
}
