// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.examples.kvm.VmState;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.kvm.OddState;
import dev.holdfast.vm.guest.kvm.SavingTwice;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;

/**
 * The hypervisor of the examples saves and restores each part of a machine's state that it names, also what none of its guests uses: a
 * machine that was restored saves the same again, byte by byte, but for what runs on by itself.
 */
@QemuTest
class MachineStateIT {
    private static final int TSC = 0x10;

    /** Of Hyper-V's: how long the thread that reads it has run. */
    private static final int VP_RUNTIME = 0x40000010;

    /** Of Hyper-V's: the clock of the machine, in other units. */
    private static final int TIME_REF_COUNT = 0x40000020;

    /** Where the count of a local APIC's timer is in its registers. */
    private static final int APIC_COUNT = 0x390;

    private static final int PIT_CHANNELS = 3;
    private static final int PIT_CHANNEL = 24;
    private static final int PIT_LOAD_TIME = 16;

    @Kernels
    void a_machine_that_was_restored_has_all_its_state(VmBuilder builder) {
        try (Vm vm = builder.kvmInside().classesOf(Machine.class).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);
            assertSavedWhole(vm, 1);
            assertSavedWhole(vm, Machine.MOST_VCPUS);
            for (int vcpus : List.of(0, Machine.MOST_VCPUS + 1)) {
                assertThat(vm.run(SavingTwice.class, new SavingTwice.Args(vcpus))
                                .refusal())
                        .isEqualTo("a machine has 1 to 4 processors, not " + vcpus);
            }
        }
    }

    private static void assertSavedWhole(Vm vm, int vcpus) {
        SavingTwice.Saved saved = vm.run(SavingTwice.class, new SavingTwice.Args(vcpus));
        assertThat(saved.refusal()).isEmpty();
        State fresh = new State(saved.fresh());
        State first = new State(saved.first());
        State second = new State(saved.second());
        SoftAssertions softly = new SoftAssertions();
        assertHasWhatWasSet(softly, fresh, second, vcpus);
        assertRanOn(softly, first, second, vcpus);
        softly.assertThat(second.names()).isEqualTo(first.names());
        Map<String, String> stillFirst = first.withoutWhatRunsOn(vcpus);
        Map<String, String> stillSecond = second.withoutWhatRunsOn(vcpus);
        stillFirst.forEach((name, hex) ->
                softly.assertThat(stillSecond.get(name)).as(vcpus + ": " + name).isEqualTo(hex));
        softly.assertAll();
    }

    /** Otherwise two saves without a part were the same, too; and a part that is new in the restored machine went unseen. */
    private static void assertHasWhatWasSet(SoftAssertions softly, State fresh, State second, int vcpus) {
        OddState.all(vcpus)
                .forEach((name, values) -> values.stream()
                        .filter(value -> !runsOn(name, value))
                        .forEach(value -> {
                            String what = vcpus + ": " + name + " at " + value.offset();
                            softly.assertThat(fresh.hex(name, value)).as(what).isNotEqualTo(value.hex());
                            softly.assertThat(second.hex(name, value)).as(what).isEqualTo(value.hex());
                        }));
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            Map<Integer, Long> before = fresh.msrs(vcpu);
            Map<Integer, Long> after = second.msrs(vcpu);
            String what = vcpus + ": vcpu" + vcpu + ", register ";
            OddState.msrs(vcpu).forEach((number, value) -> {
                if (number != TSC) {
                    String which = what + Integer.toHexString(number);
                    softly.assertThat(before.get(number)).as(which).isNotEqualTo(value);
                    softly.assertThat(after.get(number)).as(which).isEqualTo(value);
                }
            });
        }
    }

    private static boolean runsOn(String name, OddState.Value value) {
        return name.equals(VmState.CLOCK.name()) || name.endsWith(".LAPIC") && value.offset() == APIC_COUNT;
    }

    /** What is not compared went on from where it was: time passes between the saves. */
    private static void assertRanOn(SoftAssertions softly, State first, State second, int vcpus) {
        softly.assertThat(first.clock()).isGreaterThanOrEqualTo(OddState.CLOCK);
        softly.assertThat(second.clock()).isGreaterThanOrEqualTo(first.clock());
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            softly.assertThat(first.tsc(vcpu)).isGreaterThanOrEqualTo(OddState.TSC);
            softly.assertThat(second.tsc(vcpu)).isGreaterThanOrEqualTo(first.tsc(vcpu));
            softly.assertThat(first.apicCount(vcpu)).isPositive().isLessThanOrEqualTo(OddState.APIC_COUNT);
            softly.assertThat(second.apicCount(vcpu)).isPositive().isLessThanOrEqualTo(first.apicCount(vcpu));
        }
    }

    /** A saved state. */
    private static final class State {
        private final Map<String, byte[]> pieces = new LinkedHashMap<>();

        State(List<SavingTwice.Piece> pieces) {
            pieces.forEach(piece -> this.pieces.put(piece.name(), HexFormat.of().parseHex(piece.hex())));
        }

        List<String> names() {
            return List.copyOf(pieces.keySet());
        }

        private ByteBuffer piece(String name) {
            byte[] bytes = Objects.requireNonNull(pieces.get(name), name);
            return ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        }

        String hex(String name, OddState.Value value) {
            int length = value.hex().length() / 2;
            return HexFormat.of().formatHex(piece(name).array(), value.offset(), value.offset() + length);
        }

        Map<Integer, Long> msrs(int vcpu) {
            Map<Integer, Long> msrs = new TreeMap<>(Integer::compareUnsigned);
            ByteBuffer in = piece(msrsOf(vcpu)).order(ByteOrder.BIG_ENDIAN);
            while (in.hasRemaining()) {
                msrs.put(in.getInt(), in.getLong());
            }
            return msrs;
        }

        private static String msrsOf(int vcpu) {
            return "vcpu" + vcpu + ".MSRS";
        }

        private static String lapicOf(int vcpu) {
            return "vcpu" + vcpu + ".LAPIC";
        }

        long clock() {
            return piece(VmState.CLOCK.name()).getLong();
        }

        long tsc(int vcpu) {
            return Objects.requireNonNull(msrs(vcpu).get(TSC));
        }

        int apicCount(int vcpu) {
            return piece(lapicOf(vcpu)).getInt(APIC_COUNT);
        }

        /** All pieces as text, so that what differs can be read. */
        Map<String, String> withoutWhatRunsOn(int vcpus) {
            Map<String, String> still = new LinkedHashMap<>();
            pieces.forEach((name, bytes) -> still.put(name, HexFormat.of().formatHex(bytes)));
            // The clock, and beside it what the host's clocks were when it was read.
            still.remove(VmState.CLOCK.name());
            // When the counts were loaded, in the host's time: KVM loads them anew when they are written.
            ByteBuffer pit = piece(VmState.PIT.name());
            for (int channel = 0; channel < PIT_CHANNELS; channel++) {
                pit.putLong(channel * PIT_CHANNEL + PIT_LOAD_TIME, 0);
            }
            still.put(VmState.PIT.name(), HexFormat.of().formatHex(pit.array()));
            for (int vcpu = 0; vcpu < vcpus; vcpu++) {
                // The timer counts whether its processor runs or not.
                ByteBuffer lapic = piece(lapicOf(vcpu)).putInt(APIC_COUNT, 0);
                still.put(lapicOf(vcpu), HexFormat.of().formatHex(lapic.array()));
                // So do these.
                Map<Integer, Long> msrs = msrs(vcpu);
                msrs.keySet().removeAll(Set.of(TSC, VP_RUNTIME, TIME_REF_COUNT));
                StringBuilder text = new StringBuilder();
                msrs.forEach((number, value) -> text.append("%x=%x ".formatted(number, value)));
                still.put(msrsOf(vcpu), text.toString());
            }
            return still;
        }
    }
}
