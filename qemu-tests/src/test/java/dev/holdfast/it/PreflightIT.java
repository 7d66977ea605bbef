// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import dev.holdfast.ModuleDescription;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Preflight;
import dev.holdfast.PreflightException;
import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import dev.holdfast.abi.CompatFlags;
import dev.holdfast.abi.FormatConstants;
import dev.holdfast.abi.IncompatFlags;
import dev.holdfast.abi.RoCompatFlags;
import dev.holdfast.vm.GuestFailed;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import dev.holdfast.vm.qemu.MemoryLayout;
import dev.holdfast.vm.qemu.PhysicalSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
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

    @Test
    void what_the_module_in_each_initrd_reads_and_for_which_kernel_it_is_is_known_without_loading_it(
            VmBuilder builder, KernelList kernels) {
        List<KernelSpec> specs = kernels.specs();
        try (Vm vm = builder.kernel(specs.get(0)).region(SMALL).carrying(specs).start()) {
            vm.run(Formatting.class, vm.region());
            List<String> releases = vm.sh("ls /boot").output().lines().toList();
            assertThat(releases).hasSameSizeAs(specs).contains(vm.boot().release());

            assertThat(vm.run(Modules.class, releases))
                    .containsExactlyElementsOf(
                            releases.stream().map(PreflightIT::ours).toList());
            assertThat(vm.run(Pairs.class, new Pairs.Args(vm.region(), releases)))
                    .containsExactlyElementsOf(releases.stream()
                            .flatMap(kernel -> releases.stream().map(initrd -> expected(kernel, initrd)))
                            .toList());
        }
    }

    private static String ours(String release) {
        return new ModuleDescription(
                        "modules/holdfast.ko",
                        release,
                        FormatConstants.FORMAT_VERSION_OLDEST,
                        FormatConstants.FORMAT_VERSION,
                        CompatFlags.KNOWN,
                        RoCompatFlags.KNOWN,
                        IncompatFlags.KNOWN)
                .toString();
    }

    private static String expected(String kernel, String initrd) {
        return kernel.equals(initrd)
                ? "[]"
                : "[blocking: holdfast.ko in /boot/" + initrd + "/initrd is for " + initrd + ", but /boot/" + kernel
                        + "/vmlinuz is " + kernel + "; build the module for that kernel and make its initrd anew]";
    }

    /** Looks for modules in the initrds of some releases. */
    static final class Modules implements GuestTask<List<String>, List<String>> {
        @Override
        public List<String> run(List<String> releases, Progress progress) {
            return releases.stream()
                    .flatMap(release -> ModuleDescription.inInitrd(Path.of("/boot", release, "initrd")).stream())
                    .map(ModuleDescription::toString)
                    .toList();
        }
    }

    /** Says what is found about the kernel of each release with the initrd of each. */
    static final class Pairs implements GuestTask<Pairs.Args, List<String>> {
        record Args(PhysicalRange region, List<String> releases) {}

        @Override
        public List<String> run(Args args, Progress progress) {
            List<RegionDescription> regions =
                    List.of(Region.inspect(args.region().base()));
            List<String> findings = new ArrayList<>();
            for (String kernel : args.releases()) {
                for (String initrd : args.releases()) {
                    KexecImage image = new KexecImage(
                            Path.of("/boot", kernel, "vmlinuz"),
                            Path.of("/boot", initrd, "initrd"),
                            args.region().memmap());
                    findings.add(Preflight.of(image, regions).findings().toString());
                }
            }
            return findings;
        }
    }
}
