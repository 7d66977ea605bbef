// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.CodegenException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Something that can be in the module or be left out. What is left out leaves no trace in the sources. */
public enum ModuleOption {
    RAW_DEVICE("raw-device", true, "/dev/holdfast: formats and describes regions that are not mounted"),
    FIEMAP("fiemap", true, "physical addresses of files, for CAP_SYS_ADMIN"),
    TRACEPOINTS("tracepoints", true, "holdfast_commit, holdfast_fault, holdfast_alloc and holdfast_free"),
    FAULT_INJECTION(
            "fault-injection",
            false,
            "parameters stop_after and park_after: stop in the middle of a commit, for tests");

    private final String word;
    private final boolean byDefault;
    private final String doc;

    ModuleOption(String word, boolean byDefault, String doc) {
        this.word = word;
        this.byDefault = byDefault;
        this.doc = doc;
    }

    /**
     * The option that is called {@code word}.
     *
     * @throws CodegenException if there is none; the message lists those that there are
     */
    public static ModuleOption named(String word) {
        return Arrays.stream(values())
                .filter(option -> option.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new CodegenException("there is no option '" + word + "' of the module; there are: "
                        + Arrays.stream(values()).map(ModuleOption::word).collect(Collectors.joining(", "))));
    }

    /** What it is called. */
    public String word() {
        return word;
    }

    /** Whether it is in the module if nobody says anything. */
    public boolean byDefault() {
        return byDefault;
    }

    /** What it is, in one line. */
    public String doc() {
        return doc;
    }
}
