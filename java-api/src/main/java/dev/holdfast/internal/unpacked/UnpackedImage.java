// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import dev.holdfast.internal.boot.Initrd;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.KexecSegments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The next kernel, unpacked, relocated and laid out in memory, its initrd unpacked beside it. It starts at its own first instruction:
 * neither a decompressor nor a purgatory, which would check sums, runs between the two kernels.
 */
public final class UnpackedImage implements AutoCloseable {
    private static final long BELOW = 1L << 32;

    private static final long PAGE = 4096;

    private static final int SETUP_RNG_SEED = 9;
    private static final int SETUP_DATA_HEADER = 16;
    private static final int SEED = 32;

    /** movabs $parameters, %rsi; movabs $entry, %rax; jmp *%rax. */
    private static final int MOV_RSI = 0xbe48;

    private static final int MOV_RAX = 0xb848;
    private static final int JMP_RAX = 0xe0ff;

    private static final int COMMAND_LINE_AT = ZeroPage.SIZE;
    private static final int CODE_AT = 2 * ZeroPage.SIZE;
    private static final int SEED_AT = CODE_AT + 64;
    private static final int PARAMETERS = 3 * ZeroPage.SIZE;

    private final KexecSegments segments;
    private final long start;

    private UnpackedImage(KexecSegments segments, long start) {
        this.segments = segments;
        this.start = start;
    }

    /**
     * What the running machine says of itself.
     *
     * @param parameters /sys/kernel/boot_params/data
     * @param iomem the text of /proc/iomem
     */
    public record Host(byte[] parameters, String iomem) {}

    /**
     * Ranges that the next kernel is kept away from, and is not put into.
     *
     * @param base physical address
     * @param size length, in bytes
     */
    public record Reserved(long base, long size) {}

    /**
     * Why a kernel cannot be unpacked here; empty if it can.
     *
     * @param kernel the kernel
     * @param parameters as in {@link Host}
     * @param fiveLevels whether the running kernel has page tables of five levels, and so enters the next one with them
     * @throws IOException if the kernel cannot be read, or is none
     */
    public static Optional<String> obstacle(Path kernel, byte[] parameters, boolean fiveLevels) throws IOException {
        Optional<String> obstacle = new ZeroPage(parameters).obstacle();
        if (obstacle.isPresent()) {
            return obstacle;
        }
        BootHeader header = BootHeader.of(Files.readAllBytes(kernel));
        return fiveLevels && !header.takesFiveLevels()
                ? Optional.of("the running kernel has page tables of five levels, which it does not know")
                : UnpackedKernel.obstacle(header);
    }

    /**
     * Puts an image together.
     *
     * @param kernel a bzImage for x86-64
     * @param initrd its initrd
     * @param commandLine its command line
     * @param atRandom whether it is moved in physical memory and in its own address space, as its decompressor would
     * @throws IOException if they cannot be read or unpacked, or have no place in memory
     */
    public static UnpackedImage of(
            Path kernel,
            @Nullable Path initrd,
            String commandLine,
            boolean atRandom,
            Host host,
            Iterable<Reserved> reserved)
            throws IOException {
        FreeMemory memory = FreeMemory.of(host.iomem());
        reserved.forEach(range -> memory.without(new FreeMemory.Range(range.base(), range.base() + range.size())));
        BootHeader header = BootHeader.of(Files.readAllBytes(kernel));
        ZeroPage page = new ZeroPage(host.parameters()).forKernel(header, atRandom);
        KexecSegments segments = new KexecSegments();
        try {
            long parameters = memory.take(PARAMETERS, BELOW);
            if (initrd == null) {
                page.withInitrd(0, 0);
            } else {
                put(initrd, memory, segments, page);
            }
            long entry = put(header, memory, segments, atRandom);
            page.withCommandLine(parameters + COMMAND_LINE_AT).withSetupData(parameters + SEED_AT);
            fill(segments.add(parameters, PARAMETERS), page, commandLine, parameters, entry);
            return new UnpackedImage(segments, parameters + CODE_AT);
        } catch (IOException | RuntimeException | Error e) {
            segments.close();
            throw e;
        }
    }

    /** It is unpacked twice, once for its size: it may be large, and has its place in no other memory than its own. */
    private static void put(Path initrd, FreeMemory memory, KexecSegments segments, ZeroPage page) throws IOException {
        Count count = new Count();
        Initrd.unpack(initrd, count);
        long bytes = count.bytes();
        if (bytes > Integer.MAX_VALUE) {
            throw new IOException(initrd + " has " + bytes + " bytes when it is unpacked, more than can be loaded so");
        }
        if (bytes == 0) {
            page.withInitrd(0, 0);
            return;
        }
        long address = memory.take(bytes, BELOW);
        Initrd.unpack(initrd, new Sink(segments.add(address, bytes)));
        page.withInitrd(address, bytes);
    }

    /** Returns where the kernel starts. */
    private static long put(BootHeader header, FreeMemory memory, KexecSegments segments, boolean atRandom)
            throws IOException {
        SecureRandom random = new SecureRandom();
        long room = header.room() + PAGE - 1 & -PAGE;
        long alignment = header.alignment();
        long address = atRandom
                ? memory.takeAtRandom(room, alignment, random)
                : memory.takeAbove(header.linkedAt(), room, alignment);
        long steps = (BootHeader.VIRTUAL_ROOM - header.linkedAt() - room) / alignment;
        long by = atRandom ? random.nextLong(steps + 1) * alignment : 0;
        return address + UnpackedKernel.unpack(header, segments.add(address, room), by);
    }

    private static void fill(ByteBuffer into, ZeroPage page, String commandLine, long parameters, long entry) {
        into.put(0, page.bytes());
        into.put(COMMAND_LINE_AT, commandLine.getBytes(StandardCharsets.UTF_8));
        into.putShort(CODE_AT, (short) MOV_RSI);
        into.putLong(CODE_AT + 2, parameters);
        into.putShort(CODE_AT + 10, (short) MOV_RAX);
        into.putLong(CODE_AT + 12, entry);
        into.putShort(CODE_AT + 20, (short) JMP_RAX);
        byte[] seed = new byte[SEED];
        new SecureRandom().nextBytes(seed);
        into.putInt(SEED_AT + 8, SETUP_RNG_SEED);
        into.putInt(SEED_AT + 12, SEED);
        into.put(SEED_AT + SETUP_DATA_HEADER, seed);
    }

    /** Loads it as the next kernel. */
    public void load() throws ErrnoException {
        segments.load(start);
    }

    /** Gives the memory back; what was loaded stays. */
    @Override
    public void close() {
        segments.close();
    }
}
