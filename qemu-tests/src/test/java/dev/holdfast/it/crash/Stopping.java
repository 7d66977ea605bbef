// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.vm.guest.GuestTask;
import dev.holdfast.vm.guest.None;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Brings regions to a stop in the middle of an operation, each at a point of its own, while the machine goes on. */
final class Stopping implements GuestTask<List<Stopping.Stop>, None> {

    /** What is to stop where. */
    record Stop(Plot plot, StopPoint point) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 2;

    @Override
    public None run(List<Stop> stops, Progress progress) throws Exception {
        for (Stop stop : stops) {
            stop.plot().prepare(stop.point().operation().before());
            stop(stop);
        }
        return None.NONE;
    }

    private static void stop(Stop stop) throws Exception {
        StopPoint point = stop.point();
        boolean returned = after(point.steps(), point.toString(), () -> {
            point.operation().run(stop.plot().root());
            return None.NONE;
        });
        if (returned != point.returns()) {
            throw new IllegalStateException(point + ": the operation " + (returned ? "has returned" : "was stopped"));
        }
    }

    /** Stops an operation after so many steps, for good; says whether it has returned before. */
    static boolean after(int steps, String name, Callable<None> deed) throws Exception {
        int parked = FaultModule.parked();
        FutureTask<None> operation = new FutureTask<>(operate(steps, deed));
        Thread thread = new Thread(operation, name);
        thread.setDaemon(true);
        thread.start();

        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!operation.isDone() && FaultModule.parked() == parked) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(name + ": neither returned nor stopped in " + PATIENCE);
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        boolean returned = operation.isDone();
        if (returned) {
            operation.get();
        }
        return returned;
    }

    private static Callable<None> operate(int steps, Callable<None> deed) {
        return () -> {
            FaultModule.parkAfter(steps);
            try {
                return deed.call();
            } finally {
                FaultModule.parkAfter(0);
            }
        };
    }
}
