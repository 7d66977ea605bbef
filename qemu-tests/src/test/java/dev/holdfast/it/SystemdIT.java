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
import org.junit.jupiter.api.Tag;
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
    @Tag("long")
    void a_region_is_mounted_first_and_no_kexec_loses_it(VmBuilder builder, VmHost host, KernelList kernels)
            throws IOException {
        KernelSpec first = kernels.standard();
        KernelSpec newest = newest(kernels);
        try (Vm vm = start(builder.kernel(first).carrying(List.of(newest)), host, "trixie")) {
            SystemdInside debian = new SystemdInside(vm);
            formatAndFill(vm, debian);
            comesAndGoes(debian);
            NextKernel good = vm.otherKernel(newest);
            NextKernel bad = good.without("memmap=");
            refusesWhatWouldLoseIt(vm, debian, bad);
            guardsWhatIsOutOfSight(vm, debian, bad);

            debian.done("kexec --load --mem-max=0xffffffff " + debian.options(good));
            assertThat(debian.guarded()).isFalse();
            assertWentOn(vm, debian, debian.systemctlKexec(), vm.boots().get(0).release());

            if (Effort.isWhole()) {
                debian.done("holdfastctl kexec " + debian.files(vm.otherKernel(first)));
                assertThat(debian.guarded()).isFalse();
                assertWentOn(
                        vm, debian, debian.systemctlKexec(), vm.boots().get(1).release());
            }
            refusesNothingWithoutARegion(vm, debian);
        }
    }

    @Test
    @Tag("long")
    void so_does_the_release_before(VmBuilder builder, VmHost host, KernelList kernels) throws IOException {
        KernelSpec newest = newest(kernels);
        try (Vm vm = start(builder.kernel(kernels.standard()).carrying(List.of(newest)), host, "bookworm")) {
            SystemdInside debian = new SystemdInside(vm);
            formatAndFill(vm, debian);
            comesAndGoes(debian);
            NextKernel good = vm.otherKernel(newest);
            refusesWhatWouldLoseIt(vm, debian, good.without("memmap="));

            debian.done("kexec --load --mem-max=0xffffffff " + debian.options(good));
            assertThat(debian.guarded()).isFalse();
            assertWentOn(vm, debian, debian.systemctlKexec(), vm.boots().get(0).release());
        }
    }

    private static KernelSpec newest(KernelList kernels) {
        List<KernelSpec> specs = kernels.specs();
        return specs.get(specs.size() - 1);
    }

    private Vm start(VmBuilder builder, VmHost host, String suite) throws IOException {
        return builder.systemd(suite, SystemdInside.PACKAGES, SystemdInside.layer(host, suite, layer))
                .classesOf(CommandLine.class)
                .classesOf(Gson.class)
                .classesOf(ProgressBar.class)
                .start();
    }

    /** Without a region the hypervisor did not start, and the machine did. */
    private static void formatAndFill(Vm vm, SystemdInside debian) {
        assertThat(debian.fails("systemctl is-active hypervisor holdfast.target"))
                .isEqualTo("inactive\ninactive");
        debian.done("holdfastctl format '" + vm.region() + "'");
        debian.done("systemctl start hypervisor");
        debian.awaitGuard(true);
        vm.run(Filling.class, Filling.Args.all(GUEST, BYTES, SEED));
    }

    /** Removed, it leaves nothing behind; installed under a mounted region, it guards that. */
    private static void comesAndGoes(SystemdInside debian) {
        debian.done(SystemdInside.INSTALL + " --remove");
        assertThat(debian.done("systemctl cat kexec.target")).doesNotContain("preserved-memory");
        assertThat(debian.done("dpkg-divert --list '*kexec*'; ls /usr/sbin | grep '^kexec[.]';"
                        + " find /etc /usr/lib -xdev -name '*holdfast*' ! -name 'holdfast-agent*' ! -name holdfast.ko"))
                .isEmpty();
        assertThat(debian.done("kexec --version")).startsWith("kexec-tools");

        debian.done(SystemdInside.INSTALL);
        assertThat(debian.done("systemctl cat kexec.target")).contains("preserved-memory");
        assertThat(debian.done("dpkg-divert --truename /usr/sbin/kexec")).isEqualTo("/usr/sbin/kexec.distrib");
        assertThat(debian.done("kexec --version")).startsWith("kexec-tools");
    }

    /** A mount that nobody else sees, as a service with PrivateMounts= makes: it counts as any other. */
    private static void guardsWhatIsOutOfSight(Vm vm, SystemdInside debian, NextKernel bad) {
        debian.done("systemctl stop hypervisor holdfast.target mnt-holdfast.mount");
        debian.awaitGuard(false);
        debian.done("systemd-run --unit=secluded -p PrivateMounts=yes -p Type=exec sh -c"
                + " 'mount -t holdfast -o base=0x"
                + Long.toHexString(vm.region().base())
                + " none /mnt/holdfast && exec sleep infinity'");
        debian.awaitGuard(true);
        assertThat(debian.done("cat /proc/mounts")).doesNotContain("holdfast holdfast");
        assertThat(debian.fails("kexec -l " + debian.options(bad)))
                .contains("blocking: the command line leaves " + vm.region() + ", which is in use");
        debian.done("systemctl stop secluded");
        debian.awaitGuard(false);
        debian.done("systemctl start hypervisor");
        debian.awaitGuard(true);
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
