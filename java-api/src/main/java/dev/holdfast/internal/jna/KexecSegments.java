// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What kexec_load(2) puts where, by physical address, when the next kernel starts. */
public final class KexecSegments implements AutoCloseable {
    private static final String CALL = "kexec_load";
    private static final long LOAD_X86_64 = 246;

    /** KEXEC_ARCH_X86_64. */
    private static final long FLAGS = 62L << 16;

    private static final long PAGE = 4096;

    private final List<Segment> segments = new ArrayList<>();

    private record Segment(Memory content, long address) {}

    /** Adds one, and returns its content to be filled in: zeros, little-endian. */
    public ByteBuffer add(long address, long bytes) {
        Memory content = new Memory(bytes);
        content.clear();
        segments.add(new Segment(content, address));
        return content.getByteBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Loads them as the next kernel.
     *
     * @param entry the physical address of its first instruction, in 64-bit mode, with memory mapped one to one
     */
    public void load(long entry) throws ErrnoException {
        long word = Native.POINTER_SIZE;
        try (Memory table = new Memory(4L * segments.size() * word)) {
            long at = 0;
            for (Segment segment : segments) {
                table.setPointer(at, segment.content());
                table.setLong(at + word, segment.content().size());
                table.setLong(at + 2 * word, segment.address());
                table.setLong(at + 3 * word, segment.content().size() + PAGE - 1 & -PAGE);
                at += 4 * word;
            }
            if (LibC.syscall(LOAD_X86_64, entry, segments.size(), table, FLAGS) < 0) {
                throw ErrnoException.last(CALL);
            }
        }
    }

    /** Gives the memory back; what was loaded stays. */
    @Override
    public void close() {
        segments.forEach(segment -> segment.content().close());
    }
}
