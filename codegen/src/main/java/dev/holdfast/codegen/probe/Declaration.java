// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A function or a pointer to one.
 *
 * @param returns type that it returns, with qualifiers, in single spaces
 * @param parameters its parameters, in single spaces; none for {@code (void)}
 * @param place where it is declared
 */
record Declaration(String returns, List<String> parameters, Place place) {
    Declaration {
        parameters = List.copyOf(parameters);
    }

    /** Whether parameter {@code index}, from 0, is of that type, with or without a name. */
    boolean takes(int index, String type) {
        return index < parameters.size() && parameters.get(index).matches(Pattern.quote(type) + "( ?\\b\\w+)?");
    }
}
