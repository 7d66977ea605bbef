// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names as each language writes them, from {@code snake_case} of the schema. */
public final class Names {
    private Names() {}

    /** {@code record_slots} to {@code RECORD_SLOTS}. */
    public static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    /** {@code record_slots} to {@code RecordSlots}. */
    public static String pascal(String name) {
        return Arrays.stream(name.split("_", -1)).map(Names::capital).collect(Collectors.joining());
    }

    /** {@code record_slots} to {@code recordSlots}. */
    public static String camel(String name) {
        String pascal = pascal(name);
        return pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
    }

    private static String capital(String word) {
        return word.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
