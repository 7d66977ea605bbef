// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Asks a debug kernel what its checkers have found and not said, and whether they still look: after its first report lockdep
 * switches itself off, and out of memory so does kmemleak; silence means something only while they are at work.
 */
public final class Inspecting implements GuestTask<None, Inspecting.Findings> {

    private static final Path DEBUGFS = Path.of("/sys/kernel/debug");
    private static final Path KMEMLEAK = DEBUGFS.resolve("kmemleak");

    /** kmemleak does not call an object lost that is younger than this, in milliseconds of the kernel's clock. */
    private static final long YOUNGEST = 5_000;

    private static final Pattern WATCHING = Pattern.compile("(?m)^ *debug_locks: +1$");

    /** A frame of a module, or of one that is unloaded by now. All that this kernel brings along is built in. */
    private static final Pattern MODULE_FRAME =
            Pattern.compile("(?m)^ .*(\\[[a-z0-9_]+\\]|0xffffffff[a-f][0-9a-f]{7})$");

    private static final List<Taint> TAINTS = List.of(
            new Taint(5, "a page was bad"),
            new Taint(7, "there was an oops"),
            new Taint(9, "there was a warning"),
            new Taint(14, "there was a soft lockup"));

    private record Taint(int bit, String meaning) {}

    /**
     * What is wrong.
     *
     * @param complaints one of several lines for each; none if all is well
     */
    public record Findings(List<String> complaints) {}

    @Override
    public Findings run(None none, Progress progress) throws IOException, InterruptedException {
        List<String> complaints = new ArrayList<>();
        if (!WATCHING.matcher(Files.readString(Path.of("/proc/lockdep_stats"))).find()) {
            complaints.add("lockdep has switched itself off");
        }
        long taint = Long.parseLong(
                Files.readString(Path.of("/proc/sys/kernel/tainted")).strip());
        for (Taint each : TAINTS) {
            if ((taint >> each.bit() & 1) == 1) {
                complaints.add("the kernel is tainted: " + each.meaning());
            }
        }
        complaints.addAll(leaks());
        return new Findings(complaints);
    }

    private static List<String> leaks() throws IOException, InterruptedException {
        if (!Files.exists(KMEMLEAK)) {
            Process mount = new ProcessBuilder("/bin/mount", "-t", "debugfs", "none", DEBUGFS.toString()).start();
            if (mount.waitFor() != 0) {
                throw new IOException("cannot mount debugfs");
            }
        }
        long start = uptime();
        try {
            scan();
            while (uptime() <= start + YOUNGEST) {
                Thread.sleep(100);
            }
            // An object is lost that two scans found unreachable and unchanged.
            scan();
        } catch (IOException e) {
            return List.of("kmemleak has switched itself off: " + e.getMessage());
        }
        return lost(new String(Files.readAllBytes(KMEMLEAK), StandardCharsets.ISO_8859_1));
    }

    private static void scan() throws IOException {
        Files.writeString(KMEMLEAK, "scan");
    }

    private static long uptime() throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        return Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000);
    }

    /** The reports of objects that a module has lost. */
    static List<String> lost(String reports) {
        return Arrays.stream(reports.split("(?m)^(?=unreferenced object )", -1))
                .filter(report -> MODULE_FRAME.matcher(report).find())
                .map(report -> "memory leak: " + report.strip())
                .toList();
    }
}
