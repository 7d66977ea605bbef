// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.guest.kvm.LinuxSeen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A release's QEMU inside of a VM, with the Linux guest that the VM brought along. */
final class QemuInside {
    private static final Path EXAMPLE = Workspace.find().root().resolve("examples/qemu");
    private static final Pattern COMMAND = Pattern.compile("```sh\n(qemu-system-x86_64 .*?)```", Pattern.DOTALL);
    private static final String MONITOR = "/run/guest.qmp";
    private static final String STATE = "/mnt/holdfast/linux.state";
    private static final String MEMORY = "/mnt/holdfast/guest-memory/linux";
    private static final String LOG = "/run/console.log";
    private static final String SERIAL = "/run/serial.log";

    /** Beside what README.md says: a kernel, and a console that is a file. */
    private static final String MORE =
            " -nodefaults -display none -kernel /boot/guest/vmlinuz -initrd /boot/guest/initrd"
                    + " -append 'console=ttyS0 quiet panic=-1 noxsave' -serial file:" + SERIAL
                    + " -chardev file,id=console,path=" + LOG
                    + " -device virtio-serial-pci -device virtconsole,chardev=console ";

    /** The guest is emulated. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final Vm vm;
    private final String root;

    QemuInside(Vm vm, String suite) throws IOException {
        this.vm = vm;
        this.root = "/debian/" + suite;
        for (String shared : List.of("dev", "proc", "sys", "run", "tmp", "mnt", "boot")) {
            done("mount --rbind /" + shared + " " + root + "/" + shared);
        }
        done("cat > /run/holdfast-qemu <<'END'\n" + Files.readString(EXAMPLE.resolve("holdfast-qemu")) + "END");
    }

    private void done(String command) {
        var output = vm.sh(command);
        assertThat(output.exitCode()).as(command + "\n" + output.output()).isZero();
    }

    /** Starts it in the background, with the words of README.md. */
    void start(String words) throws IOException {
        Matcher command = COMMAND.matcher(Files.readString(EXAMPLE.resolve("README.md")));
        assertThat(command.find()).isTrue();
        // What README.md has holdfastctl do.
        done("[ -e " + MEMORY + " ] || fallocate -l 256M " + MEMORY);
        String qemu = command.group(1).strip() + MORE + words;
        done("cat > /run/start <<'END'\nexec " + qemu + "\nEND");
        done("setsid chroot " + root + " sh /run/start >/run/qemu.log 2>&1 </dev/null &");
        done("for n in $(seq 300); do [ -S " + MONITOR + " ] && exit; sleep 0.1; done; cat /run/qemu.log; exit 1");
    }

    /** Runs {@code holdfast-qemu}. */
    void script(String verb) {
        done(script(verb, STATE));
    }

    /** The same with another state; says how it fails. */
    String failure(String verb, String state) {
        Shell.Output output = vm.sh(script(verb, state));
        assertThat(output.exitCode()).as(output.output()).isEqualTo(1);
        return output.output();
    }

    private String script(String verb, String state) {
        return "chroot " + root + " bash /run/holdfast-qemu " + verb + " " + MONITOR + " " + state;
    }

    /** Waits until the guest has said so much since this QEMU runs, and gives all of it. */
    LinuxSeen await(int rounds) {
        return Awaitility.await("the guest has said so much")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(this::look, seen -> seen.reports().size() >= rounds);
    }

    private LinuxSeen look() {
        assertThat(vm.sh("pidof qemu-system-x86_64 || cat /run/qemu.log").stdout())
                .matches("\\d+");
        return LinuxSeen.of(vm.sh("cat " + LOG).stdout(), vm.sh("cat " + SERIAL).stdout());
    }
}
