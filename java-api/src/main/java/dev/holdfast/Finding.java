// SPDX-License-Identifier: Apache-2.0
package dev.holdfast;

import java.io.Serializable;

/**
 * Something that a {@link Preflight} found about a jump.
 *
 * @param kind what sort of thing
 * @param blocking whether the jump would end in a refusal; else it is worth knowing only
 * @param what what was found, with its objects, one line
 * @param hint what to do about it, one line
 */
public record Finding(Kind kind, boolean blocking, String what, String hint) implements Serializable {
    /** Sorts of findings. */
    public enum Kind {
        /** The next command line leaves a range of a region to its kernel, which will overwrite it. */
        NOT_RESERVED,
        /** The next module does not read the format of a region. */
        FORMAT_VERSION,
        /** The next module does not know incompatible features of a region: it will refuse it. */
        INCOMPATIBLE_FEATURES,
        /** The next module does not know read-only compatible features of a region: it will mount it read-only. */
        READ_ONLY_FEATURES,
        /** The next initrd has modules for other kernels only. */
        OTHER_KERNEL,
        /** The next initrd has no module. */
        NO_MODULE,
        /** The next kernel or initrd cannot be looked into. */
        UNREADABLE,
        /** A region of which the running module cannot say what it needs. */
        UNKNOWN_REGION,
        /** A region has lost records: files of it are kept aside. */
        DAMAGED,
        /** The running kernel is locked down, and the next one is not signed. */
        UNSIGNED,
        /** There is no memory for the next kernel and its initrd. */
        TOO_LARGE,
        /** The next kernel cannot be unpacked before the jump: it does so while everybody stands still. */
        NOT_UNPACKED,
        /** The next kernel will not place itself at random. */
        NO_KASLR,
        /** A process that takes no part in a live update can write to a region. */
        NOT_QUIESCED,
        /** A process has private pages over a file of a region, which are in no region. */
        PRIVATE_MAPPING
    }

    /** One line: what was found, and what to do about it. */
    @Override
    public String toString() {
        return (blocking ? "blocking: " : "advice: ") + what + "; " + hint;
    }
}
