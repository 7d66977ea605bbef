// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

/**
 * Something that was looked at.
 *
 * @param subject in a word
 * @param verdict how it is
 * @param what what was found, one clause
 * @param hint what to do about it, one clause; empty if it is as it should be
 */
record Check(String subject, Verdict verdict, String what, String hint) {
    /** How something is. */
    enum Verdict {
        /** As it should be. */
        OK,
        /** It works, and something is worth knowing. */
        WARN,
        /** It does not work like this. */
        FAIL
    }

    static Check ok(String subject, String what) {
        return new Check(subject, Verdict.OK, what, "");
    }

    static Check warn(String subject, String what, String hint) {
        return new Check(subject, Verdict.WARN, what, hint);
    }

    static Check fail(String subject, String what, String hint) {
        return new Check(subject, Verdict.FAIL, what, hint);
    }
}
