// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

/** Arguments or result of a task that has none. */
public record None() {

    /** The only value there is. */
    public static final None NONE = new None();
}
