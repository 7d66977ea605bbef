// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.GuestMemory;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Filling;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.Mounting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.guest.PagePattern;
import dev.holdfast.vm.junit.QemuTest;
import dev.holdfast.vm.qemu.MemoryLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mappings of guest memory into processes. */
@QemuTest
@Tag("debug-kernel")
class MappingIT {

    private static final Guest LEFT_BEHIND = new Guest("left-behind", 8 << 20, 9);

    /** A program that fills guest memory, says so, and waits to be killed. */
    static final class Holder {
        public static void main(String[] args) throws InterruptedException {
            try (Region region = Region.open(Mounting.POINT);
                    GuestMemory memory = region.guestMemory(LEFT_BEHIND.name()).create(LEFT_BEHIND.bytes())) {
                PagePattern pattern = new PagePattern(LEFT_BEHIND.seed());
                for (long offset = 0; offset < memory.size(); offset += PagePattern.PAGE) {
                    memory.slice(offset, PagePattern.PAGE).put(pattern.page(offset / PagePattern.PAGE));
                }
                System.out.println("mapped");
                Thread.currentThread().join();
            }
        }
    }

    /** Starts a {@link Holder} and kills it while it holds the mapping. */
    static final class KillHolder implements GuestTask<None, Integer> {
        @Override
        public Integer run(None none, Progress progress) throws IOException, InterruptedException {
            ProcessHandle.Info agent = ProcessHandle.current().info();
            List<String> arguments = List.of(agent.arguments().orElseThrow());
            List<String> command = new ArrayList<>();
            command.add(agent.command().orElseThrow());
            // All of the agent's options but its archive of classes, which is for the agent alone.
            int jar = arguments.indexOf("-jar");
            arguments.subList(0, jar).stream()
                    .filter(argument -> !argument.startsWith("-XX:SharedArchiveFile"))
                    .forEach(command::add);
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", arguments.get(jar + 1)));
            command.add(Holder.class.getName());
            Process holder =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
                String line = output.readLine();
                if (!"mapped".equals(line)) {
                    throw new IllegalStateException("the holder said " + line);
                }
            }
            holder.destroyForcibly();
            if (!holder.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the holder does not die");
            }
            return holder.exitValue();
        }
    }

    @Test
    void a_process_that_dies_with_the_mapping_open_leaves_the_memory_as_it_was(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);

        assertThat(vm.run(KillHolder.class, None.NONE)).isEqualTo(128 + 9);

        assertThat(LEFT_BEHIND.wrongInside(vm)).isEmpty();
        vm.kexec();
        Inside.mount(vm);
        List<PhysicalRange> ranges = new Filling.Filled(vm.run(Inside.Extents.class, LEFT_BEHIND.name())).ranges();
        assertThat(LEFT_BEHIND.wrongInside(vm)).isEmpty();
        assertThat(LEFT_BEHIND.wrongOutside(vm, ranges)).isEmpty();
        Inside.unmount(vm);
    }

    /** Writes one word in every 64 MiB, through one mapping, and reads it through another. */
    static final class TouchFar implements GuestTask<Long, Long> {
        private static final long STEP = 64L << 20;

        @Override
        public Long run(Long bytes, Progress progress) {
            try (Region region = Region.open(Mounting.POINT)) {
                try (GuestMemory memory = region.guestMemory("far").create(bytes)) {
                    for (long at = 0; at < bytes; at += STEP) {
                        memory.slice(at, Long.BYTES).putLong(0, ~at);
                    }
                    memory.slice(bytes - Long.BYTES, Long.BYTES).putLong(0, 42);
                }
                try (GuestMemory memory = region.guestMemory("far").open()) {
                    for (long at = 0; at < bytes; at += STEP) {
                        if (memory.slice(at, Long.BYTES).getLong(0) != ~at) {
                            throw new IllegalStateException("wrong word at " + at);
                        }
                    }
                    return memory.slice(bytes - Long.BYTES, Long.BYTES).getLong(0);
                }
            }
        }
    }

    @Test
    void guest_memory_beyond_two_gibibytes_is_mapped_whole(VmBuilder builder) {
        long size = (5L << 30) / 2;
        try (Vm vm =
                builder.region(new PhysicalRange(MemoryLayout.HIGH, 3L << 30)).start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);

            assertThat(vm.run(TouchFar.class, size)).isEqualTo(42);
        }
    }

    /** What a file holds after it became shorter and longer again. */
    static final class ShrinkAndGrow implements GuestTask<None, String> {
        @Override
        public String run(None none, Progress progress) throws IOException {
            var path = Mounting.POINT.resolve("file");
            Files.writeString(path, "0123456789");
            try (var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                var mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 10);
                channel.truncate(3);
                try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.setLength(6);
                }
                return mapped.get(2) + " " + mapped.get(3) + " "
                        + Files.readString(path).replace('\0', '.');
            }
        }
    }

    @Test
    void what_a_file_lost_does_not_come_back(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);

        assertThat(vm.run(ShrinkAndGrow.class, None.NONE)).isEqualTo("50 0 012...");
    }

    /**
     * Takes the memory of a mapped file away and gives it to a file full of canaries, then reads the mapping. Tells how often that
     * met a canary and how often it met nothing.
     */
    static final class TakeAway implements GuestTask<Integer, TakeAway.Seen> {
        private static final int SIZE = 1 << 20;
        private static final byte CANARY = (byte) 0xee;

        /**
         * What the reader saw.
         *
         * @param canaries pages of the other file
         * @param nothing pages that were not there
         */
        record Seen(int canaries, int nothing) {}

        @Override
        public Seen run(Integer rounds, Progress progress) throws IOException {
            Path other = Mounting.POINT.resolve("other");
            byte[] canaries = new byte[SIZE];
            Arrays.fill(canaries, CANARY);
            Seen seen = new Seen(0, 0);
            try (RandomAccessFile shrinking =
                    new RandomAccessFile(Mounting.POINT.resolve("file").toFile(), "rw")) {
                shrinking.setLength(SIZE);
                MappedByteBuffer mapped = shrinking.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
                for (int round = 0; round < rounds; round++) {
                    seen = look(mapped, seen);
                    shrinking.setLength(0);
                    Files.write(other, canaries);
                    seen = look(mapped, seen);
                    Files.delete(other);
                    shrinking.setLength(SIZE);
                }
            }
            return seen;
        }

        /** Lets the kernel read: it answers with an error where this virtual machine would get a signal. */
        private static Seen look(MappedByteBuffer mapped, Seen before) throws IOException {
            int canaries = before.canaries();
            int nothing = before.nothing();
            Path copy = Path.of("/tmp/copy");
            for (int at = 0; at < SIZE; at += PagePattern.PAGE) {
                try (FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    out.write(mapped.slice(at, 1), 0);
                    canaries += Files.readAllBytes(copy)[0] == CANARY ? 1 : 0;
                } catch (IOException e) {
                    if (!"Bad address".equals(e.getMessage())) {
                        throw e;
                    }
                    nothing++;
                }
            }
            return new Seen(canaries, nothing);
        }
    }

    @Test
    void memory_that_was_taken_away_is_never_seen_through_the_old_mapping(Vm vm) {
        vm.run(Formatting.class, vm.region());
        Inside.mount(vm);

        assertThat(vm.run(TakeAway.class, 10)).isEqualTo(new TakeAway.Seen(0, 10 * 256));
    }
}
