// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.holdfast.PhysicalRange;
import dev.holdfast.ctl.Main;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The operator's command, from an unformatted range to the loaded next kernel. */
@QemuTest
class HoldfastctlIT {

    private static final PhysicalRange SMALLEST = new PhysicalRange(MemoryLayout.HIGH, 128 << 20);
    private static final String POINT = "/mnt/ctl";

    /** Runs the command in the VM. */
    static final class Ctl implements GuestTask<List<String>, Ctl.Ran> {
        record Ran(int exitCode, String out, String err) {
            JsonObject json() {
                return JsonParser.parseString(out).getAsJsonObject();
            }
        }

        @Override
        public Ran run(List<String> args, Progress progress) {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            int exitCode =
                    Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
            return new Ran(exitCode, out.toString(), err.toString());
        }
    }

    private static Ctl.Ran ctl(Vm vm, String... args) {
        return vm.run(Ctl.class, List.of(args));
    }

    private static Ctl.Ran done(Vm vm, String... args) {
        Ctl.Ran ran = ctl(vm, args);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).as(ran.out()).isZero();
        return ran;
    }

    @Test
    void an_operator_makes_looks_at_and_carries_a_region(VmBuilder builder) {
        try (Vm vm = builder.region(SMALLEST)
                .classesOf(CommandLine.class)
                .classesOf(Gson.class)
                .classesOf(ProgressBar.class)
                .start()) {
            String range = SMALLEST.toString();
            vm.sh("mkdir " + POINT);
            assertThat(done(vm, "list").out().lines()).hasSize(1);

            done(vm, "format", range, "--label", "guests", "--record-slots", "2048");
            Ctl.Ran again = ctl(vm, "format", range);
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err().lines()).hasSize(1);
            assertThat(done(vm, "list").out()).contains("guests").contains("not mounted");
            assertThat(done(vm, "fsck", range).out()).startsWith("nothing is wrong");

            done(vm, "mount", range, POINT);
            done(vm, "create", POINT, "vm-42", "4M");
            assertThat(done(vm, "stat", POINT).out())
                    .contains("guests     vm-42")
                    .contains("of 2048 used");
            JsonObject guest = done(vm, "stat", "--json", POINT, "vm-42").json();
            assertThat(guest.get("size").getAsLong()).isEqualTo(4 << 20);
            long address = guest.getAsJsonArray("extents")
                    .get(0)
                    .getAsJsonObject()
                    .get("physicalAddress")
                    .getAsLong();
            assertThat(address).isBetween(SMALLEST.base(), SMALLEST.end());
            assertThat(done(vm, "layout", POINT).out())
                    .containsPattern("0x" + Long.toHexString(address) + " +4 MiB +content +0x0 +guest-memory/vm-42");
            assertThat(done(vm, "layout", "--tree", POINT).out()).contains("guest-memory/vm-42  4 MiB in 1");
            done(vm, "layout", POINT, "--svg", "/tmp/layout.svg");
            assertThat(vm.sh("head -c 4 /tmp/layout.svg").output()).isEqualTo("<svg");
            JsonObject listed = done(vm, "list", "--json").json();
            assertThat(listed.getAsJsonArray("regions")
                            .get(0)
                            .getAsJsonObject()
                            .get("mountPoint")
                            .getAsString())
                    .isEqualTo(POINT);

            String boot = "/boot/" + vm.boot().release();
            Ctl.Ran lost = ctl(vm, "preflight", boot + "/vmlinuz", boot + "/initrd", "--command-line", "quiet");
            assertThat(lost.exitCode()).isEqualTo(3);
            assertThat(lost.out()).contains("blocking: the command line leaves " + range);
            assertThat(ctl(vm, "kexec", boot + "/vmlinuz", boot + "/initrd", "--command-line", "quiet")
                            .exitCode())
                    .isEqualTo(3);
            assertThat(vm.sh("cat /sys/kernel/kexec_loaded").output().strip()).isEqualTo("0");
            done(vm, "preflight", boot + "/vmlinuz", boot + "/initrd");
            done(vm, "kexec", boot + "/vmlinuz", boot + "/initrd");
            assertThat(vm.sh("cat /sys/kernel/kexec_loaded").output().strip()).isEqualTo("1");

            done(vm, "rm", POINT, "vm-42");
            assertThat(done(vm, "stat", POINT).out()).contains("guests     -");
            Ctl.Ran gone = ctl(vm, "rm", POINT, "vm-42");
            assertThat(gone.exitCode()).isEqualTo(1);
            assertThat(gone.err().lines()).hasSize(1);
            JsonObject doctor = ctl(vm, "doctor", "--json").json();
            assertThat(doctor.getAsJsonArray("checks")
                            .get(0)
                            .getAsJsonObject()
                            .get("verdict")
                            .getAsString())
                    .isEqualTo("ok");
        }
    }
}
