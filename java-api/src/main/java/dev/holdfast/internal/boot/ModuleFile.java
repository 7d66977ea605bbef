// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A kernel module as a file: ELF, 64 bits, little-endian; it may be compressed with gzip, xz or zstd. */
public final class ModuleFile {
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_MODINFO = 1 << 20;
    private static final String MODINFO = ".modinfo";

    /** The first bytes: ELF, 64 bits, little-endian. */
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F', 2, 1};

    private static final int SECTION_TABLE = 0x28;
    private static final int SECTION_ENTRY_SIZE = 0x3a;
    private static final int SECTION_COUNT = 0x3c;
    private static final int SECTION_OF_NAMES = 0x3e;
    private static final int IN_SECTION_OFFSET = 0x18;
    private static final int IN_SECTION_SIZE = 0x20;

    private final ByteBuffer elf;

    private ModuleFile(ByteBuffer elf) {
        this.elf = elf;
    }

    /**
     * What a module says about itself: the key=value entries of its section .modinfo. Of a key that is there twice the first counts.
     *
     * @throws IOException if the stream is no kernel module, or has more than 64 MiB
     */
    public static Map<String, String> modinfo(InputStream in) throws IOException {
        InputStream marked = new BufferedInputStream(in);
        byte[] bytes = Compression.of(marked).open(marked).readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("it has more than " + (MOST_BYTES >> 20) + " MiB");
        }
        try {
            ByteBuffer modinfo = new ModuleFile(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)).section(MODINFO);
            if (modinfo.limit() > MOST_MODINFO) {
                throw new IOException("its section " + MODINFO + " has more than " + (MOST_MODINFO >> 20) + " MiB");
            }
            return entries(modinfo);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new IOException("it is cut off or damaged", e);
        }
    }

    private ByteBuffer section(String wanted) throws IOException {
        if (elf.limit() < MAGIC.length || !elf.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw new IOException("it is not a module for a 64-bit little-endian kernel");
        }
        ByteBuffer names = section(Short.toUnsignedInt(elf.getShort(SECTION_OF_NAMES)));
        ByteBuffer name = ByteBuffer.wrap((wanted + "\0").getBytes(StandardCharsets.ISO_8859_1));
        for (int number = 0; number < Short.toUnsignedInt(elf.getShort(SECTION_COUNT)); number++) {
            int start = elf.getInt(header(number));
            // A shorter name may be the last.
            if (start <= names.limit() - name.limit()
                    && names.slice(start, name.limit()).equals(name)) {
                return section(number);
            }
        }
        throw new IOException("it has no section " + wanted);
    }

    private int header(int number) {
        return Math.addExact(
                Math.toIntExact(elf.getLong(SECTION_TABLE)),
                number * Short.toUnsignedInt(elf.getShort(SECTION_ENTRY_SIZE)));
    }

    private ByteBuffer section(int number) {
        int header = header(number);
        return elf.slice(
                Math.toIntExact(elf.getLong(header + IN_SECTION_OFFSET)),
                Math.toIntExact(elf.getLong(header + IN_SECTION_SIZE)));
    }

    private static Map<String, String> entries(ByteBuffer section) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (int at = 0; at < section.limit(); at++) {
            String entry = text(section, at);
            int equals = entry.indexOf('=');
            if (equals > 0) {
                entries.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
            }
            at += entry.length();
        }
        return entries;
    }

    /** Text that ends with a zero. */
    private static String text(ByteBuffer section, int start) {
        int end = start;
        while (section.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        section.get(start, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
