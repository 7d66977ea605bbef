// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import dev.holdfast.Region;
import java.util.Arrays;

/** Tells whether a state file of the mounted region holds what {@link SavingState} wrote. */
public final class CheckingState implements GuestTask<SavingState.Args, Boolean> {

    @Override
    public Boolean run(SavingState.Args args, Progress progress) {
        try (Region region = Region.open(Mounting.POINT)) {
            return Arrays.equals(region.state(args.name()).read(), args.content());
        }
    }
}
