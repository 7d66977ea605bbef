// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.schema;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** Names of one kind, each of which may be given once. */
final class NameSpace {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

    /** Keywords of C that Java lacks, and methods that every generated Java class has already. */
    private static final Set<String> TAKEN = Set.of(
            "auto",
            "extern",
            "register",
            "signed",
            "sizeof",
            "struct",
            "typedef",
            "union",
            "unsigned",
            "inline",
            "restrict",
            "typeof",
            "asm",
            "wait",
            "notify",
            "notify_all",
            "hash_code",
            "get_class",
            "to_string",
            "clone",
            "finalize",
            "equals",
            "close",
            "pointer");

    private final String kind;
    private final Set<String> reserved;
    private final Map<String, YamlValue> places = new HashMap<>();

    NameSpace(String kind, String... reserved) {
        this.kind = kind;
        this.reserved = Set.of(reserved);
    }

    /**
     * The value's text, as a name that C and Java can use and that was not given before; names that differ only
     * in underscores are one name to Java.
     */
    String claim(YamlValue value) {
        String name = value.text();
        if (!NAME.matcher(name).matches()) {
            throw value.refuse("'" + name + "' is no name: use lower-case letters, digits and single underscores");
        }
        if (SourceVersion.isKeyword(name) || TAKEN.contains(name)) {
            throw value.refuse("'" + name + "' cannot be a name: C or Java uses it already");
        }
        claim(value, Names.camel(name), name);
        return name;
    }

    /** Records that {@code name} was given at {@code value}. */
    void claim(YamlValue value, String name) {
        claim(value, name, name);
    }

    private void claim(YamlValue value, String key, String name) {
        if (reserved.contains(key)) {
            throw value.refuse(kind + " '" + name + "' cannot be used: generated code has one already");
        }
        YamlValue first = places.putIfAbsent(key, value);
        if (first != null) {
            throw value.refuse("duplicate " + kind + " '" + name + "', first at " + first.file() + ":" + first.line());
        }
    }
}
