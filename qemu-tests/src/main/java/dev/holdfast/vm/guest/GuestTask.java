// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

/**
 * Java code that a test runs inside the VM. A task is a class with a constructor without arguments, named by the test
 * outside and found by the agent inside; arguments and result travel as JSON, so they are records of plain values.
 *
 * @param <A> the arguments, a record or a plain value
 * @param <R> the result, a record or a plain value
 */
@FunctionalInterface
public interface GuestTask<A, R> {

    /**
     * Does the work.
     *
     * @throws Exception reaches the test outside as a {@link dev.holdfast.vm.GuestFailed}, with type, message and trace
     */
    R run(A args, Progress progress) throws Exception;

    /** Where a task tells the test outside how far it has come. */
    @FunctionalInterface
    interface Progress {

        /** Sends one line. */
        void say(String line);
    }
}
