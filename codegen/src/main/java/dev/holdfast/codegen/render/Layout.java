// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.CodegenException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How the module's sources lie, for those who build them. */
public enum Layout {
    OUT_OF_TREE("out-of-tree", "a folder that make builds against the kernel's build tree"),
    DKMS("dkms", "a tree for dkms add, build, install; it renders anew for each kernel that arrives, with Java"),
    IN_TREE("in-tree", "fs/holdfast in a kernel source tree, with Kconfig and Makefile");

    private static final String HEADER = "uapi/holdfast.h";
    private static final String HOME = "fs/holdfast";

    private final String word;
    private final String doc;

    Layout(String word, String doc) {
        this.word = word;
        this.doc = doc;
    }

    /**
     * The layout that is called {@code word}.
     *
     * @throws CodegenException if there is none; the message lists those that there are
     */
    public static Layout named(String word) {
        return Arrays.stream(values())
                .filter(layout -> layout.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new CodegenException("there is no layout '" + word + "'; there are: "
                        + Arrays.stream(values()).map(Layout::word).collect(Collectors.joining(", "))));
    }

    /** What it is called. */
    public String word() {
        return word;
    }

    /** What it is, in one line. */
    public String doc() {
        return doc;
    }

    /** Whether the sources are a part of the kernel's own. */
    public boolean inTree() {
        return this == IN_TREE;
    }

    /** The header for user space, as the module's sources include it. */
    public String uapi() {
        return inTree() ? "<uapi/linux/holdfast.h>" : '"' + HEADER + '"';
    }

    /** Where tracepoints.h lies for the kernel's headers, which include it once more: as they see it, or on the include path. */
    public String tracePath() {
        return inTree() ? "../../" + HOME : ".";
    }

    /** The folder in which nothing is expected but what is rendered; empty for the whole tree. */
    public String home() {
        return inTree() ? HOME : "";
    }

    /** Where a file of the module lies in the tree. */
    String place(String name) {
        if (!inTree()) {
            return name;
        }
        return name.equals(HEADER) ? "include/uapi/linux/holdfast.h" : HOME + "/" + name;
    }
}
