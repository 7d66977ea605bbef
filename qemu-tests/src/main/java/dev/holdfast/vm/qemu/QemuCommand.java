// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * QEMU's command line for a VM.
 *
 * @param binary QEMU
 * @param accelerator how the processor is run
 * @param memory the memory
 * @param processors number of processors
 * @param kernel kernel image
 * @param initrd initial RAM file system
 * @param commandLine the kernel's command line
 * @param drives read-only drives, /dev/vda first
 * @param more more words
 */
public record QemuCommand(
        String binary,
        Accelerator accelerator,
        MemoryLayout memory,
        int processors,
        Path kernel,
        Path initrd,
        String commandLine,
        List<Path> drives,
        List<String> more) {

    /** With the console on standard output, the channel and the machine protocol on sockets that somebody listens on. */
    List<String> words(Path channelSocket, Path protocolSocket, Path pidFile) {
        List<String> words = new ArrayList<>(machine());
        words.addAll(List.of("-pidfile", pidFile.toString()));
        words.addAll(List.of("-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"));
        words.addAll(
                List.of("-chardev", "socket,id=channel,path=" + escape(channelSocket), "-serial", "chardev:channel"));
        words.addAll(List.of(
                "-chardev", "socket,id=qmp,path=" + escape(protocolSocket), "-mon", "chardev=qmp,mode=control"));
        return words;
    }

    /** A shell script that runs the same VM by itself, with the console on the terminal (Ctrl-A X ends it). */
    public String script() {
        List<String> words = new ArrayList<>(machine());
        words.addAll(List.of("-serial", "mon:stdio", "-serial", "null"));
        StringBuilder script =
                new StringBuilder("#!/bin/sh\n# Runs the VM of the test by itself; Ctrl-A X ends it.\nexec");
        words.forEach(
                word -> script.append(word.startsWith("-") ? " \\\n\t" : " ").append(quote(word)));
        return script.append('\n').toString();
    }

    /** The same with its files linked or copied into a directory, which is made. */
    public QemuCommand withFilesIn(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> kept = new ArrayList<>();
        for (Path drive : drives) {
            kept.add(keep(drive, directory));
        }
        return new QemuCommand(
                binary,
                accelerator,
                memory,
                processors,
                keep(kernel, directory),
                keep(initrd, directory),
                commandLine,
                kept,
                more);
    }

    private static Path keep(Path file, Path directory) throws IOException {
        Path kept = directory.resolve(file.getFileName());
        Files.deleteIfExists(kept);
        try {
            return Files.createLink(kept, file);
        } catch (FileSystemException | UnsupportedOperationException e) {
            return Files.copy(file, kept); // another file system
        }
    }

    private List<String> machine() {
        List<String> words = new ArrayList<>(List.of(binary));
        words.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
        words.addAll(List.of(
                "-machine",
                "q35,max-ram-below-4g=" + memory.below()
                        + (memory.secondNode().isPresent() ? "" : ",memory-backend=ram")));
        words.addAll(accelerator.arguments());
        words.addAll(List.of("-smp", Integer.toString(processors), "-m", memory.total() / (1 << 20) + "M"));
        words.addAll(memory("ram", memory.onFirstNode()));
        if (memory.secondNode().isPresent()) {
            words.addAll(memory("second", memory.total() - memory.onFirstNode()));
            words.addAll(List.of("-numa", "node,nodeid=0,memdev=ram,cpus=0-" + (processors - 1)));
            words.addAll(List.of("-numa", "node,nodeid=1,memdev=second"));
        }
        words.addAll(List.of("-kernel", kernel.toString(), "-initrd", initrd.toString(), "-append", commandLine));
        for (Path drive : drives) {
            words.addAll(List.of("-drive", "if=virtio,format=raw,readonly=on,file=" + escape(drive)));
        }
        words.addAll(more);
        return words;
    }

    private static List<String> memory(String id, long bytes) {
        return List.of("-object", String.format(Locale.ROOT, "memory-backend-memfd,id=%s,size=%d,share=on", id, bytes));
    }

    /** QEMU takes a comma for the end of a value unless it is doubled. */
    private static String escape(Path path) {
        return path.toString().replace(",", ",,");
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_./,:=+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
