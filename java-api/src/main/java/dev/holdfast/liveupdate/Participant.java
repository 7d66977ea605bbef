// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.liveupdate;

import java.time.Duration;

/**
 * Something that has to stand still while the kernel is replaced, such as a guest. Its methods are called one after the other, each in a
 * thread of its own. What they throw ends the update and is told with {@link #name()}.
 *
 * <p>Before the jump: {@link #quiesce()} and {@link #save()}, and {@link #abort()} if the update comes to nothing. Behind it, on another
 * object in another process: {@link #restore()}.
 */
public interface Participant {
    /** What it is called in messages and in the {@link Timeline}: one line, without tabs. */
    String name();

    /** Stands still: when this returns, nothing changes any more what {@link #save()} will find, nor memory of a region. */
    void quiesce() throws Exception;

    /** Keeps in a region what is needed beside its memory to go on. All participants stand still. */
    void save() throws Exception;

    /**
     * Goes on in the running kernel, as if nothing had been: the update comes to nothing. Called for each participant whose {@link
     * #quiesce()} was called, whether or not that returned, and whether or not {@link #save()} was called. After a deadline the step that
     * took too long has been interrupted, and may still be at work.
     */
    void abort() throws Exception;

    /** Goes on behind the jump, from what was saved. */
    void restore() throws Exception;

    /** How long each of these may take. */
    default Duration deadline() {
        return Duration.ofSeconds(30);
    }
}
