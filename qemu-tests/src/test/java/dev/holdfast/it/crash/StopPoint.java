// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it.crash;

/**
 * Where the machine stops.
 *
 * @param operation what is stopped
 * @param steps how many of its steps are done
 * @param last how many it has; with more steps than that the machine stops when it has returned
 */
record StopPoint(Operation operation, int steps, int last) {

    /** Whether the operation returns before the machine stops. */
    boolean returns() {
        return steps > last;
    }

    @Override
    public String toString() {
        return operation + (returns() ? " when it had returned" : " after step " + steps + " of " + last);
    }
}
