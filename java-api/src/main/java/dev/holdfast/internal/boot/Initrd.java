// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;

/**
 * An initial RAM file system, read as the kernel unpacks it: cpio archives one after the other with zeros between, such as the one
 * with the processor's microcode first; each by itself, or inside a stream that is compressed.
 */
public final class Initrd {
    private static final int BUFFER = 1 << 16;
    private static final List<String> ARCHIVE_MAGICS = List.of("070701", "070702");
    private static final int MAGIC_LENGTH = 6;

    /** An archive ends at a multiple of four bytes; what more there is are zeros. */
    private static final int ALIGNMENT = 4;

    /** Header and path of an entry: the kernel takes no path above 4096 bytes. */
    private static final long MOST_HEADER = 8192;

    private static final long MOST_UNPACKED = 8L << 30;

    private final FileVisitor visitor;
    private long mayUnpack;

    private Initrd(FileVisitor visitor, long mayUnpack) {
        this.visitor = visitor;
        this.mayUnpack = mayUnpack;
    }

    /** Gets to see each regular file. */
    public interface FileVisitor {
        /**
         * Sees a file.
         *
         * @param path its path, as the archive has it
         * @param content what it contains; need not be read to its end
         */
        void visit(String path, InputStream content) throws IOException;
    }

    /**
     * Shows every regular file of an initial RAM file system to a visitor, in order, but not the empty ones: among these are the
     * names of a file with several, of which the last one has the content.
     *
     * @throws IOException if it cannot be read, is damaged, is compressed with something else than gzip, xz, zstd or lz4, or unpacks to more
     *     than 8 GiB
     */
    public static void walk(Path file, FileVisitor visitor) throws IOException {
        walk(file, visitor, MOST_UNPACKED);
    }

    static void walk(Path file, FileVisitor visitor, long mostUnpacked) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            Initrd walk = new Initrd(visitor, mostUnpacked);
            for (Peek.pastZeros(in); !atEnd(in); Peek.pastZeros(in)) {
                if (atArchive(in)) {
                    walk.archive(in);
                } else {
                    walk.compressed(in);
                }
            }
        }
    }

    /**
     * Copies an initial RAM file system with nothing compressed any more: for the kernel it is the same.
     *
     * @throws IOException as {@link #walk} does, or if it cannot be written
     */
    public static void unpack(Path file, OutputStream into) throws IOException {
        unpack(file, into, MOST_UNPACKED);
    }

    static void unpack(Path file, OutputStream into, long mostUnpacked) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            long mayUnpack = mostUnpacked;
            for (Peek.pastZeros(in); !atEnd(in); Peek.pastZeros(in)) {
                if (atArchive(in)) {
                    CpioCopy.of(in, into);
                } else {
                    Allowance allowance = opened(in, mayUnpack);
                    InputStream unpacked = new BufferedInputStream(allowance, BUFFER);
                    while (findsArchive(unpacked)) {
                        CpioCopy.of(unpacked, into);
                    }
                    mayUnpack = allowance.left();
                }
            }
        }
    }

    private static Allowance opened(InputStream in, long mayUnpack) throws IOException {
        Compression compression = Compression.of(in);
        if (compression == Compression.NONE) {
            throw new IOException("something in it is neither a cpio archive nor compressed");
        }
        return new Allowance(compression.open(in), mayUnpack, "what is compressed in it");
    }

    private void compressed(InputStream in) throws IOException {
        Allowance allowance = opened(in, mayUnpack);
        InputStream unpacked = new BufferedInputStream(allowance, BUFFER);
        while (findsArchive(unpacked)) {
            archive(unpacked);
        }
        mayUnpack = allowance.left();
    }

    private static boolean findsArchive(InputStream unpacked) throws IOException {
        Peek.pastZeros(unpacked);
        if (!atEnd(unpacked) && !atArchive(unpacked)) {
            throw new IOException("what is compressed in it is not a cpio archive");
        }
        return !atEnd(unpacked);
    }

    private static boolean atEnd(InputStream in) throws IOException {
        return Peek.at(in, 1).length == 0;
    }

    private static boolean atArchive(InputStream in) throws IOException {
        return isArchive(Peek.at(in, MAGIC_LENGTH));
    }

    /** Whether these are the first bytes of an entry of an archive. */
    static boolean isArchive(byte[] head) {
        return ARCHIVE_MAGICS.contains(
                new String(head, 0, Math.min(MAGIC_LENGTH, head.length), StandardCharsets.ISO_8859_1));
    }

    private void archive(InputStream in) throws IOException {
        Allowance allowance = new Allowance(in, MOST_HEADER, "the header of a file in it");
        // Not closed: what follows the archive in the stream is still to be read.
        CpioArchiveInputStream archive = new CpioArchiveInputStream(allowance, ALIGNMENT, "UTF-8");
        try {
            while (true) {
                allowance.allow(MOST_HEADER);
                CpioArchiveEntry entry = archive.getNextEntry();
                if (entry == null) {
                    return;
                }
                allowance.allow(Long.MAX_VALUE);
                if (entry.isRegularFile() && entry.getSize() > 0) {
                    visitor.visit(entry.getName(), archive);
                }
                archive.transferTo(OutputStream.nullOutputStream());
            }
        } catch (EOFException e) {
            throw new IOException("it is cut off", e);
        } catch (RuntimeException e) {
            // A header that makes no sense is refused in several ways.
            throw new IOException("a cpio archive in it is damaged", e);
        }
    }
}
