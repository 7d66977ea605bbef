// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import dev.holdfast.internal.boot.BootFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes small kernels as they lie in a bzImage: an ELF file that is linked for 16 MiB, its section headers last, relocations behind. */
public final class Vmlinux {
    static final long LINKED_AT = 16 << 20;

    private static final int PAGE = 4096;
    private static final int ELF_HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int SECTION_HEADER = 64;
    private static final int SECTIONS = 3;

    /** Where the program headers lie, each of 56 bytes. */
    static final int PROGRAM_HEADERS = ELF_HEADER;

    private final List<Part> parts = new ArrayList<>();
    private int[] relocations = {};
    private long entry = LINKED_AT;

    private record Part(int type, long offset, byte[] content) {}

    /** With a part that is loaded so far above the address that the kernel is linked for. */
    public Vmlinux with(long offset, byte[] content) {
        parts.add(new Part(1, offset, content));
        return this;
    }

    /** With a part that is not loaded. */
    Vmlinux withNote(byte[] content) {
        parts.add(new Part(4, 0, content));
        return this;
    }

    /** Each as far above the address that the kernel is linked for; -1 for the start of a list. */
    public Vmlinux withRelocations(int... offsets) {
        relocations = offsets.clone();
        return this;
    }

    /** So far above the address that the kernel is linked for. */
    public Vmlinux startingAt(long offset) {
        entry = LINKED_AT + offset;
        return this;
    }

    /** The kernel. */
    public byte[] bytes() {
        int at = PAGE;
        List<Integer> places = new ArrayList<>();
        for (Part part : parts) {
            places.add(at);
            at = (at + part.content().length + PAGE - 1) / PAGE * PAGE;
        }
        ByteBuffer elf = ByteBuffer.allocate(at + SECTIONS * SECTION_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        elf.putShort(0x10, (short) 2).putShort(0x12, (short) 62).putInt(0x14, 1);
        elf.putLong(0x18, entry).putLong(0x20, PROGRAM_HEADERS).putLong(0x28, at);
        elf.putShort(0x34, (short) ELF_HEADER);
        elf.putShort(0x36, (short) PROGRAM_HEADER).putShort(0x38, (short) parts.size());
        elf.putShort(0x3a, (short) SECTION_HEADER).putShort(0x3c, (short) SECTIONS);
        for (int number = 0; number < parts.size(); number++) {
            Part part = parts.get(number);
            int header = PROGRAM_HEADERS + number * PROGRAM_HEADER;
            elf.putInt(header, part.type()).putInt(header + 4, 5);
            elf.putLong(header + 0x08, places.get(number));
            elf.putLong(header + 0x10, 0xffffffff80000000L + LINKED_AT + part.offset());
            elf.putLong(header + 0x18, LINKED_AT + part.offset());
            elf.putLong(header + 0x20, part.content().length).putLong(header + 0x28, part.content().length + 100);
            elf.putLong(header + 0x30, PAGE);
            elf.put(places.get(number), part.content());
        }
        byte[] all = elf.array();
        for (int offset : relocations) {
            all = BootFiles.joined(all, BootFiles.word(offset < 0 ? 0 : (int) (0x80000000L + LINKED_AT + offset)));
        }
        return all;
    }
}
