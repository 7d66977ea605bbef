// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.vm.guest.GuestTask;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Says for every kind of operation how many steps it has, and finds out whether it does what its model says. */
final class Measuring implements GuestTask<PhysicalRange, Map<Operation, Integer>> {

    private static final int MORE_THAN_ANY = 1_000_000;

    @Override
    public Map<Operation, Integer> run(PhysicalRange range, Progress progress) throws IOException {
        Map<Operation, Integer> steps = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            steps.put(operation, measure(new Plot(range), operation));
        }
        return steps;
    }

    private static int measure(Plot plot, Operation operation) throws IOException {
        Tree before = operation.before();
        Region region = plot.prepare(before);
        FaultModule.parkAfter(MORE_THAN_ANY);
        operation.run(plot.root());
        int steps = MORE_THAN_ANY - FaultModule.left();
        FaultModule.parkAfter(0);
        Tree.read(region).differenceFrom(operation.after(before)).ifPresent(difference -> {
            throw new IllegalStateException(operation + " does not do what its model says: " + difference);
        });
        region.close();
        return steps;
    }
}
