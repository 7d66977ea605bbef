// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.benchmarks;

import dev.holdfast.GuestMemory;
import dev.holdfast.Region;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Memory of a guest, touched through a slice of it. Each method is that of {@link ArrayBenchmark}, letter by letter but for the access:
 * so each compares with the one of its name.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
public class GuestMemoryBenchmark {

    private static final String NAME = "benchmark";

    /** Where a region is mounted. */
    @Param("/mnt/holdfast")
    @SuppressWarnings("NullAway.Init") // JMH sets it
    public String mountPoint;

    private final byte[] block = new byte[Content.BLOCK];

    @SuppressWarnings("NullAway.Init") // JMH calls open()
    private Region region;

    @SuppressWarnings("NullAway.Init")
    private GuestMemory memory;

    @SuppressWarnings("NullAway.Init")
    private ByteBuffer slice;

    /** Makes and maps the memory. */
    @Setup
    public void open() {
        region = Region.open(Path.of(mountPoint));
        memory = region.guestMemory(NAME).create(Content.VALUES * Long.BYTES);
        slice = memory.slice(0, Content.VALUES * Long.BYTES);
    }

    /** Removes it. */
    @TearDown
    public void close() {
        memory.close();
        region.guestMemory(NAME).remove();
        region.close();
    }

    /** Reads each value, from the first to the last. */
    @Benchmark
    @OperationsPerInvocation(Content.VALUES)
    public long readInOrder() {
        long sum = 0;
        for (int i = 0; i < Content.VALUES; i++) {
            sum += slice.getLong(i * Long.BYTES);
        }
        return sum;
    }

    /** Writes each value, from the first to the last. */
    @Benchmark
    @OperationsPerInvocation(Content.VALUES)
    public void writeInOrder() {
        for (int i = 0; i < Content.VALUES; i++) {
            slice.putLong(i * Long.BYTES, i);
        }
    }

    /** Reads each value, in no order. */
    @Benchmark
    @OperationsPerInvocation(Content.VALUES)
    public long readAnywhere() {
        long sum = 0;
        int place = 0;
        for (int i = 0; i < Content.VALUES; i++) {
            place = Content.after(place);
            sum += slice.getLong(place * Long.BYTES);
        }
        return sum;
    }

    /** Writes each value, in no order. */
    @Benchmark
    @OperationsPerInvocation(Content.VALUES)
    public void writeAnywhere() {
        int place = 0;
        for (int i = 0; i < Content.VALUES; i++) {
            place = Content.after(place);
            slice.putLong(place * Long.BYTES, i);
        }
    }

    /** Copies each block into a small array. */
    @Benchmark
    @OperationsPerInvocation(Content.BLOCKS)
    public byte[] copyOut() {
        for (int i = 0; i < Content.BLOCKS; i++) {
            slice.get(i * Content.BLOCK, block);
        }
        return block;
    }

    /** Copies a small array into each block. */
    @Benchmark
    @OperationsPerInvocation(Content.BLOCKS)
    public void copyIn() {
        for (int i = 0; i < Content.BLOCKS; i++) {
            slice.put(i * Content.BLOCK, block);
        }
    }
}
