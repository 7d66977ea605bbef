// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.examples.kvm.Vcpu;
import dev.holdfast.examples.kvm.VcpuState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Puts processors into 64-bit mode, where a program without a loader can start: the first GiB and the local APIC are mapped where they
 * are, code and data segments span everything. Intel SDM, volume 3, chapters 3 to 5; the layout of the structs is that of {@code
 * asm/kvm.h}.
 */
final class LongMode {
    /** What is mapped. */
    static final long MOST_MEMORY = 1L << 30;

    /** Below this, tables and stacks are in the guest's memory. */
    static final int PROGRAM = 0x100000;

    private static final int GDT = 0x1000;
    private static final int PML4 = 0x2000;
    private static final int PDPT = 0x3000;
    private static final int MEMORY_PD = 0x4000;
    private static final int DEVICES_PD = 0x5000;
    private static final int STACKS_END = 0x80000;
    private static final int STACK = 0x8000;
    private static final long APIC = 0xfee00000L;

    private static final int PRESENT_WRITABLE = 0x3;
    private static final int LARGE = 0x80;
    private static final int UNCACHED = 0x18;
    private static final int PAGE_2M_SHIFT = 21;
    private static final int ENTRIES = 512;

    private static final long CODE_DESCRIPTOR = 0x00af9b000000ffffL;
    private static final long DATA_DESCRIPTOR = 0x00cf93000000ffffL;
    private static final int CODE_SELECTOR = 0x8;
    private static final int DATA_SELECTOR = 0x10;

    private static final int SEGMENT = 24;
    private static final int SEGMENTS = 6;
    private static final int SREGS_GDT = 192;
    private static final int SREGS_CR0 = 224;
    private static final int SREGS_CR3 = 240;
    private static final int SREGS_CR4 = 248;
    private static final int SREGS_EFER = 264;
    private static final long PROTECTED_PAGED = 0x80000033L;
    private static final long PAE_SSE = 0x620;
    private static final long LONG_MODE = 0x500;

    private static final int REGS_RSP = 48;
    private static final int REGS_RDI = 40;
    private static final int REGS_RIP = 128;
    private static final int REGS_RFLAGS = 136;
    private static final int ALWAYS_SET = 2;
    private static final int RUNNABLE = 0;

    private LongMode() {}

    /** Writes the tables into the guest's memory, from address 0 on. */
    static void tables(ByteBuffer memory) {
        ByteBuffer tables = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        tables.putLong(GDT + CODE_SELECTOR, CODE_DESCRIPTOR).putLong(GDT + DATA_SELECTOR, DATA_DESCRIPTOR);
        tables.putLong(PML4, PDPT | PRESENT_WRITABLE);
        tables.putLong(PDPT, MEMORY_PD | PRESENT_WRITABLE);
        tables.putLong(PDPT + (int) (APIC >> 30) * Long.BYTES, DEVICES_PD | PRESENT_WRITABLE);
        for (int entry = 0; entry < ENTRIES; entry++) {
            tables.putLong(MEMORY_PD + entry * Long.BYTES, (long) entry << PAGE_2M_SHIFT | LARGE | PRESENT_WRITABLE);
        }
        int apic = (int) (APIC >> PAGE_2M_SHIFT) % ENTRIES;
        tables.putLong(DEVICES_PD + apic * Long.BYTES, APIC | LARGE | UNCACHED | PRESENT_WRITABLE);
    }

    /** Lets a processor start at {@link #PROGRAM}, with its number in RDI and a stack of its own. */
    static void start(Vcpu vcpu, int number) {
        byte[] sregs = vcpu.get(VcpuState.SREGS);
        ByteBuffer special = Vcpu.struct(sregs);
        for (int segment = 0; segment < SEGMENTS; segment++) {
            segment(special, segment * SEGMENT, segment == 0);
        }
        special.putLong(SREGS_GDT, GDT).putShort(SREGS_GDT + Long.BYTES, (short) (DATA_SELECTOR + Long.BYTES - 1));
        special.putLong(SREGS_CR0, PROTECTED_PAGED).putLong(SREGS_CR3, PML4).putLong(SREGS_CR4, PAE_SSE);
        special.putLong(SREGS_EFER, LONG_MODE);
        vcpu.set(VcpuState.SREGS, sregs);

        byte[] regs = new byte[VcpuState.REGS.size()];
        Vcpu.struct(regs)
                .putLong(REGS_RDI, number)
                // As behind a call: the address that would be returned to is below a multiple of 16.
                .putLong(REGS_RSP, STACKS_END - (long) number * STACK - Long.BYTES)
                .putLong(REGS_RIP, PROGRAM)
                .putLong(REGS_RFLAGS, ALWAYS_SET);
        vcpu.set(VcpuState.REGS, regs);
        vcpu.set(
                VcpuState.MP_STATE,
                Vcpu.struct(new byte[VcpuState.MP_STATE.size()])
                        .putInt(0, RUNNABLE)
                        .array());
    }

    /** base, limit, selector, type, present, dpl, db, s, l, g. */
    private static void segment(ByteBuffer sregs, int at, boolean code) {
        sregs.putLong(at, 0).putInt(at + 8, -1).putShort(at + 12, (short) (code ? CODE_SELECTOR : DATA_SELECTOR));
        byte[] attributes = code ? new byte[] {11, 1, 0, 0, 1, 1, 1} : new byte[] {3, 1, 0, 1, 1, 0, 1};
        for (int index = 0; index < attributes.length; index++) {
            sregs.put(at + 14 + index, attributes[index]);
        }
        sregs.put(at + 21, (byte) 0).put(at + 22, (byte) 0);
    }
}
