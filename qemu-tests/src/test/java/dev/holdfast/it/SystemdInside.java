// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Boot;
import dev.holdfast.vm.Command;
import dev.holdfast.vm.NextKernel;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Leaving;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A release of Debian under its systemd, with what is in the folder {@code systemd} installed, and a hypervisor that does little. */
final class SystemdInside {
    static final List<String> PACKAGES = List.of("kexec-tools");

    /** It writes down in the region what it sees of the region. Without help of programs: systemd ends them with it. */
    private static final String HYPERVISOR = """
            #!/bin/bash
            release=$(uname -r)
            say() {
            	local mounts seen=missing
            	mapfile mounts </proc/mounts
            	[[ ${mounts[*]} != *' /mnt/holdfast holdfast '* ]] || seen=mounted
            	echo "$1 $release $seen" >>/mnt/holdfast/history
            }
            trap 'say stopped; exit' TERM
            say started
            sleep infinity &
            wait
            """;

    private static final String HYPERVISOR_UNIT = """
            [Unit]
            Requires=holdfast.target
            After=holdfast.target

            [Service]
            ExecStart=/usr/local/bin/hypervisor

            [Install]
            WantedBy=multi-user.target
            """;

    /** The library's command, with the Java and the classes that the harness has there anyway. */
    private static final String HOLDFASTCTL = """
            #!/bin/sh
            exec /harness/jre/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Djna.nounpack=true -Djna.nosys=true \\
            	-Djna.boot.library.path=/harness/app/native -cp /harness/app/app.jar dev.holdfast.ctl.Main "$@"
            """;

    /** Everything is emulated. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final Pattern FSTAB = Pattern.compile("```\n(none .*\n)```");

    private final Vm vm;

    SystemdInside(Vm vm) {
        this.vm = vm;
    }

    /** The files that lie over the release's root. {@code systemd/install} works on them as on a machine's own. */
    static Path layer(VmHost host, String suite, Path directory) throws IOException {
        Path release = host.debianRoot(suite, VmBuilder.withSystemd(PACKAGES));
        for (String file : List.of("usr/sbin/kexec", "var/lib/dpkg/status", "var/lib/dpkg/diversions")) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.copy(release.resolve(file), directory.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path ours = Workspace.find().root().resolve("systemd");
        Command.of(
                        "cp",
                        "-r",
                        ours.toString(),
                        Files.createDirectories(directory.resolve("opt")).toString())
                .run();
        Command.of("env", "DESTDIR=" + directory, ours.resolve("install").toString())
                .run();
        Matcher fstab = FSTAB.matcher(Files.readString(ours.resolve("README.md")));
        assertThat(fstab.find()).isTrue();
        write(directory.resolve("etc/fstab"), fstab.group(1), "rw-r--r--");
        write(directory.resolve("usr/local/bin/holdfastctl"), HOLDFASTCTL, "rwxr-xr-x");
        write(directory.resolve("usr/local/bin/hypervisor"), HYPERVISOR, "rwxr-xr-x");
        write(directory.resolve("etc/systemd/system/hypervisor.service"), HYPERVISOR_UNIT, "rw-r--r--");
        Files.createSymbolicLink(
                directory.resolve("etc/systemd/system/multi-user.target.wants/hypervisor.service"),
                Path.of("../hypervisor.service"));
        return directory;
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** Runs a command as an operator does. */
    Shell.Output run(String command) {
        return vm.sh(inRoot(command));
    }

    private static String inRoot(String command) {
        return "chroot /proc/1/root /bin/bash <<'END'\nexport PATH=/usr/local/bin:/usr/sbin:/usr/bin\n" + command
                + "\nEND\n";
    }

    /** The same, and gives what it says on standard output. */
    String done(String command) {
        Shell.Output output = run(command);
        assertThat(output.exitCode()).as(command + "\n" + output.output()).isZero();
        return output.stdout();
    }

    /** The same for one that fails, and gives what it says. */
    String fails(String command) {
        Shell.Output output = run(command);
        assertThat(output.exitCode()).as(command + "\n" + output.output()).isNotZero();
        return output.output();
    }

    /** What is active, and as which processes since when, once systemd is done with what it was asked to do. */
    String running() {
        return done("systemctl is-system-running --wait >/dev/null; systemctl list-jobs --no-legend;"
                + " systemctl show -p Id,ActiveState,MainPID,InvocationID"
                + " hypervisor.service holdfast.target mnt-holdfast.mount multi-user.target dbus.service");
    }

    /** Whether what makes systemd refuse a kexec is there. */
    boolean guarded() {
        return done("/usr/lib/holdfast/kexec-guard closed && echo yes || echo no")
                .equals("yes");
    }

    /** Waits until it is, or is not any more: udev tells of regions when it gets to it. */
    void awaitGuard(boolean closed) {
        Awaitility.await("the guard is " + (closed ? "closed" : "open"))
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> guarded() == closed);
        // Systemd, too, knows it when the guard has let go.
        done("flock /run/holdfast-guard.lock true");
    }

    /** Where the installer is, for use inside. */
    static final String INSTALL = "/opt/systemd/install";

    /** A kernel and its initrd. */
    String files(NextKernel next) {
        String boot = "/harness/boot/" + next.release();
        return boot + "/vmlinuz " + boot + "/initrd";
    }

    /** The same with its command line, for kexec. */
    String options(NextKernel next) {
        return files(next).replace(" ", " --initrd=") + " '--append=" + next.commandLine() + "'";
    }

    /** Makes it what a boot loader would boot, and says where that looks. */
    String bootEntry(NextKernel next) {
        String entry = "title next\nlinux /next/vmlinuz\ninitrd /next/initrd\noptions " + next.commandLine() + "\n";
        done("mkdir -p /run/esp/loader/entries /run/esp/next; mount --bind /harness/boot/" + next.release()
                + " /run/esp/next; cat >/run/esp/loader/entries/next.conf <<'CONF'\n" + entry + "CONF");
        return "SYSTEMD_RELAX_ESP_CHECKS=1 SYSTEMD_ESP_PATH=/run/esp";
    }

    /** Has systemd shut down and jump; returns when the next kernel's agent is ready. */
    Boot systemctlKexec() {
        return vm.jump(Departure.class, inRoot("systemctl kexec"));
    }

    /** Asks for a shutdown, which ends the agent. */
    static final class Departure implements GuestTask<String, None> {
        @Override
        public None run(String command, Progress progress) throws IOException, InterruptedException {
            progress.say(Leaving.LAST_WORD);
            Process asked = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            asked.getOutputStream().close();
            String output = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (asked.waitFor() != 0) {
                throw new IOException("refused: " + output);
            }
            Thread.currentThread().join();
            return None.NONE;
        }
    }
}
