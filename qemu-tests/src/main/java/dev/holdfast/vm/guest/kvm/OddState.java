// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.examples.kvm.VcpuState;
import dev.holdfast.examples.kvm.VmState;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A state of a machine that none of our guests has: values in every part of it, none of which a new machine has, and other ones in each
 * processor. Offsets are those of the structs in {@code asm/kvm.h}; the processor is the emulated one, which has AVX.
 */
public final class OddState {
    /** All time stamp counters. Far from that of a new machine: KVM takes a counter that is written near another for the same one. */
    public static final long TSC = 1L << 44;

    /** The clock, in nanoseconds. */
    public static final long CLOCK = 3_600_000_000_000L;

    /** What the timers of the local APICs count down from: that takes minutes, they do not fire meanwhile. */
    public static final int APIC_COUNT = 0x7fffffff;

    private OddState() {}

    /**
     * Bytes in a part of the state.
     *
     * @param offset from the start of the part's struct
     * @param hex the bytes, as they are in memory
     */
    public record Value(int offset, String hex) {
        private static Value number(int offset, long number) {
            return new Value(offset, HexFormat.of().toHexDigits(Long.reverseBytes(number)));
        }

        private static Value number(int offset, int number) {
            return new Value(offset, HexFormat.of().toHexDigits(Integer.reverseBytes(number)));
        }

        /** So many bytes, each another one. */
        private static Value pattern(int offset, int length, int first) {
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < length; i++) {
                hex.append(HexFormat.of().toHexDigits((byte) (first + i)));
            }
            return new Value(offset, hex.toString());
        }

        /** Puts them there. */
        void into(byte[] part) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            System.arraycopy(bytes, 0, part, offset, bytes.length);
        }
    }

    /** In a part that belongs to no processor. */
    public static List<Value> of(VmState part) {
        return switch (part) {
            // IRR with line 5, which IMR masks; IMR; ISR; the first vector; ELCR.
            case PIC_MASTER -> List.of(new Value(9, "20a504"), new Value(13, "20"), new Value(22, "20"));
            case PIC_SLAVE -> List.of(new Value(10, "5a"), new Value(13, "28"), new Value(22, "0c"));
            // The register that is selected; the entries of lines 5, level-triggered, and 7, masked.
            case IOAPIC ->
                List.of(
                        new Value(16, "1a000000"),
                        new Value(32 + 8 * 5, "55a9000000000003"),
                        new Value(32 + 8 * 7, "6000010000000001"));
            // Counts and modes, and one that is latched. Channel 0 is in mode 5, in which KVM does not let it tick:
            // that
            // would change the interrupt controllers between the saves. The last one is what the speaker is told.
            case PIT ->
                List.of(
                        new Value(0, "33220000"),
                        new Value(13, "05"),
                        new Value(24, "22110000"),
                        new Value(37, "02"),
                        new Value(48, "452300003412"),
                        new Value(54, "03"),
                        new Value(60, "030300" + "01"),
                        new Value(72, "02000000"));
            case CLOCK -> List.of(Value.number(0, CLOCK));
        };
    }

    /** In a part of a processor. */
    public static List<Value> of(VcpuState part, int vcpu, int vcpus) {
        return switch (part) {
            // Bases of FS, GS and of the table of segments; CR2; CR8, which is the priority in the local APIC, too.
            case SREGS ->
                List.of(
                        Value.number(72, 0x1111000L + vcpu),
                        Value.number(96, 0x2222000L + vcpu),
                        Value.number(192, 0x3333000L + vcpu),
                        Value.number(232, 0x4444000L + vcpu),
                        Value.number(256, 2L));
            // General registers, RIP, RFLAGS.
            case REGS ->
                List.of(
                        Value.pattern(0, 128, 0x10 + vcpu),
                        Value.number(128, 0x5550L + vcpu),
                        Value.number(136, 0x847L));
            // XCR0: x87, SSE and AVX.
            case XCRS -> List.of(Value.number(16, 7L));
            // Control word, MXCSR, ST0, the XMM registers, XSTATE_BV, the upper halves of the YMM registers.
            case XSAVE ->
                List.of(
                        new Value(0, "7f02"),
                        new Value(24, "a01f0000"),
                        Value.pattern(32, 10, 0xc0 + vcpu),
                        Value.pattern(160, 256, 0x30 + vcpu),
                        Value.number(512, 7L),
                        Value.pattern(576, 256, 0x70 + vcpu));
            // DR0 to DR3, DR6 with a single step, DR7 with a watch on DR0.
            case DEBUGREGS ->
                List.of(Value.pattern(0, 32, 0x50 + vcpu), Value.number(32, 0xffff4ff0L), Value.number(40, 0xd0402L));
            // Priority; software-enabled; one interrupt in service, one requested; a timer that is masked, periodic,
            // slow, and runs.
            case LAPIC ->
                List.of(
                        new Value(0x80, "20"),
                        new Value(0xf0, "ff01"),
                        new Value(0x110, "00000100"),
                        new Value(0x220, "00000200"),
                        Value.number(0x320, 0x30060 + vcpu),
                        Value.number(0x380, APIC_COUNT),
                        Value.number(0x390, APIC_COUNT),
                        new Value(0x3e0, "0a"));
            // An interrupt on its way, in the shadow of an instruction; an NMI that waits for the end of another.
            case EVENTS -> List.of(Value.number(8, 0x03004201 + (vcpu << 8)), new Value(13, "0101"));
            // The last one is halted.
            case MP_STATE -> vcpu == vcpus - 1 ? List.of(new Value(0, "03000000")) : List.of();
        };
    }

    /** Model specific registers of a processor. */
    public static Map<Integer, Long> msrs(int vcpu) {
        Map<Integer, Long> msrs = new TreeMap<>(Integer::compareUnsigned);
        msrs.put(0x10, TSC);
        // SYSENTER_CS, SYSENTER_ESP, SYSENTER_EIP.
        msrs.put(0x174, 0x10L + vcpu);
        msrs.put(0x175, 0x6666000L + vcpu);
        msrs.put(0x176, 0x7777000L + vcpu);
        // STAR, LSTAR, KERNEL_GS_BASE, TSC_AUX.
        msrs.put(0xc0000081, 0x0013000800000000L + vcpu);
        msrs.put(0xc0000082, 0x8888000L + vcpu);
        msrs.put(0xc0000102, 0x9999000L + vcpu);
        msrs.put(0xc0000103, 5L + vcpu);
        // What memory may be cached: PAT, and MTRRs: the first range, the lowest 512 KiB, the default.
        msrs.put(0x277, 0x0007040600070405L);
        msrs.put(0x200, 0x80000006L);
        msrs.put(0x201, 0xc0000800L);
        msrs.put(0x250, 0x0606060606060606L);
        msrs.put(0x2ff, 0xc06L);
        return msrs;
    }

    /** All parts of a machine, by the names that they have in its saved state. */
    public static Map<String, List<Value>> all(int vcpus) {
        Map<String, List<Value>> all = new TreeMap<>();
        for (VmState part : VmState.values()) {
            all.put(part.name(), of(part));
        }
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            for (VcpuState part : VcpuState.values()) {
                all.put("vcpu" + vcpu + "." + part.name(), of(part, vcpu, vcpus));
            }
        }
        return all;
    }
}
