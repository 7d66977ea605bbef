// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to debug a VM.
 *
 * @param port where QEMU listens for gdb, on this machine only
 * @param release the kernel that runs
 * @param modules the modules that the test loads, each with the address of its code if it is known, or an empty text
 */
record Debugging(int port, String release, Map<Path, String> modules) {

    private static final List<String> SYMBOLS = List.of("/usr/lib/debug/boot/vmlinux-", "/usr/lib/debug/lib/modules/");

    /** QEMU's arguments for a port that is free now, before a kernel runs. */
    static Debugging atFreePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Debugging(socket.getLocalPort(), "", Map.of());
        } catch (IOException e) {
            throw new HarnessException("no free port for gdb: " + e, e);
        }
    }

    List<String> qemuWords() {
        return List.of("-gdb", "tcp:127.0.0.1:" + port);
    }

    /** The same, for a running kernel. */
    Debugging of(String runningRelease, Map<Path, String> loaded) {
        return new Debugging(port, runningRelease, new LinkedHashMap<>(loaded));
    }

    /** What to tell somebody who is to debug it. */
    List<String> instructions(long pid) {
        List<String> lines = new ArrayList<>();
        StringBuilder gdb = new StringBuilder("    gdb");
        kernelSymbols().ifPresent(file -> gdb.append(' ').append(file));
        gdb.append(" -ex 'target remote 127.0.0.1:").append(port).append("'");
        modules.forEach((file, address) -> {
            if (!address.isEmpty()) {
                gdb.append(" -ex 'add-symbol-file ")
                        .append(file)
                        .append(' ')
                        .append(address)
                        .append("'");
            }
        });
        lines.add(gdb.toString());
        if (!release.isEmpty() && kernelSymbols().isEmpty()) {
            lines.add("    the kernel's own symbols are in the package linux-image-" + release
                    + "-dbg: put its vmlinux behind the word gdb");
        }
        lines.add("    to end it and let the tests go on: 'kill' in gdb, or: kill " + pid);
        return lines;
    }

    private Optional<Path> kernelSymbols() {
        return SYMBOLS.stream()
                .map(place -> Path.of(place + release + (place.endsWith("/") ? "/vmlinux" : "")))
                .filter(file -> !release.isEmpty() && Files.exists(file))
                .findFirst();
    }
}
