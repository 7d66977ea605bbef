// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import dev.holdfast.examples.kvm.Vcpu;
import dev.holdfast.examples.kvm.VcpuState;
import dev.holdfast.examples.pc.GuestRam;
import java.nio.ByteBuffer;

/**
 * Puts processors into 64-bit mode, where a program without a loader can start: all memory and the local APIC are mapped where they
 * are, code and data segments span everything. Intel SDM, volume 3, chapters 3 to 5; the layout of the structs is that of {@code
 * asm/kvm.h}.
 */
final class LongMode {
    /** Below this, tables and stacks are in the guest's memory. */
    static final int PROGRAM = 0x100000;

    private static final int GDT = 0x1000;
    private static final int PML4 = 0x2000;
    private static final int PDPT = 0x3000;
    private static final int PDS = 0x8000;
    private static final int PAGE = 0x1000;
    private static final int STACKS_END = 0x80000;
    private static final int STACK = 0x8000;
    private static final long APIC = 0xfee00000L;

    private static final int PRESENT_WRITABLE = 0x3;
    private static final int LARGE = 0x80;
    private static final int UNCACHED = 0x18;
    private static final int PAGE_2M_SHIFT = 21;
    private static final int PD_SHIFT = 30;

    private static final long CODE_DESCRIPTOR = 0x00af9b000000ffffL;
    private static final long DATA_DESCRIPTOR = 0x00cf93000000ffffL;
    private static final int CODE_SELECTOR = 0x10;
    private static final int DATA_SELECTOR = 0x18;

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
    private static final int REGS_RSI = 32;
    private static final int REGS_RDI = 40;
    private static final int REGS_RIP = 128;
    private static final int REGS_RFLAGS = 136;
    private static final int ALWAYS_SET = 2;
    private static final int RUNNABLE = 0;

    private LongMode() {}

    /** Writes the tables into the guest's memory, from address 0 on. */
    static void tables(GuestRam ram) {
        ByteBuffer tables = ram.at(0, STACKS_END);
        tables.putLong(GDT + CODE_SELECTOR, CODE_DESCRIPTOR).putLong(GDT + DATA_SELECTOR, DATA_DESCRIPTOR);
        tables.putLong(PML4, PDPT | PRESENT_WRITABLE);
        long mapped = Math.max(end(ram), GuestRam.DEVICES_END);
        for (int pd = 0; (long) pd << PD_SHIFT < mapped; pd++) {
            tables.putLong(PDPT + pd * Long.BYTES, PDS + pd * PAGE | PRESENT_WRITABLE);
        }
        for (int page = 0; (long) page << PAGE_2M_SHIFT < mapped; page++) {
            long address = (long) page << PAGE_2M_SHIFT;
            tables.putLong(
                    PDS + page * Long.BYTES, address | LARGE | PRESENT_WRITABLE | (address == APIC ? UNCACHED : 0));
        }
    }

    private static long end(GuestRam ram) {
        return ram.pieces().stream()
                .mapToLong(piece -> piece.guestAddress() + piece.size())
                .max()
                .orElseThrow();
    }

    /** The stack of a processor, as behind a call: the address that would be returned to is below a multiple of 16. */
    static long stack(int number) {
        return STACKS_END - (long) number * STACK - Long.BYTES;
    }

    /** Lets a processor start at an address, with a stack and two arguments. */
    static void start(Vcpu vcpu, long entry, long stack, long first, long second) {
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
                .putLong(REGS_RDI, first)
                .putLong(REGS_RSI, second)
                .putLong(REGS_RSP, stack)
                .putLong(REGS_RIP, entry)
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
