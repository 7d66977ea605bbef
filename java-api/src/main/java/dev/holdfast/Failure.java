// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.Errno;
import java.io.Serializable;

/** What a {@link HoldfastException} says. All texts are of one line and without a full stop. */
record Failure(String action, String object, String call, Errno errno, String meaning, String hint)
        implements Serializable {
    /** The library itself refuses an argument. */
    static Failure refused(String action, String object, String method, String meaning, String hint) {
        return new Failure(action, quoted(object), method, Errno.EINVAL, meaning, hint);
    }

    /** What was given, readable in one line whatever is in it. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            if (Character.isISOControl(character)) {
                quoted.append(String.format("\\u%04x", character));
            } else {
                quoted.appendCodePoint(character);
            }
        });
        return quoted.append('"').toString();
    }

    String message() {
        return what() + " (" + call + ": " + errno + "); " + hint;
    }

    /** What failed, on what and why, for a text that goes on by itself. */
    String what() {
        return "cannot " + action + " " + object + ": " + meaning;
    }
}
