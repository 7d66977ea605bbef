// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import dev.holdfast.vm.channel.Message;
import java.io.Serial;

/** A task inside the VM has thrown. The VM itself is well. */
public final class GuestFailed extends VmFailure {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;
    private final String guestMessage;

    GuestFailed(String task, Message.Thrown thrown, Evidence evidence) {
        super(
                task + " threw " + thrown.type() + ": " + thrown.message() + "\n"
                        + thrown.trace().stripTrailing(),
                evidence);
        this.type = thrown.type();
        this.guestMessage = thrown.message();
    }

    /** Class name of what was thrown inside. */
    public String type() {
        return type;
    }

    /** Its message. */
    public String guestMessage() {
        return guestMessage;
    }
}
