// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.KexecCommandLine;
import dev.holdfast.PhysicalRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at what a host says of itself in /proc, /sys and /dev. Changes nothing.
 *
 * @param root where these folders are
 */
record Doctor(Path root) {
    private static final Pattern CHOSEN = Pattern.compile("\\[(\\w+)]");

    List<Check> examine() {
        return List.of(reservation(), kaslr(), module(), kexec(), lockdown(), secureBoot(), guard(), kvm(), pages());
    }

    private List<PhysicalRange> reserved() {
        return new KexecCommandLine(read("proc/cmdline").orElse("")).reservations();
    }

    private Check reservation() {
        List<PhysicalRange> reserved = reserved();
        if (reserved.isEmpty()) {
            return Check.fail(
                    "reservation",
                    "the kernel command line reserves no memory",
                    "add memmap=SIZE$BASE to it and boot again: README, A region");
        }
        return Check.ok(
                "reservation", reserved.stream().map(PhysicalRange::memmap).collect(Collectors.joining(" ")));
    }

    private Check kaslr() {
        int ranges = reserved().size();
        return ranges > KexecCommandLine.MOST_RANGES_WITH_KASLR
                ? Check.warn(
                        "kaslr",
                        ranges + " memmap= ranges: the kernel is not placed at random with more than "
                                + KexecCommandLine.MOST_RANGES_WITH_KASLR,
                        "reserve fewer and larger ranges")
                : Check.ok(
                        "kaslr", ranges + " of at most " + KexecCommandLine.MOST_RANGES_WITH_KASLR + " memmap= ranges");
    }

    private Check module() {
        boolean known = read("proc/filesystems").orElse("").lines().anyMatch(line -> line.endsWith("\tholdfast"));
        return known
                ? Check.ok("module", "holdfast is loaded")
                : Check.fail(
                        "module",
                        "the running kernel has no holdfast module",
                        "render, build and load it: README, A module for your own kernel");
    }

    private Check kexec() {
        if (read("sys/kernel/kexec_loaded").isEmpty()) {
            return Check.fail("kexec", "the running kernel has no kexec", "boot one with CONFIG_KEXEC_FILE");
        }
        return read("proc/sys/kernel/kexec_load_disabled").orElse("0").equals("1")
                ? Check.fail(
                        "kexec",
                        "kernel.kexec_load_disabled is 1 until the next boot",
                        "take it out of sysctl.conf and boot again")
                : Check.ok("kexec", "allowed");
    }

    private Check lockdown() {
        String modes = read("sys/kernel/security/lockdown").orElse("[none]");
        Matcher chosen = CHOSEN.matcher(modes);
        String mode = chosen.find() ? chosen.group(1) : "none";
        return mode.equals("none")
                ? Check.ok("lockdown", "none")
                : Check.warn(
                        "lockdown",
                        "the kernel is locked down (" + mode
                                + "): module and next kernel must be signed by a key it trusts",
                        "sign holdfast.ko, and jump into signed kernels only");
    }

    private Check secureBoot() {
        return efiVariable("SecureBoot")
                ? Check.warn(
                        "secure boot",
                        "on: modules must be signed by a key that the firmware or the machine owner trusts",
                        "enrol a key with mokutil and sign holdfast.ko with it")
                : Check.ok("secure boot", "off");
    }

    /** Whether a variable of the firmware is set: four bytes of attributes, one of value. */
    private boolean efiVariable(String name) {
        Path folder = root.resolve("sys/firmware/efi/efivars");
        try (Stream<Path> variables = Files.list(folder)) {
            Optional<Path> file = variables
                    .filter(path -> path.getFileName().toString().startsWith(name + "-"))
                    .findFirst();
            if (file.isEmpty()) {
                return false;
            }
            byte[] value = Files.readAllBytes(file.get());
            return value.length > 0 && value[value.length - 1] == 1;
        } catch (NoSuchFileException | NotDirectoryException e) {
            // No EFI, and no Secure Boot.
            return false;
        } catch (IOException e) {
            throw new CommandFailure("cannot read the variables of the firmware: " + e.getMessage() + "; run as root");
        }
    }

    private Check guard() {
        if (!Files.isDirectory(root.resolve("run/systemd/system"))) {
            return Check.ok("guard", "systemd does not run here");
        }
        return Files.exists(root.resolve(Guard.SCRIPT.substring(1)))
                ? Check.ok("guard", "systemd refuses a kexec that would lose a region")
                : Check.warn(
                        "guard",
                        "systemctl kexec does not know of regions and may lose one",
                        "run systemd/install: systemd/README.md");
    }

    private Check kvm() {
        return Files.exists(root.resolve("dev/kvm"))
                ? Check.ok("kvm", "there is /dev/kvm")
                : Check.warn(
                        "kvm",
                        "there is no /dev/kvm",
                        "load kvm_intel or kvm_amd, and switch virtualisation on in the firmware");
    }

    private Check pages() {
        boolean huge = read("proc/cpuinfo")
                .orElse("")
                .lines()
                .anyMatch(line -> line.startsWith("flags") && line.contains(" pdpe1gb"));
        return huge
                ? Check.ok(
                        "pages",
                        "the processor has pages of 4 KiB, 2 MiB and 1 GiB; docs/mappings.md says what the kernel maps")
                : Check.warn(
                        "pages", "the processor has no pages of 1 GiB", "none is needed for pages of 4 KiB and 2 MiB");
    }

    /** A short text; empty where there is no such file. */
    private Optional<String> read(String path) {
        try {
            return Optional.of(new String(Files.readAllBytes(root.resolve(path)), StandardCharsets.UTF_8).strip());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure("cannot read /" + path + ": " + e.getMessage() + "; run as root");
        }
    }
}
