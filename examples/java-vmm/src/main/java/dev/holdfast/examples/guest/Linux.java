// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import dev.holdfast.examples.pc.GuestRam;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.pc.MachineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Linux, as distributions ship it: its image is put into memory, and started in 64-bit mode. <a
 * href="https://docs.kernel.org/arch/x86/boot.html">The Linux/x86 Boot Protocol</a>, 2.12 and later.
 *
 * @param kernel its image, a bzImage
 * @param initrd its initrd
 * @param commandLine its command line
 */
public record Linux(Path kernel, Path initrd, String commandLine) implements Loader {
    private static final int PARAMETERS = 0x80000;
    private static final int COMMAND_LINE = 0x81000;
    private static final int TABLES = 0x90000;
    private static final int PAGE = 0x1000;

    private static final int ACPI_ROOT = 0x070;
    private static final int MAP_ENTRIES = 0x1e8;
    private static final int MAP = 0x2d0;
    private static final int MAP_RAM = 1;
    private static final int MAP_RESERVED = 2;

    private static final int HEADER = 0x1f1;
    private static final int HEADER_END = 0x201;
    private static final int SECTORS = 0x1f1;
    private static final int SECTOR = 512;
    private static final int MAGIC_AT = 0x202;
    private static final int MAGIC = 0x53726448;
    private static final int VERSION = 0x206;
    private static final int NEEDED_VERSION = 0x20c;
    private static final int LOADER_TYPE = 0x210;
    private static final int UNKNOWN_LOADER = 0xff;
    private static final int INITRD_AT = 0x218;
    private static final int INITRD_SIZE = 0x21c;
    private static final int COMMAND_LINE_AT = 0x228;
    private static final int INITRD_MOST = 0x22c;
    private static final int FLAGS = 0x236;
    private static final int HAS_64_BIT_ENTRY = 1;
    private static final int COMMAND_LINE_MOST = 0x238;
    private static final int PREFERRED = 0x258;
    private static final int NEEDED = 0x260;
    private static final int ENTRY = 0x200;

    @Override
    public void load(Machine machine) {
        ByteBuffer image = ByteBuffer.wrap(read(kernel)).order(ByteOrder.LITTLE_ENDIAN);
        if (image.capacity() < NEEDED + Integer.BYTES || image.getInt(MAGIC_AT) != MAGIC) {
            throw new MachineException(
                    kernel + " is not a kernel image of Linux for x86; name a bzImage, such as /boot/vmlinuz-*");
        }
        if (image.getShort(VERSION) < NEEDED_VERSION || (image.getShort(FLAGS) & HAS_64_BIT_ENTRY) == 0) {
            throw new MachineException(kernel + " cannot be started in 64-bit mode; name one for x86-64");
        }
        GuestRam ram = machine.ram();
        byte[] files = read(initrd);
        long start = image.getLong(PREFERRED);
        long filesAt = placeOf(files, ram, image);
        if (filesAt < start + Integer.toUnsignedLong(image.getInt(NEEDED))) {
            throw new MachineException(
                    "%s and %s need more memory than %d MiB".formatted(kernel, initrd, ram.size() >> 20));
        }
        LongMode.tables(ram);
        putKernel(ram, image, start);
        ram.at(filesAt, files.length).put(files);
        ByteBuffer parameters = ram.at(PARAMETERS, PAGE);
        int header = HEADER_END + 1 + image.get(HEADER_END) - HEADER;
        parameters.put(HEADER, image, HEADER, header);
        parameters.put(LOADER_TYPE, (byte) UNKNOWN_LOADER);
        putCommandLine(ram, parameters);
        parameters.putInt(INITRD_AT, (int) filesAt).putInt(INITRD_SIZE, files.length);
        putMap(ram, parameters);
        parameters.putLong(ACPI_ROOT, Acpi.write(machine, TABLES, (int) GuestRam.VIDEO - TABLES));
        // The others wait to be called by the first.
        LongMode.start(machine.vcpu(0), start + ENTRY, LongMode.stack(0), 0, PARAMETERS);
    }

    /** Behind the code for real mode, which nobody needs. */
    private void putKernel(GuestRam ram, ByteBuffer image, long start) {
        int sectors = Byte.toUnsignedInt(image.get(SECTORS));
        int code = ((sectors == 0 ? 4 : sectors) + 1) * SECTOR;
        ram.at(start, image.capacity() - code).put(image.slice(code, image.capacity() - code));
    }

    private void putCommandLine(GuestRam ram, ByteBuffer parameters) {
        byte[] line = commandLine.getBytes(StandardCharsets.UTF_8);
        int most = Math.min(parameters.getInt(COMMAND_LINE_MOST), TABLES - COMMAND_LINE - 1);
        if (line.length > most) {
            throw new MachineException("the command line has " + line.length + " bytes, the kernel takes " + most);
        }
        ram.at(COMMAND_LINE, line.length + 1).put(line).put((byte) 0);
        parameters.putInt(COMMAND_LINE_AT, COMMAND_LINE);
    }

    /** As far up as the kernel can reach, and as there is memory. */
    private static long placeOf(byte[] initrd, GuestRam ram, ByteBuffer image) {
        GuestRam.Piece low = ram.pieces().get(1);
        long end = Math.min(low.guestAddress() + low.size(), Integer.toUnsignedLong(image.getInt(INITRD_MOST)) + 1);
        return (end - initrd.length) / PAGE * PAGE;
    }

    private static void putMap(GuestRam ram, ByteBuffer parameters) {
        int count = 0;
        ByteBuffer map = parameters.slice(MAP, PAGE - MAP).order(ByteOrder.LITTLE_ENDIAN);
        for (GuestRam.Piece piece : ram.pieces()) {
            if (piece.guestAddress() == 0) {
                map.putLong(0).putLong(TABLES).putInt(MAP_RAM);
                map.putLong(TABLES).putLong(piece.size() - TABLES).putInt(MAP_RESERVED);
                count += 2;
            } else {
                map.putLong(piece.guestAddress()).putLong(piece.size()).putInt(MAP_RAM);
                count++;
            }
        }
        parameters.put(MAP_ENTRIES, (byte) count);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot read " + file + ": " + (Files.exists(file) ? e.getMessage() : "there is no such file"));
        }
    }
}
