// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

/** Is told how far long work has come, by the thread that does it. What it throws ends the work. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (done, all) -> {};

    /**
     * So much is done.
     *
     * @param done how much, in a unit that the work chooses; it never becomes less
     * @param all how much there is to do, in that unit
     */
    void tell(long done, long all);
}
