// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import dev.holdfast.examples.pc.GuestRam;
import dev.holdfast.examples.pc.Machine;
import dev.holdfast.examples.pc.MachineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/**
 * A guest that notices whatever goes wrong with it: {@code src/main/guest/checker.c}. Each processor walks through its share of the memory, again
 * and again, finds there what it left, and leaves something else; a timer counts beside it, and looks at the processor's clock.
 *
 * @param ram all memory of the guest
 */
public record Checker(GuestRam ram) {
    /** Where the guest's memory that is walked starts, in bytes. */
    private static final int WALKED = 2 << 20;

    private static final int WINDOW = 1 << 20;
    private static final int REPORT = 0x6000;
    private static final int REPORT_SIZE = 64;
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    /** What a processor of the guest says of itself. */
    public record Report(long passes, long chain, long ticks, long wrongWords, long clockJumps, long lastClock) {
        /** Whether the chain is that of so many passes; or of one more, if it stopped between the two. */
        public boolean isWhole() {
            return chain == chainOf(passes) || chain == chainOf(passes + 1);
        }
    }

    /**
     * Puts the guest into the memory of a machine, and its processors to its start.
     *
     * @throws MachineException if the memory is too small for it
     */
    public static void load(Machine machine) {
        GuestRam ram = machine.ram();
        if (ram.size() <= WALKED) {
            throw new MachineException("this guest needs more than 2 MiB of memory, not " + ram.size() + " bytes");
        }
        byte[] program = program();
        LongMode.tables(ram);
        ram.at(LongMode.PROGRAM, program.length).put(program);
        ram.at(REPORT, REPORT_SIZE).putLong(ram.size()).putLong(machine.vcpus());
        for (int number = 0; number < machine.vcpus(); number++) {
            LongMode.start(machine.vcpu(number), LongMode.PROGRAM, LongMode.stack(number), number, 0);
        }
    }

    private static byte[] program() {
        try (InputStream in = Checker.class.getResourceAsStream("checker.bin")) {
            if (in == null) {
                throw new IllegalStateException("checker.bin is not beside the classes");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a processor says. Its guest may be running. */
    public Report report(int vcpu) {
        ByteBuffer report = ram.at(REPORT + (1L + vcpu) * REPORT_SIZE, REPORT_SIZE);
        return new Report(
                report.getLong(),
                report.getLong(),
                report.getLong(),
                report.getLong(),
                report.getLong(),
                report.getLong());
    }

    /**
     * How many words of the memory are not what the guest, which stands still, must have left there: of each share a part is from the
     * pass that it is in, and the rest from the one before. Looked at without the guest.
     *
     * @param vcpus how many processors it has
     */
    public long wrongWords(int vcpus) {
        return IntStream.range(0, vcpus)
                .mapToLong(vcpu -> wrongWords(vcpu, vcpus))
                .sum();
    }

    private long wrongWords(int vcpu, int vcpus) {
        long share = (ram.size() - WALKED) / vcpus / Long.BYTES * Long.BYTES;
        long from = WALKED + vcpu * share;
        long passes = report(vcpu).passes();
        boolean inThisPass = true;
        long wrong = 0;
        for (long at = from; at < from + share; ) {
            ByteBuffer words = ram.at(place(at), (int) Math.min(WINDOW - at % WINDOW, from + share - at));
            for (; words.hasRemaining(); at += Long.BYTES) {
                long word = words.getLong();
                inThisPass = inThisPass && word == word(at, passes + 1);
                if (!inThisPass && word != (passes == 0 ? 0 : word(at, passes))) {
                    wrong++;
                }
            }
        }
        return wrong;
    }

    /** Where the guest sees what is so far from the start of its memory. */
    private static long place(long offset) {
        return offset < GuestRam.DEVICES ? offset : offset + GuestRam.DEVICES_END - GuestRam.DEVICES;
    }

    private static long word(long address, long pass) {
        return (address ^ pass << 32) * FACTOR;
    }

    private static long chainOf(long passes) {
        long chain = 0;
        for (long pass = 1; pass <= passes; pass++) {
            chain = (chain ^ pass) * FACTOR;
        }
        return chain;
    }
}
