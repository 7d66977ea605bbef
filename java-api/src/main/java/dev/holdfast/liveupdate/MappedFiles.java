// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import dev.holdfast.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which processes have files of regions in their memory: nobody stops one that does not take part, and what it has in private pages is
 * in no region.
 *
 * @param proc where the kernel tells of its processes, /proc
 * @param own the process that takes part
 */
record MappedFiles(Path proc, long own) {
    /** Of a line of mountinfo: the device, and behind the dash the type. Fields: proc_pid_mountinfo(5). */
    private static final Pattern MOUNT = Pattern.compile("\\d+ \\d+ (\\d+):(\\d+) .* - holdfast .*");

    /** Of a line of maps: addresses, permissions, offset, device, inode, file. Fields: proc_pid_maps(5). */
    private static final Pattern MAPPING =
            Pattern.compile("\\S+ (?<mode>\\S{4}) \\S+ (?<device>[0-9a-f]+:[0-9a-f]+) \\d+ *(?<file>.*)");

    static MappedFiles now() {
        return new MappedFiles(Path.of("/proc"), ProcessHandle.current().pid());
    }

    List<Finding> findings() {
        try {
            Set<String> devices = devices();
            List<Finding> findings = new ArrayList<>();
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
                for (Path process : processes) {
                    mappings(process)
                            .filter(mapping -> devices.contains(mapping.group("device")))
                            .flatMap(mapping -> judge(process, mapping.group("mode"), mapping.group("file")).stream())
                            .distinct()
                            .forEach(findings::add);
                }
            }
            return findings;
        } catch (IOException e) {
            throw new LiveUpdateException(
                    "cannot find out who has regions in its memory: " + Stepper.why(e) + "; run as root", e);
        }
    }

    /** The devices of mounted regions, as maps writes them. */
    private Set<String> devices() throws IOException {
        return text(proc.resolve("self/mountinfo"))
                .lines()
                .map(MOUNT::matcher)
                .filter(Matcher::matches)
                .map(mount ->
                        String.format("%02x:%02x", Integer.parseInt(mount.group(1)), Integer.parseInt(mount.group(2))))
                .collect(Collectors.toSet());
    }

    /** None of a process that has ended meanwhile. */
    private static Stream<Matcher> mappings(Path process) throws IOException {
        String maps;
        try {
            maps = text(process.resolve("maps"));
        } catch (IOException e) {
            if (!Files.exists(process)) {
                return Stream.empty();
            }
            throw e;
        }
        return maps.lines().map(MAPPING::matcher).filter(Matcher::matches);
    }

    private Optional<Finding> judge(Path process, String mode, String file) {
        if (!mode.contains("w")) {
            return Optional.empty();
        }
        boolean ours = process.getFileName().toString().equals(Long.toString(own));
        String who = ours ? "this process" : "process " + process.getFileName() + " (" + name(process) + ")";
        if (mode.endsWith("p")) {
            return Optional.of(new Finding(
                    Finding.Kind.PRIVATE_MAPPING,
                    true,
                    who + " has private pages over " + file + ", which are in no region",
                    "map it shared, or unmap it"));
        }
        return ours
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Kind.NOT_QUIESCED,
                        true,
                        who + " can write to " + file + " and does not take part",
                        "stop it first, or accept NOT_QUIESCED if somebody else does"));
    }

    private static String name(Path process) {
        try {
            return text(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "it has just ended";
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
