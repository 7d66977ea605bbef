// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.holdfast.vm.Boot;
import dev.holdfast.vm.NextKernel;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.guest.Verifying;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.kernel.KernelList;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Debian's systemd mounts a region before a hypervisor starts, refuses every kexec that would lose it before it stops anything, and
 * stops, unmounts and jumps where the region is kept.
 */
@QemuTest
class SystemdIT {
    private static final String REFUSED =
            "Unit preserved-memory-would-be-lost:load-the-next-kernel-with-holdfastctl-kexec.service not found.";
    private static final String GUEST = "vm-42";
    private static final long BYTES = 8 << 20;
    private static final long SEED = 42;

    @TempDir
    private Path layer;

    @Test
    void a_region_is_mounted_first_and_no_kexec_loses_it(VmBuilder builder, VmHost host, KernelList kernels)
            throws IOException {
        List<KernelSpec> specs = kernels.specs();
        KernelSpec first = kernels.standard();
        KernelSpec newest = specs.get(specs.size() - 1);
        try (Vm vm = builder.kernel(first)
                .carrying(List.of(newest))
                .systemd("trixie", SystemdInside.PACKAGES, SystemdInside.layer(host, "trixie", layer))
                .classesOf(CommandLine.class)
                .classesOf(Gson.class)
                .classesOf(ProgressBar.class)
                .start()) {
            SystemdInside debian = new SystemdInside(vm);
            assertThat(debian.fails("systemctl is-active hypervisor holdfast.target"))
                    .as("there is no region yet")
                    .isEqualTo("inactive\ninactive");
            debian.done("holdfastctl format '" + vm.region() + "'");
            debian.done("systemctl start hypervisor");
            debian.awaitGuard(true);
            vm.run(Filling.class, Filling.Args.all(GUEST, BYTES, SEED));

            NextKernel good = vm.otherKernel(newest);
            refusesWhatWouldLoseIt(vm, debian, good.without("memmap="));

            debian.done("holdfastctl kexec " + debian.files(good));
            debian.awaitGuard(false);
            assertWentOn(vm, debian, debian.systemctlKexec(), vm.boots().get(0).release());

            NextKernel back = vm.otherKernel(first);
            assertThat(debian.done("kexec --load --mem-max=0xffffffff " + debian.options(back)))
                    .isEmpty();
            assertWentOn(vm, debian, debian.systemctlKexec(), vm.boots().get(1).release());

            refusesNothingWithoutARegion(vm, debian);
        }
    }

    /** The ways to such a kernel. Nothing comes of any of them: all runs on as it is. */
    private static void refusesWhatWouldLoseIt(Vm vm, SystemdInside debian, NextKernel bad) {
        String before = debian.running();
        String lost = "blocking: the command line leaves " + vm.region();

        assertThat(debian.fails("kexec -l " + debian.options(bad))).contains(lost);
        assertThat(debian.fails("kexec -s -l -d -x --mem-max=0xffffffff " + debian.options(bad)))
                .contains(lost);
        assertThat(debian.fails("holdfastctl kexec " + debian.files(bad) + " --command-line quiet"))
                .contains(lost);
        assertThat(debian.fails("kexec -f " + debian.options(bad))).contains("kexec: error: a region is mounted");
        assertThat(debian.fails("kexec -l --entry=0 " + debian.options(bad)))
                .contains("kexec: error: a region is mounted");
        assertThat(debian.fails(debian.bootEntry(bad) + " systemctl kexec")).contains(lost);
        assertThat(debian.done("cat /sys/kernel/kexec_loaded")).isEqualTo("0");
        assertThat(debian.fails("kexec -e")).contains("Nothing has been loaded");

        debian.done("kexec.distrib -s -l " + debian.options(bad));
        assertThat(debian.fails("systemctl kexec")).contains(REFUSED);
        assertThat(debian.fails("kexec -e")).contains("nothing says that the kernel that is loaded keeps it");
        assertThat(debian.done("cat /sys/kernel/kexec_loaded")).isEqualTo("1");
        debian.done("kexec -u");
        assertThat(debian.done("cat /sys/kernel/kexec_loaded")).isEqualTo("0");

        assertThat(debian.running()).isEqualTo(before);
        debian.done("echo still there >>/mnt/holdfast/history");
    }

    /** Systemd stopped the hypervisor while the region was mounted, unmounted it, and mounted it before the hypervisor again. */
    private static void assertWentOn(Vm vm, SystemdInside debian, Boot next, String from) {
        assertThat(next.release()).isNotEqualTo(from);
        assertThat(next.stages()).containsKey("left-clean");
        debian.done("systemctl start hypervisor");
        assertThat(debian.done("cat /mnt/holdfast/history"))
                .endsWith("stopped " + from + " mounted\nstarted " + next.release() + " mounted");
        assertThat(debian.done("systemctl is-active hypervisor holdfast.target"))
                .isEqualTo("active\nactive");
        assertThat(vm.run(Inside.Describe.class, None.NONE).recordsRepaired()).isZero();
        Verifying.Verdict verdict =
                vm.run(Verifying.class, new Verifying.Args(GUEST, 0, BYTES / PagePattern.PAGE, SEED));
        assertThat(verdict.wrong()).as("%s", verdict).isZero();
        debian.awaitGuard(true);
    }

    /** What is loaded then may use all memory. */
    private static void refusesNothingWithoutARegion(Vm vm, SystemdInside debian) {
        debian.done("systemctl stop hypervisor holdfast.target mnt-holdfast.mount");
        debian.awaitGuard(false);
        debian.done("kexec -s -l " + debian.options(vm.sameKernel().without("memmap=")));

        Boot next = debian.systemctlKexec();

        assertThat(next.commandLine()).doesNotContain("memmap=");
        assertThat(debian.fails("systemctl is-active hypervisor holdfast.target"))
                .isEqualTo("inactive\ninactive");
    }
}
