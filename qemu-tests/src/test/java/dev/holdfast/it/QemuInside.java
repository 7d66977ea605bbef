// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.guest.Shell;
import dev.holdfast.vm.guest.kvm.LinuxReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release's QEMU inside of a VM, with the Linux guest that the VM brought along. */
final class QemuInside {
    private static final Path EXAMPLE = Workspace.find().root().resolve("examples/qemu");
    private static final Pattern COMMAND = Pattern.compile("```sh\n(qemu-system-x86_64 .*?)```", Pattern.DOTALL);
    private static final String MONITOR = "/run/guest.qmp";
    private static final String STATE = "/mnt/holdfast/linux.state";
    private static final String LOG = "/run/console.log";

    /** Beside what README.md says: a kernel, and a console that is a file. */
    private static final String MORE =
            " -nodefaults -display none -kernel /boot/guest/vmlinuz -initrd /boot/guest/initrd"
                    + " -append 'console=ttyS0 quiet panic=-1 noxsave' -serial file:/run/serial.log"
                    + " -chardev file,id=console,path=" + LOG
                    + " -device virtio-serial-pci -device virtconsole,chardev=console ";

    /** Ten minutes at least: the guest is emulated. */
    private static final int MOST_LOOKS = 1200;

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

    /** Waits until the guest has said so much, and gives that; the first line may have begun in another QEMU. */
    List<LinuxReport> await(int rounds) throws InterruptedException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<LinuxReport> reports = vm.sh("cat " + LOG + " 2>/dev/null")
                    .stdout()
                    .lines()
                    .map(LinuxReport::of)
                    .flatMap(Optional::stream)
                    .toList();
            if (reports.size() >= rounds) {
                return reports;
            }
            assertThat(vm.sh("pidof qemu-system-x86_64 || cat /run/qemu.log").stdout())
                    .matches("\\d+");
            Thread.sleep(500);
        }
        throw new AssertionError("the guest says nothing; its kernel said: " + serial());
    }

    /** Lines of the console that are no reports, but for the first and last, which may be parts of lines. */
    List<String> others() {
        List<String> lines = vm.sh("cat " + LOG).stdout().lines().toList();
        return lines.subList(1, lines.size() - 1).stream()
                .filter(line -> LinuxReport.of(line).isEmpty())
                .toList();
    }

    /** What the guest's kernel wrote to its serial port. */
    String serial() {
        return vm.sh("cat /run/serial.log").stdout();
    }
}
