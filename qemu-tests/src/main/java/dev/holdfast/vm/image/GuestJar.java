// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The classes that run in the VM, gathered into one jar. Same classes, same bytes. */
final class GuestJar {

    private static final long SOME_TIME = 1_700_000_000_000L;

    private final SortedMap<String, byte[]> entries = new TreeMap<>();

    /** Adds from the jar or directory that a class was loaded from, what {@code wanted} says of the entry's name. */
    GuestJar addFrom(Class<?> anchor, Predicate<String> wanted) {
        Path source = source(anchor);
        try {
            if (Files.isDirectory(source)) {
                collect(source, wanted);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(source)) {
                    collect(jar.getPath("/"), wanted);
                }
            }
        } catch (IOException e) {
            throw new HarnessException("cannot read " + source, e);
        }
        return this;
    }

    /** Adds a file of its own. */
    GuestJar add(String name, String content) {
        entries.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** One file of the jar or directory that a class was loaded from. */
    static byte[] resource(Class<?> anchor, String name) {
        GuestJar one = new GuestJar().addFrom(anchor, name::equals);
        byte[] content = one.entries.get(name);
        if (content == null) {
            throw new HarnessException("no " + name + " in " + source(anchor));
        }
        return content;
    }

    /** The jar or directory that a class was loaded from. */
    static Path source(Class<?> anchor) {
        CodeSource source = anchor.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void collect(Path root, Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString();
                if (wanted.test(name)) {
                    entries.put(name, Files.readAllBytes(file));
                }
            }
        }
    }

    ContentHash addTo(ContentHash hash) {
        entries.forEach((name, content) -> {
            CRC32 crc = new CRC32();
            crc.update(content);
            hash.add(name).add(Long.toHexString(crc.getValue())).add(Integer.toString(content.length));
        });
        return hash;
    }

    void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (var each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                CRC32 crc = new CRC32();
                crc.update(each.getValue());
                entry.setCrc(crc.getValue());
                entry.setSize(each.getValue().length);
                entry.setTime(SOME_TIME);
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
    }
}
