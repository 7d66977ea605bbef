// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import dev.holdfast.abi.FormatConstants;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The name of a guest memory or a state file. Names with a dot in front are the library's own. */
record FileName(String text) {
    private static final String HINT = "choose a name of 1 to " + FormatConstants.NAME_MAX
            + " bytes of UTF-8, without '/' and NUL and without '.' in front";

    FileName {
        String fault = fault(text);
        if (fault != null) {
            throw new InvalidArgumentException("use name", text, "FileName", fault, HINT);
        }
    }

    /** Whether a name found in a directory is one that a caller could have given. */
    static boolean isValid(String text) {
        return fault(text) == null;
    }

    private static @Nullable String fault(String text) {
        if (text.isEmpty()) {
            return "the name is empty";
        }
        if (text.startsWith(".")) {
            return "names that start with '.' are reserved";
        }
        if (text.indexOf('/') >= 0) {
            return "the name contains '/'";
        }
        if (text.indexOf('\0') >= 0) {
            return "the name contains NUL";
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return "the name is not valid Unicode";
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes > FormatConstants.NAME_MAX ? "the name has " + bytes + " bytes" : null;
    }
}
