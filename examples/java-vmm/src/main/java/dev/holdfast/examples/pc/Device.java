// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Access;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Something that the guest reads and writes at addresses of its own; all its processors do. */
interface Device {
    /**
     * The guest reads or writes.
     *
     * @param register where, from the device's first address on
     */
    void access(int register, Access access);

    /** Says what state it is in, while the guest stands still. */
    void save(DataOutput out) throws IOException;

    /** Takes the state that another one was in. */
    void load(DataInput in) throws IOException;
}
