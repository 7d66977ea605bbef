// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.FormatOptions;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One of many small regions.
 *
 * @param range where it lies
 */
record Plot(PhysicalRange range) {

    /** The smallest region, in bytes. */
    private static final long SIZE = 128L << 20;

    private static final int CANARY_BYTES = 2 << 20;
    private static final byte CANARY = (byte) 0xc5;

    /** Cuts a range into the smallest regions. */
    static List<Plot> in(PhysicalRange all) {
        return LongStream.range(0, all.size() / SIZE)
                .mapToObj(index -> new Plot(new PhysicalRange(all.base() + index * SIZE, SIZE)))
                .toList();
    }

    /** Where it is mounted. */
    Path root() {
        return Path.of("/mnt/plot-" + Long.toHexString(range.base()));
    }

    /** Mounts it. */
    Region mount() throws IOException {
        Files.createDirectories(root());
        Region region = Region.mount(range, root());
        keepAccessTimes();
        return region;
    }

    /** Whether a look at a directory is a commit depends on the clock; an operation shall have the same steps every time. */
    private void keepAccessTimes() throws IOException {
        Process mount = new ProcessBuilder("mount", "-o", "remount,bind,noatime", root().toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (mount.onExit().join().exitValue() != 0) {
            throw new IOException(output);
        }
    }

    /** Formats it as the tree says, fills it with a tree in memory where a canary was before, and leaves it mounted. */
    Region prepare(Tree known) throws IOException {
        FormatOptions options = FormatOptions.defaults().overwriting();
        Region.format(range, known.features() ? options : options.forOldModules());
        Region region = mount();
        byte[] canary = new byte[CANARY_BYTES];
        Arrays.fill(canary, CANARY);
        Files.write(root().resolve("canary"), canary);
        Files.delete(root().resolve("canary"));
        known.build(root());
        return region;
    }
}
