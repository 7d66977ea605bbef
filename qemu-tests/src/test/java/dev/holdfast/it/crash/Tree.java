// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.Region;
import dev.holdfast.RegionArea;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Files and directories as they should be, or as they are: by their paths, with all that must persist. Changed by methods. */
final class Tree {

    /** When the content of every file of a known tree was changed last, in seconds since the epoch. */
    static final long LONG_AGO = 1_000_000_000;

    private static final int PAGE = 4096;

    private final TreeMap<String, Node> nodes;
    private boolean features = true;
    private int retired;

    private Tree(Map<String, Node> nodes) {
        this.nodes = new TreeMap<>(nodes);
    }

    /** What is in each region before the operation that is stopped. All of it has returned. */
    static Tree known() {
        Tree tree = new Tree(Map.of());
        tree.put("guest-memory", Node.directory(0700));
        tree.put("state", Node.directory(0700));
        tree.put("inner", Node.directory(0750));
        tree.put("bare", Node.directory(0711));
        tree.put("also-bare", Node.directory(0755));
        tree.put("uneven", Node.file(0640, random(1, 10_000)));
        tree.put("even", Node.file(0600, random(2, 5 * 4096)));
        tree.put("large", Node.file(0644, random(3, 300_000)));
        tree.put("empty", Node.file(0644, new byte[0]));
        tree.put(
                "holey",
                Node.file(0644, random(6, 150_000))
                        .with(50_000, new byte[50_000])
                        .modified(LONG_AGO));
        tree.put("inner/victim", Node.file(0400, random(4, 20_000)));
        tree.put("inner/neighbour", Node.file(0444, random(5, 4_097)));
        return tree;
    }

    /** Bytes that nothing else holds. */
    static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** Reads what is there. */
    static Tree read(Region region) throws IOException {
        Path root = region.mountPoint();
        Tree tree = new Tree(Map.of())
                .features(region.describe().incompat() != 0)
                .retired((int) (retiredBytes(region) / PAGE));
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.filter(path -> !path.equals(root)).toList()) {
                String name = root.relativize(path).toString();
                Node node = Node.read(path);
                tree.put(name, node.directory ? node.limit(region.limits(name).bytes()) : node);
            }
        }
        return tree;
    }

    /** How much of the data area is retired and in no file, in bytes. */
    static long retiredBytes(Region region) {
        return region.layout().of(RegionArea.Kind.RETIRED).stream()
                .mapToLong(RegionArea::length)
                .sum();
    }

    /** Says how many pages are retired. */
    Tree retired(int pages) {
        retired = pages;
        return this;
    }

    /** Whether the region uses the features that the module knows. */
    boolean features() {
        return features;
    }

    /** Says whether the region uses the features that the module knows. */
    Tree features(boolean used) {
        features = used;
        return this;
    }

    /** Makes all of it below a directory in which there is nothing but what the library makes itself. */
    void build(Path root) throws IOException {
        for (var entry : nodes.entrySet()) {
            entry.getValue().write(root.resolve(entry.getKey()));
        }
    }

    /** The same, to be changed by itself. */
    Tree copy() {
        return new Tree(nodes).features(features).retired(retired);
    }

    /** How many files and directories. */
    int count() {
        return nodes.size();
    }

    /** Adds or replaces. */
    void put(String path, Node node) {
        nodes.put(path, node);
    }

    /** Removes what must be there, and returns it. */
    Node take(String path) {
        return Objects.requireNonNull(nodes.remove(path), path);
    }

    /** Changes what must be there. */
    void change(String path, UnaryOperator<Node> change) {
        put(path, change.apply(take(path)));
    }

    /** The first difference of this, which is there, from what should be there; empty if there is none. */
    Optional<String> differenceFrom(Tree expected) {
        if (features != expected.features) {
            return Optional.of("the region has " + (features ? "features" : "no features"));
        }
        if (retired != expected.retired) {
            return Optional.of(retired + " pages are retired");
        }
        for (var entry : expected.nodes.entrySet()) {
            Node node = nodes.get(entry.getKey());
            if (node == null) {
                return Optional.of(entry.getKey() + " is missing");
            }
            Optional<String> difference = node.differenceFrom(entry.getValue());
            if (difference.isPresent()) {
                return Optional.of(entry.getKey() + difference.get());
            }
        }
        return nodes.keySet().stream()
                .filter(path -> !expected.nodes.containsKey(path))
                .findFirst()
                .map(path -> path + " should not be there");
    }

    /** A file or a directory. */
    static final class Node {

        private static final long ANY_TIME = -1;

        /** What is written at a time; where a part of this size is all zeros, a file has a hole. */
        private static final int PART = 50_000;

        private final boolean directory;
        private final int mode;
        private final int owner;
        private final int group;
        private final long modified;
        private final long limit;
        private final byte[] content;

        private Node(boolean directory, int mode, int owner, int group, long modified, long limit, byte[] content) {
            this.directory = directory;
            this.mode = mode;
            this.owner = owner;
            this.group = group;
            this.modified = modified;
            this.limit = limit;
            this.content = content;
        }

        static Node directory(int mode) {
            return new Node(true, mode, 0, 0, ANY_TIME, 0, new byte[0]);
        }

        static Node file(int mode, byte[] content) {
            return new Node(false, mode, 0, 0, LONG_AGO, 0, content);
        }

        /** The same with other permissions. */
        Node mode(int other) {
            return new Node(directory, other, owner, group, modified, limit, content);
        }

        /** The same with another owner. */
        Node owner(int other) {
            return new Node(directory, mode, other, group, modified, limit, content);
        }

        /** The same with a limit of what may be below, in bytes. */
        Node limit(long bytes) {
            return new Node(directory, mode, owner, group, modified, bytes, content);
        }

        /** The same, changed at a time that is known, in seconds since the epoch. */
        Node modified(long seconds) {
            return new Node(directory, mode, owner, group, seconds, limit, content);
        }

        /** The same, changed at a time that no model knows. */
        Node modifiedNow() {
            return modified(ANY_TIME);
        }

        /** The same with other content, changed at a time that no model knows. */
        Node content(byte[] other) {
            return new Node(directory, mode, owner, group, ANY_TIME, limit, other);
        }

        /** The same cut off, or with zeros behind it. */
        Node size(int size) {
            return content(Arrays.copyOf(content, size));
        }

        /** The same with other bytes in a part of it; what is between its end and the part is zeros. */
        Node with(int position, byte[] part) {
            byte[] changed = Arrays.copyOf(content, Math.max(content.length, position + part.length));
            System.arraycopy(part, 0, changed, position, part.length);
            return content(changed);
        }

        /** The same without a part, the rest moved up. */
        Node without(int position, int length) {
            byte[] changed = Arrays.copyOf(content, content.length - length);
            System.arraycopy(content, position + length, changed, position, changed.length - position);
            return content(changed);
        }

        /** The same with zeros put into it, the rest moved down. */
        Node inserted(int position, int length) {
            byte[] changed = new byte[content.length + length];
            System.arraycopy(content, 0, changed, 0, position);
            System.arraycopy(content, position, changed, position + length, content.length - position);
            return content(changed);
        }

        private static Node read(Path path) throws IOException {
            boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
            return new Node(
                    directory,
                    attribute(path, "mode") & 07777,
                    attribute(path, "uid"),
                    attribute(path, "gid"),
                    Files.getLastModifiedTime(path).toInstant().getEpochSecond(),
                    0,
                    directory ? new byte[0] : Files.readAllBytes(path));
        }

        private static int attribute(Path path, String name) throws IOException {
            return (Integer)
                    Objects.requireNonNull(Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS));
        }

        private void write(Path path) throws IOException {
            if (!directory) {
                writeContent(path);
            } else if (!Files.exists(path)) {
                Files.createDirectory(path);
            }
            Files.setAttribute(path, "unix:mode", mode);
            if (modified != ANY_TIME) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(modified)));
            }
        }

        private void writeContent(Path path) throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(0);
                for (int at = 0; at < content.length; at += PART) {
                    byte[] part = Arrays.copyOfRange(content, at, Math.min(content.length, at + PART));
                    if (!Arrays.equals(part, new byte[part.length])) {
                        file.seek(at);
                        file.write(part);
                    }
                }
            }
        }

        private Optional<String> differenceFrom(Node expected) {
            if (directory != expected.directory) {
                return Optional.of(directory ? " is a directory" : " is a file");
            }
            if (mode != expected.mode || owner != expected.owner || group != expected.group) {
                return Optional.of(String.format(
                        " has mode %o of %d:%d instead of %o of %d:%d",
                        mode, owner, group, expected.mode, expected.owner, expected.group));
            }
            if (limit != expected.limit) {
                return Optional.of(" is limited to " + limit + " bytes instead of " + expected.limit);
            }
            int different = Arrays.mismatch(content, expected.content);
            if (different >= 0) {
                return Optional.of(String.format(
                        " of %d bytes instead of %d differs from byte %d on",
                        content.length, expected.content.length, different));
            }
            if (expected.modified != ANY_TIME && modified != expected.modified) {
                return Optional.of(" was modified at " + modified + " instead of " + expected.modified);
            }
            return Optional.empty();
        }
    }
}
