// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import dev.holdfast.examples.pc.Machine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Tables by which a machine tells an operating system what it has: its processors, and two devices that cannot be found otherwise. ACPI
 * Specification 6.5, chapter 5; the machine has none of the old hardware of ACPI ("hardware-reduced").
 */
final class Acpi {
    private static final int LOCAL_APIC = 0xfee00000;
    private static final int IO_APIC = 0xfec00000;
    private static final int HEADER = 36;
    private static final int CHECKSUM = 9;
    private static final int FADT = 276;
    private static final int FADT_PC = 109;
    private static final int NO_VGA = 1 << 2;
    private static final int NO_RTC = 1 << 5;
    private static final int FADT_FLAGS = 112;
    private static final int FADT_MINOR_REVISION = 131;
    private static final int FADT_DSDT = 140;
    private static final int HARDWARE_REDUCED = 1 << 20;
    private static final int RSDP = 36;
    private static final byte[] OEM = "HLDFSTJAVAVMM ".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer memory;
    private final long address;

    private Acpi(ByteBuffer memory, long address) {
        this.memory = memory;
        this.address = address;
    }

    /**
     * Writes the tables.
     *
     * @param address where
     * @param size how much room there is, in bytes
     * @return where they start to be read
     */
    static long write(Machine machine, long address, int size) {
        return new Acpi(machine.ram().at(address, size), address).all(machine.vcpus());
    }

    private long all(int vcpus) {
        long dsdt = table("DSDT", 2, devices());
        byte[] fixed = little(FADT - HEADER)
                .putShort(FADT_PC - HEADER, (short) (NO_VGA | NO_RTC))
                .putInt(FADT_FLAGS - HEADER, HARDWARE_REDUCED)
                .put(FADT_MINOR_REVISION - HEADER, (byte) 5)
                .putLong(FADT_DSDT - HEADER, dsdt)
                .array();
        long fadt = table("FACP", 6, fixed);
        long madt = table("APIC", 5, processors(vcpus));
        long xsdt = table(
                "XSDT", 1, little(2 * Long.BYTES).putLong(fadt).putLong(madt).array());
        return root(xsdt);
    }

    /** A table behind the last one. */
    private long table(String signature, int revision, byte[] content) {
        byte[] table = little(HEADER + content.length)
                .put(ascii(signature))
                .putInt(HEADER + content.length)
                .put((byte) revision)
                .put((byte) 0)
                .put(OEM)
                .position(HEADER)
                .put(content)
                .array();
        table[CHECKSUM] = complement(table, table.length);
        return append(table);
    }

    private long append(byte[] table) {
        memory.position((memory.position() + 15) / 16 * 16);
        long at = address + memory.position();
        memory.put(table);
        return at;
    }

    private long root(long xsdt) {
        byte[] root = little(RSDP)
                .put(ascii("RSD PTR "))
                .position(9)
                .put(OEM, 0, 6)
                .put((byte) 2)
                .putInt(0)
                .putInt(RSDP)
                .putLong(xsdt)
                .array();
        root[8] = complement(root, 20);
        root[32] = complement(root, RSDP);
        return append(root);
    }

    /** The local APICs, enabled, and the one APIC for devices, whose lines are counted from 0. */
    private static byte[] processors(int vcpus) {
        ByteBuffer all = little(8 + vcpus * 8 + 12).putInt(LOCAL_APIC).putInt(0);
        for (int number = 0; number < vcpus; number++) {
            all.put((byte) 0)
                    .put((byte) 8)
                    .put((byte) number)
                    .put((byte) number)
                    .putInt(1);
        }
        return all.put((byte) 1)
                .put((byte) 12)
                .put((byte) 0)
                .put((byte) 0)
                .putInt(IO_APIC)
                .putInt(0)
                .array();
    }

    private static byte[] devices() {
        return Aml.scope(
                "_SB_",
                Aml.device(
                        "COM1",
                        Aml.name("_HID", Aml.eisa("PNP0501")),
                        Aml.name("_UID", Aml.number(1)),
                        Aml.name(
                                "_CRS",
                                Aml.resources(
                                        Aml.interrupt(Machine.SERIAL_INTERRUPT),
                                        Aml.ports(Machine.SERIAL_PORT, Machine.SERIAL_PORTS)))),
                Aml.device(
                        "CONS",
                        Aml.name("_HID", Aml.string("LNRO0005")),
                        Aml.name("_UID", Aml.number(0)),
                        Aml.name(
                                "_CRS",
                                Aml.resources(
                                        Aml.memory(Machine.CONSOLE_ADDRESS, Machine.CONSOLE_SIZE),
                                        Aml.interrupt(Machine.CONSOLE_INTERRUPT)))));
    }

    private static byte complement(byte[] table, int length) {
        int sum = 0;
        for (int index = 0; index < length; index++) {
            sum += table[index];
        }
        return (byte) -sum;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
