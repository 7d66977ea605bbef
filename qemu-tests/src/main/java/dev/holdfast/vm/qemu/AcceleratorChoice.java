// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.Deadlines;
import dev.holdfast.vm.HarnessException;
import dev.holdfast.vm.Report;
import dev.holdfast.vm.image.BootImage;
import dev.holdfast.vm.image.Cache;
import dev.holdfast.vm.image.ContentHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Chooses between KVM and TCG. That KVM is present does not say that it works, least of all inside another VM; so a kernel is
 * really booted with it, once for each boot of the host, and what came of it is remembered in the cache.
 *
 * @param binary QEMU
 * @param cache where the answer is remembered
 * @param deadlines how long a boot may take
 * @param report where a probe is told
 * @param device KVM's device
 */
public record AcceleratorChoice(String binary, Path cache, Deadlines deadlines, Report report, Path device) {

    private static final Duration PROBE = Duration.ofSeconds(10);

    /** A choice for this machine. */
    public AcceleratorChoice(String binary, Path cache, Deadlines deadlines, Report report) {
        this(binary, cache, deadlines, report, Path.of("/dev/kvm"));
    }

    /** What {@code wanted} (auto, kvm or tcg) comes to; the kernel is what a probe boots. */
    public Accelerator choose(String wanted, BootImage image) {
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "tcg" -> new Accelerator(Accelerator.Kind.TCG, "HOLDFAST_ACCEL=tcg");
            case "kvm" -> new Accelerator(Accelerator.Kind.KVM, "HOLDFAST_ACCEL=kvm");
            case "", "auto" -> auto(image);
            default -> throw new HarnessException("HOLDFAST_ACCEL is '" + wanted + "'; it can be auto, kvm or tcg");
        };
    }

    private Accelerator auto(BootImage image) {
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            String why = Files.exists(device) ? "no permission for " + device : "there is no " + device;
            return new Accelerator(Accelerator.Kind.TCG, why);
        }
        try {
            Path answer = new Cache(cache).entry("accelerator", key(image), directory -> {
                report.say("trying KVM by booting a kernel with it");
                Files.writeString(directory.resolve("problem"), probe(image));
            });
            String problem = Files.readString(answer.resolve("problem"));
            return problem.isEmpty()
                    ? new Accelerator(Accelerator.Kind.KVM, "a kernel booted with it")
                    : new Accelerator(Accelerator.Kind.TCG, problem);
        } catch (IOException e) {
            throw new HarnessException("cannot try KVM: " + e, e);
        }
    }

    private String key(BootImage image) throws IOException {
        return new ContentHash("accelerator 3")
                .add(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")))
                .add(String.join("\n", Command.of(binary, "--version").run()))
                .add(System.getProperty("user.name"))
                .add(image.kernel())
                .name();
    }

    /** What is wrong with KVM; empty if nothing. */
    private String probe(BootImage image) throws IOException {
        MemoryLayout memory = new MemoryLayout(MemoryLayout.GIB, 0);
        Accelerator kvm = new Accelerator(Accelerator.Kind.KVM, "probe");
        QemuCommand command = new QemuCommand(
                binary, kvm, memory, 1, image.kernel(), image.initrd(), "console=ttyS0 panic=-1", List.of(), List.of());
        Path errors = Files.createTempFile("holdfast-kvm-", ".err");
        try (QemuProcess qemu = QemuProcess.start(command, errors)) {
            CompletableFuture<Boolean> booted = CompletableFuture.supplyAsync(() -> reachesInit(qemu));
            return booted.get(deadlines.scaled(PROBE).toMillis(), TimeUnit.MILLISECONDS)
                    ? ""
                    : "KVM is there, but QEMU ended before a kernel reached init" + firstLine(errors);
        } catch (TimeoutException e) {
            return "KVM is there, but no kernel reached init with it in " + PROBE.toSeconds() + " s";
        } catch (HarnessException e) {
            return "QEMU does not start with KVM" + firstLine(errors);
        } catch (ExecutionException e) {
            throw new HarnessException("cannot follow the probe of KVM", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HarnessException("interrupted", e);
        } finally {
            Files.delete(errors);
        }
    }

    /** What QEMU said first, to be put behind what is wrong. */
    private static String firstLine(Path errors) throws IOException {
        return Files.readString(errors)
                .lines()
                .findFirst()
                .map(line -> ": " + line.strip())
                .orElse("");
    }

    private static boolean reachesInit(QemuProcess qemu) {
        try (BufferedReader console =
                new BufferedReader(new InputStreamReader(qemu.console(), StandardCharsets.ISO_8859_1))) {
            for (String line = console.readLine(); line != null; line = console.readLine()) {
                if (line.contains("Run /init as init process")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
