// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import dev.holdfast.internal.boot.Compression;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The kernel inside a bzImage: an ELF file, with its relocations behind it. */
final class UnpackedKernel {
    private static final int HEAD = 4096;
    private static final int CHUNK = 1 << 16;
    private static final int MOST_RELOCATIONS = 64 << 20;
    private static final int ELF_MAGIC = 0x464c457f;
    private static final int ENTRY = 0x18;
    private static final int PROGRAM_HEADERS = 0x20;
    private static final int SECTION_HEADERS = 0x28;
    private static final int PROGRAM_HEADER_SIZE = 0x36;
    private static final int PROGRAM_HEADER_COUNT = 0x38;
    private static final int SECTION_HEADER_SIZE = 0x3a;
    private static final int SECTION_HEADER_COUNT = 0x3c;
    private static final int LOADED = 1;
    private static final int IN_FILE = 0x08;
    private static final int PHYSICAL = 0x18;
    private static final int FILE_SIZE = 0x20;

    private final BootHeader header;
    private final InputStream in;
    private final ByteBuffer head;
    private long position;

    private UnpackedKernel(BootHeader header, InputStream in, ByteBuffer head) {
        this.header = header;
        this.in = in;
        this.head = head;
        this.position = head.limit();
    }

    /** What the ELF file loads: so many bytes from there in the file to there in memory. */
    private record Part(long inFile, long physical, long bytes) {
        long end() {
            return inFile + bytes;
        }
    }

    /** Why it cannot be unpacked; empty if it can. */
    static Optional<String> obstacle(BootHeader header) throws IOException {
        Compression compression = compression(header.payload());
        return compression.isRead()
                ? Optional.empty()
                : Optional.of("it is compressed with " + compression + ", which is not read here");
    }

    private static Compression compression(byte[] payload) throws IOException {
        return Compression.of(new ByteArrayInputStream(payload));
    }

    /**
     * Unpacks a kernel into memory.
     *
     * @param into as much as {@link BootHeader#room()} says, zeroed, little-endian
     * @param by how far the kernel moves from the virtual address that it is linked for, in bytes, if it can
     * @return where it starts, from the start of its memory, in bytes
     * @throws IOException if it is compressed with something else than gzip, xz, zstd or lz4, damaged, or cannot be moved
     */
    static long unpack(BootHeader header, ByteBuffer into, long by) throws IOException {
        byte[] payload = header.payload();
        InputStream unpacked = compression(payload).open(payload, header.unpackedLength());
        ByteBuffer head = ByteBuffer.wrap(unpacked.readNBytes(HEAD)).order(ByteOrder.LITTLE_ENDIAN);
        if (head.limit() < HEAD || head.getInt(0) != ELF_MAGIC) {
            throw new IOException("there is no ELF file in it");
        }
        try {
            return new UnpackedKernel(header, unpacked, head).place(into, by);
        } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
            throw new IOException("the ELF file in it is damaged", e);
        }
    }

    private long place(ByteBuffer into, long by) throws IOException {
        long end = elfEnd();
        List<Part> parts = parts();
        if (parts.isEmpty()) {
            throw new IOException("the ELF file in it loads nothing");
        }
        for (Part part : parts) {
            skipTo(part.inFile());
            int bytes = Math.toIntExact(part.bytes());
            int offset = Math.toIntExact(part.physical() - header.linkedAt());
            read(into, Objects.checkFromIndexSize(offset, bytes, into.limit()), bytes);
            end = Math.max(end, part.end());
        }
        if (by != 0) {
            skipTo(end);
            byte[] rest = in.readNBytes(MOST_RELOCATIONS);
            Relocations relocations = Relocations.of(ByteBuffer.wrap(rest).order(ByteOrder.LITTLE_ENDIAN));
            if (relocations.any()) {
                relocations.apply(into, header.linkedAt(), by);
            }
        }
        return entry(into);
    }

    private long entry(ByteBuffer into) {
        return Objects.checkIndex(Math.subtractExact(head.getLong(ENTRY), header.linkedAt()), (long) into.limit());
    }

    private long elfEnd() {
        return head.getLong(SECTION_HEADERS)
                + (long) Short.toUnsignedInt(head.getShort(SECTION_HEADER_SIZE))
                        * Short.toUnsignedInt(head.getShort(SECTION_HEADER_COUNT));
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        int at = Math.toIntExact(head.getLong(PROGRAM_HEADERS));
        for (int left = Short.toUnsignedInt(head.getShort(PROGRAM_HEADER_COUNT)); left > 0; left--) {
            if (head.getInt(at) == LOADED) {
                parts.add(new Part(
                        head.getLong(at + IN_FILE), head.getLong(at + PHYSICAL), head.getLong(at + FILE_SIZE)));
            }
            at += Short.toUnsignedInt(head.getShort(PROGRAM_HEADER_SIZE));
        }
        parts.sort(Comparator.comparingLong(Part::inFile));
        return parts;
    }

    private void skipTo(long offset) throws IOException {
        if (offset < position) {
            throw new IOException("the parts of the ELF file in it overlap");
        }
        try {
            in.skipNBytes(offset - position);
        } catch (EOFException e) {
            throw cutOff();
        }
        position = offset;
    }

    private void read(ByteBuffer into, int offset, int bytes) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int done = 0;
        while (done < bytes) {
            int count = in.readNBytes(chunk, 0, Math.min(chunk.length, bytes - done));
            if (count == 0) {
                throw cutOff();
            }
            into.put(offset + done, chunk, 0, count);
            done += count;
        }
        position += bytes;
    }

    private static EOFException cutOff() {
        return new EOFException("the ELF file in it is cut off");
    }
}
