// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An array, touched as {@link GuestMemoryBenchmark} touches mapped memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
public class ArrayBenchmark {

    private final long[] values = new long[Content.VALUES];
    private final byte[] bytes = new byte[Content.BLOCKS * Content.BLOCK];
    private final byte[] block = new byte[Content.BLOCK];

    /** Reads each value, from the first to the last. */
    @Benchmark
    @OperationsPerInvocation(Content.VALUES)
    public long readInOrder() {
        long sum = 0;
        for (int i = 0; i < Content.VALUES; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** Writes each value, from the first to the last. */
    @Benchmark
    @OperationsPerInvocation(Content.VALUES)
    public void writeInOrder() {
        for (int i = 0; i < Content.VALUES; i++) {
            values[i] = i;
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
            sum += values[place];
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
            values[place] = i;
        }
    }

    /** Copies each block into a small array. */
    @Benchmark
    @OperationsPerInvocation(Content.BLOCKS)
    public byte[] copyOut() {
        for (int i = 0; i < Content.BLOCKS; i++) {
            System.arraycopy(bytes, i * Content.BLOCK, block, 0, Content.BLOCK);
        }
        return block;
    }

    /** Copies a small array into each block. */
    @Benchmark
    @OperationsPerInvocation(Content.BLOCKS)
    public void copyIn() {
        for (int i = 0; i < Content.BLOCKS; i++) {
            System.arraycopy(block, 0, bytes, i * Content.BLOCK, Content.BLOCK);
        }
    }
}
