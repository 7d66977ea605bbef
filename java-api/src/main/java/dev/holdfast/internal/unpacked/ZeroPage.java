// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.internal.unpacked;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a boot loader tells a kernel: Documentation/arch/x86/zero-page.rst. It is what the running kernel was told of the machine (its
 * map of memory, its screen, where its ACPI tables are), with the next kernel's own setup header.
 */
final class ZeroPage {
    static final int SIZE = 4096;

    private static final int EXT_RAMDISK_IMAGE = 0x0c0;
    private static final int EXT_RAMDISK_SIZE = 0x0c4;
    private static final int EXT_COMMAND_LINE = 0x0c8;
    private static final int EFI_SIGNATURE = 0x1c0;
    private static final int SENTINEL = 0x1ef;
    private static final int HEADER_ROOM = 0x290 - BootHeader.START;
    private static final int TYPE_OF_LOADER = 0x210;
    private static final int LOAD_FLAGS = 0x211;
    private static final int RAMDISK_IMAGE = 0x218;
    private static final int RAMDISK_SIZE = 0x21c;
    private static final int COMMAND_LINE = 0x228;
    private static final int SETUP_DATA = 0x250;

    /** None of those that have a number. */
    private static final byte UNDEFINED_LOADER = (byte) 0xff;

    /** KASLR_FLAG: the kernel places what is left to itself at random too. */
    private static final byte AT_RANDOM = 1 << 1;

    private final ByteBuffer page;

    /**
     * Starts from what the running kernel was told.
     *
     * @param running /sys/kernel/boot_params/data
     */
    ZeroPage(byte[] running) throws IOException {
        if (running.length != SIZE) {
            throw new IOException("the running kernel's boot parameters have " + running.length + " bytes");
        }
        page = ByteBuffer.wrap(running.clone()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Why the next kernel cannot be told the same; empty if it can. */
    Optional<String> obstacle() {
        return page.getInt(EFI_SIGNATURE) == 0
                ? Optional.empty()
                : Optional.of("the firmware is EFI, whose runtime services only kexec_file_load passes on");
    }

    /** Takes over the setup header of the kernel that comes next, and forgets what was of the running one only. */
    ZeroPage forKernel(BootHeader header, boolean atRandom) {
        ByteBuffer bytes = header.bytes();
        for (int at = 0; at < HEADER_ROOM; at++) {
            page.put(BootHeader.START + at, at < bytes.limit() ? bytes.get(at) : 0);
        }
        page.put(SENTINEL, (byte) 0);
        page.put(TYPE_OF_LOADER, UNDEFINED_LOADER);
        byte flags = page.get(LOAD_FLAGS);
        page.put(LOAD_FLAGS, (byte) (atRandom ? flags | AT_RANDOM : flags & ~AT_RANDOM));
        return this;
    }

    ZeroPage withCommandLine(long address) {
        page.putInt(COMMAND_LINE, (int) address);
        page.putInt(EXT_COMMAND_LINE, (int) (address >>> Integer.SIZE));
        return this;
    }

    ZeroPage withInitrd(long address, long bytes) {
        page.putInt(RAMDISK_IMAGE, (int) address);
        page.putInt(EXT_RAMDISK_IMAGE, (int) (address >>> Integer.SIZE));
        page.putInt(RAMDISK_SIZE, (int) bytes);
        page.putInt(EXT_RAMDISK_SIZE, (int) (bytes >>> Integer.SIZE));
        return this;
    }

    /** The first of a list of further data; 0 for none. */
    ZeroPage withSetupData(long address) {
        page.putLong(SETUP_DATA, address);
        return this;
    }

    byte[] bytes() {
        return page.array().clone();
    }
}
