// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.benchmarks;

import dev.holdfast.Region;
import dev.holdfast.RegionDescription;
import dev.holdfast.abi.RegionInfo;
import dev.holdfast.internal.jna.ErrnoException;
import dev.holdfast.internal.jna.OpenFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What is asked of a region: by one ioctl, and by a method of the library, which makes several calls and reads what they tell. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
public class CallBenchmark {

    /** Where a region is mounted. */
    @Param("/mnt/holdfast")
    @SuppressWarnings("NullAway.Init") // JMH sets it
    public String mountPoint;

    @SuppressWarnings("NullAway.Init") // JMH calls open()
    private Region region;

    @SuppressWarnings("NullAway.Init")
    private OpenFile root;

    @SuppressWarnings("NullAway.Init")
    private RegionInfo info;

    /** Opens the region. */
    @Setup
    public void open() throws ErrnoException {
        region = Region.open(Path.of(mountPoint));
        root = OpenFile.open(Path.of(mountPoint), OpenFile.Access.READ);
        info = new RegionInfo();
    }

    /** Closes it. */
    @TearDown
    public void close() {
        info.close();
        root.close();
        region.close();
    }

    /** One ioctl as every call of the library is made, into memory that is there: what JNA costs. */
    @Benchmark
    public void ioctl() throws ErrnoException {
        root.regionInfo(info);
    }

    /** What a program calls: JNA four times, memory for what the module tells, and its decoding. So much code is compiled late. */
    @Benchmark
    @Warmup(iterations = 10, time = 2)
    public RegionDescription describe() {
        return region.describe();
    }
}
