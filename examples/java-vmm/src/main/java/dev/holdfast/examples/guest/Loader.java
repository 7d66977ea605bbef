// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.guest;

import dev.holdfast.examples.pc.Machine;

/** Puts something into the memory of a machine that was just made, and its processors to where it starts. */
@FunctionalInterface
public interface Loader {
    /**
     * Does that.
     *
     * @throws dev.holdfast.examples.pc.MachineException if the machine does not suit it
     */
    void load(Machine machine);
}
