// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.boot;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Makes small files of the kinds that a kernel is booted from. */
public final class BootFiles {
    private static final int SECTION_ENTRY = 64;

    static final byte[] LZ4_MAGIC = {0x02, 0x21, 0x4c, 0x18};

    private BootFiles() {}

    /** Ways to pack bytes. */
    public enum Packing {
        PLAIN(out -> out),
        GZIP(GZIPOutputStream::new),
        XZ(out -> new XZOutputStream(out, new LZMA2Options(LZMA2Options.PRESET_MIN))),
        ZSTD(ZstdOutputStream::new),
        LZ4(Lz4Output::new);

        private interface Opening {
            OutputStream open(OutputStream out) throws IOException;
        }

        private final Opening opening;

        Packing(Opening opening) {
            this.opening = opening;
        }

        /** The bytes, packed. */
        public byte[] pack(byte[] bytes) throws IOException {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = opening.open(packed)) {
                out.write(bytes);
            }
            return packed.toByteArray();
        }
    }

    /** The legacy format of lz4, as the kernel reads it. */
    private static final class Lz4Output extends ByteArrayOutputStream {
        private static final int BLOCK = 8 << 20;

        private final OutputStream out;

        Lz4Output(OutputStream out) {
            this.out = out;
        }

        @Override
        public void close() throws IOException {
            out.write(LZ4_MAGIC);
            for (int at = 0; at < count; at += BLOCK) {
                out.write(lz4Block(Arrays.copyOfRange(buf, at, Math.min(count, at + BLOCK))));
            }
        }
    }

    /** A block of that format, behind its size. */
    static byte[] lz4Block(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (BlockLZ4CompressorOutputStream out = new BlockLZ4CompressorOutputStream(packed)) {
            out.write(bytes);
        }
        return joined(word(packed.size()), packed.toByteArray());
    }

    /** 32 bits, little-endian. */
    public static byte[] word(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** One after the other. */
    public static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A cpio archive with some files, without zeros behind its end. */
    public static byte[] cpio(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioArchiveOutputStream archive = new CpioArchiveOutputStream(bytes, CpioConstants.FORMAT_NEW, 4)) {
            CpioArchiveEntry directory = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, "lib");
            directory.setMode(CpioConstants.C_ISDIR | 0755);
            archive.putArchiveEntry(directory);
            archive.closeArchiveEntry();
            for (var file : files.entrySet()) {
                CpioArchiveEntry entry =
                        new CpioArchiveEntry(CpioConstants.FORMAT_NEW, file.getKey(), file.getValue().length);
                entry.setMode(CpioConstants.C_ISREG | 0644);
                archive.putArchiveEntry(entry);
                archive.write(file.getValue());
                archive.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A module with these entries in its modinfo, and no more. */
    public static byte[] module(String... modinfo) {
        byte[] names = zeroTerminated("", ".shstrtab", ".modinfo");
        byte[] entries = zeroTerminated(modinfo);
        int namesAt = 64;
        int entriesAt = namesAt + names.length;
        int tableAt = entriesAt + entries.length;
        ByteBuffer elf = ByteBuffer.allocate(tableAt + 3 * SECTION_ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putLong(0x28, tableAt);
        elf.putShort(0x3a, (short) SECTION_ENTRY);
        elf.putShort(0x3c, (short) 3);
        elf.putShort(0x3e, (short) 1);
        elf.put(namesAt, names);
        elf.put(entriesAt, entries);
        section(elf, tableAt + SECTION_ENTRY, 1, namesAt, names.length);
        section(elf, tableAt + 2 * SECTION_ENTRY, 1 + ".shstrtab".length() + 1, entriesAt, entries.length);
        return elf.array();
    }

    private static void section(ByteBuffer elf, int at, int name, long offset, long size) {
        elf.putInt(at, name);
        elf.putLong(at + 0x18, offset);
        elf.putLong(at + 0x20, size);
    }

    private static byte[] zeroTerminated(String... texts) {
        return (String.join("\0", texts) + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A module that says what a holdfast module says. */
    public static byte[] holdfast(String release, int oldest, int newest, long roCompat, long incompat) {
        return module(
                "vermagic=" + release + " SMP preempt mod_unload modversions ",
                "holdfast_format_version=" + newest,
                "holdfast_format_version_oldest=" + oldest,
                "holdfast_compat=0x0",
                "holdfast_ro_compat=0x" + Long.toHexString(roCompat),
                "holdfast_incompat=0x" + Long.toHexString(incompat));
    }

    /** The head of a kernel image. */
    public static byte[] kernel(String release) {
        ByteBuffer image = ByteBuffer.allocate(0x4000).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0x202, 0x53726448);
        image.putShort(0x20e, (short) 0x3000);
        image.put(0x3200, (release + " (someone@somewhere) #1 SMP\0").getBytes(StandardCharsets.ISO_8859_1));
        return image.array();
    }

    /**
     * A kernel image that is relocatable, linked for 16 MiB, and has something packed in it.
     *
     * @param room how much memory it asks for
     */
    public static byte[] kernelWith(Packing packing, byte[] unpacked, int room) throws IOException {
        byte[] packed = packing.pack(unpacked);
        return kernelAround(packing == Packing.GZIP ? packed : joined(packed, word(unpacked.length)), room);
    }

    /** The same around a payload that is given with its length behind it. */
    public static byte[] kernelAround(byte[] payload, int room) {
        byte[] head = kernel("6.12");
        int gap = 0x40;
        ByteBuffer image = ByteBuffer.wrap(joined(head, new byte[gap], payload, new byte[16]))
                .order(ByteOrder.LITTLE_ENDIAN);
        image.put(0x1f1, (byte) (head.length / 512 - 1));
        image.put(0x201, (byte) 0x6a);
        image.putShort(0x206, (short) 0x20f);
        image.put(0x211, (byte) 1);
        image.putInt(0x230, 2 << 20);
        image.putShort(0x236, (short) 0x7f);
        image.putInt(0x238, 2047);
        image.putInt(0x248, gap);
        image.putInt(0x24c, payload.length);
        image.putLong(0x258, 16 << 20);
        image.putInt(0x260, room);
        return image.array();
    }

    /** The same with a header that says where certificates lie. */
    public static byte[] signed(byte[] kernel) {
        ByteBuffer image = ByteBuffer.wrap(kernel.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int header = 0x40;
        image.putInt(0x3c, header);
        image.putInt(header, 0x4550);
        image.putInt(header + 168, kernel.length);
        image.putInt(header + 172, 1000);
        return image.array();
    }
}
