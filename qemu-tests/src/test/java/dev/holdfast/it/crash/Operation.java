// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import dev.holdfast.it.crash.Tree.Node;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Kinds of operation that are stopped, each by what it does to a {@linkplain Tree#known known tree} and what a model says that
 * it does. If it is stopped, either nothing of it has happened or all of it, but for the time of change of a file.
 */
enum Operation {
    CREATE(root -> Files.createFile(root.resolve("new")), tree -> tree.put("new", fresh())),
    MAKE_DIRECTORY(
            root -> Files.createDirectory(root.resolve("inner/new")),
            tree -> tree.put("inner/new", Node.directory(0755))),
    WRITE(
            "empty",
            root -> writeAt(root.resolve("empty"), 0, 50_000),
            tree -> tree.change("empty", file -> part(file, 0, 50_000))),
    APPEND(
            "uneven",
            root -> writeAt(root.resolve("uneven"), 10_000, 30_000),
            tree -> tree.change("uneven", file -> part(file, 10_000, 30_000))),
    WRITE_BEYOND_THE_END(
            "uneven",
            root -> writeAt(root.resolve("uneven"), 50_001, 7_000),
            tree -> tree.change("uneven", file -> part(file, 50_001, 7_000))),
    OVERWRITE(
            "large",
            root -> writeAt(root.resolve("large"), 100_003, 20_000),
            tree -> tree.change("large", file -> part(file, 100_003, 20_000))),
    EXTEND(root -> resize(root.resolve("uneven"), 70_001), tree -> tree.change("uneven", file -> file.size(70_001))),
    SHORTEN(root -> resize(root.resolve("large"), 100_001), tree -> tree.change("large", file -> file.size(100_001))),
    TRUNCATE(root -> resize(root.resolve("even"), 0), tree -> tree.change("even", file -> file.size(0))),
    ALLOCATE(
            "even",
            root -> Allocating.allocate(root.resolve("even"), Allocating.GROW, 0, 200_000),
            tree -> tree.change("even", file -> file.size(200_000))),
    ALLOCATE_BEYOND_THE_END(
            root -> Allocating.allocate(root.resolve("even"), Allocating.KEEP_SIZE, 0, 200_000),
            tree -> tree.change("even", Node::modifiedNow)),
    FILL_A_HOLE(
            "holey",
            root -> writeAt(root.resolve("holey"), 60_000, 20_000),
            tree -> tree.change("holey", file -> part(file, 60_000, 20_000))),
    PUNCH(
            "large",
            root -> Allocating.allocate(root.resolve("large"), Allocating.PUNCH_HOLE, 8192, 40_960),
            tree -> tree.change("large", file -> file.with(8192, new byte[40_960]))),
    ZERO(
            "large",
            root -> Allocating.allocate(root.resolve("large"), Allocating.ZERO, 8192, 40_960),
            tree -> tree.change("large", file -> file.with(8192, new byte[40_960]))),
    COLLAPSE(
            "large",
            root -> Allocating.allocate(root.resolve("large"), Allocating.COLLAPSE, 8192, 40_960),
            tree -> tree.change("large", file -> file.without(8192, 40_960))),
    INSERT(
            "large",
            root -> Allocating.allocate(root.resolve("large"), Allocating.INSERT, 8192, 40_960),
            tree -> tree.change("large", file -> file.inserted(8192, 40_960))),
    RENAME(root -> move(root, "uneven", "renamed"), tree -> tree.put("renamed", tree.take("uneven"))),
    MOVE(root -> move(root, "inner/victim", "moved"), tree -> tree.put("moved", tree.take("inner/victim"))),
    REPLACE(root -> move(root, "uneven", "inner/victim"), tree -> tree.put("inner/victim", tree.take("uneven"))),
    REPLACE_DIRECTORY(root -> move(root, "bare", "also-bare"), tree -> tree.put("also-bare", tree.take("bare"))),
    UNLINK(root -> Files.delete(root.resolve("large")), tree -> tree.take("large")),
    REMOVE_DIRECTORY(root -> Files.delete(root.resolve("bare")), tree -> tree.take("bare")),
    CHANGE_MODE(
            root -> Files.setAttribute(root.resolve("even"), "unix:mode", 04751),
            tree -> tree.change("even", file -> file.mode(04751))),
    CHANGE_OWNER(
            root -> Files.setAttribute(root.resolve("even"), "unix:uid", 4711),
            tree -> tree.change("even", file -> file.owner(4711))),
    SET_TIME(
            root -> Files.setLastModifiedTime(root.resolve("even"), FileTime.from(Instant.ofEpochSecond(77))),
            tree -> tree.change("even", file -> file.modified(77))),
    LIMIT(root -> limit(root, "inner", 1 << 20), tree -> tree.change("inner", directory -> directory.limit(1 << 20))),
    RETIRE(Operation::retire, tree -> tree.retired(1)),
    UPGRADE(Operation::upgrade, tree -> tree.features(true)) {
        @Override
        Tree before() {
            return super.before().features(false);
        }
    };

    private final String timedAhead;
    private final Deed deed;
    private final Consumer<Tree> effect;

    Operation(Deed deed, Consumer<Tree> effect) {
        this("", deed, effect);
    }

    /** The time of change of {@code timedAhead} is stored before the content, as other file systems do too. */
    Operation(String timedAhead, Deed deed, Consumer<Tree> effect) {
        this.timedAhead = timedAhead;
        this.deed = deed;
        this.effect = effect;
    }

    /** What is there before it. All of it has returned. */
    Tree before() {
        return Tree.known();
    }

    /** Does it. */
    void run(Path root) throws IOException {
        deed.run(root);
    }

    /** What may be there before it has happened, apart from what was there. */
    Tree begun(Tree before) {
        Tree begun = before.copy();
        if (!timedAhead.isEmpty()) {
            begun.change(timedAhead, Node::modifiedNow);
        }
        return begun;
    }

    /** What is there afterwards. */
    Tree after(Tree before) {
        Tree after = before.copy();
        effect.accept(after);
        return after;
    }

    private static Node fresh() {
        return Node.file(0644, new byte[0]).modifiedNow();
    }

    private static byte[] written(int position, int length) {
        return Tree.random(position + 1000L, length);
    }

    private static Node part(Node file, int position, int length) {
        return file.with(position, written(position, length));
    }

    private static void writeAt(Path file, int position, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(written(position, length)), position);
        }
    }

    private static void resize(Path file, int size) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
        }
    }

    private static void move(Path root, String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void limit(Path root, String directory, long bytes) {
        try (Region region = Region.open(root)) {
            region.limit(directory, bytes, 0);
        }
    }

    /** A page in the middle of a file, whose content moves. */
    private static void retire(Path root) throws IOException {
        try (Region region = Region.open(root)) {
            RegionArea content = region.layout().of(RegionArea.Kind.CONTENT).stream()
                    .filter(area -> area.owner().equals("large"))
                    .findFirst()
                    .orElseThrow();
            region.retire(content.physicalAddress() + 2 * 4096);
        }
    }

    private static void upgrade(Path root) {
        try (Region region = Region.open(root)) {
            region.upgrade();
        }
    }

    /** What a program does. */
    @FunctionalInterface
    private interface Deed {
        void run(Path root) throws IOException;
    }
}
