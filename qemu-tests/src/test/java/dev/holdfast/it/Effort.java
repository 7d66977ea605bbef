// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

/**
 * How often a test does again what it does: a few times in {@code make test}, as often as was promised in {@code make test-long}, which
 * says {@code -Dholdfast.long=true} and also runs what is tagged {@code long}.
 */
final class Effort {
    private static final boolean LONG = Boolean.getBoolean("holdfast.long");

    private Effort() {}

    /** Whether all is to be done that was promised. */
    static boolean isWhole() {
        return LONG;
    }

    static int of(int usual, int whole) {
        return LONG ? whole : usual;
    }
}
