// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

/** What a mount makes of a finding. */
public enum Severity {
    /** It puts it right by itself, and nothing is lost. */
    NOTE,
    /** It gets along: everything can be reached, but something is not where it was. */
    WARNING,
    /** It sets a file or directory aside: that one cannot be reached. */
    ERROR,
    /** It refuses the region. */
    FATAL
}
