// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.probe;

/** What an answer about a kernel rests on. */
public enum Evidence {
    /** The text of a header. */
    HEADER("header"),
    /** Whether a snippet compiles. */
    COMPILED("compiled"),
    /** The configuration. */
    CONFIG("config"),
    /** The symbols that are exported to modules. */
    SYMVERS("symvers"),
    /** A file that is there, or not. */
    FILE("file");

    private final String word;

    Evidence(String word) {
        this.word = word;
    }

    /** As reports say it. */
    public String word() {
        return word;
    }

    /** The kind of file that an answer was read from. */
    static Evidence of(Place place) {
        if (place.file().equals(Config.FILE)) {
            return CONFIG;
        }
        if (place.file().equals(Exports.FILE)) {
            return SYMVERS;
        }
        return place.file().endsWith(".h") ? HEADER : FILE;
    }
}
