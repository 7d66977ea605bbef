// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.HarnessException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel to be tested, written {@code 6.1 cloud-amd64 from bookworm at 6.1.192-2}. The flavour {@code debug} is built from the
 * distribution's sources, the others are its packages.
 *
 * @param version the version it must start with: its series
 * @param flavour the distribution's name for its configuration
 * @param suite the distribution's release that it comes from
 * @param pin the version of its packages; empty for the newest
 */
public record KernelSpec(String version, String flavour, String suite, String pin) {

    private static final String DEBUG = "debug";
    private static final Pattern FORM =
            Pattern.compile("([0-9]+\\.[0-9]+) ([a-z0-9-]+) from ([a-z-]+)(?: at ([0-9][A-Za-z0-9.+~-]*))?");

    /** Reads the written form. */
    public static KernelSpec parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new HarnessException(
                    "not a kernel: '" + text + "'; write it as '6.1 cloud-amd64 from bookworm at 6.1.192-2'");
        }
        String pin = form.group(4);
        return new KernelSpec(form.group(1), form.group(2), form.group(3), pin == null ? "" : pin);
    }

    /** The same kernel at another version. */
    public KernelSpec at(String otherPin) {
        return new KernelSpec(version, flavour, suite, otherPin);
    }

    /**
     * Whether a name means this kernel: whole words from the start of its written form, with spaces or dashes between. A debug
     * kernel is never meant by its version alone.
     */
    public boolean isCalled(String name) {
        return (id() + "-").startsWith(name.replace(' ', '-') + "-") && !(debug() && name.equals(version));
    }

    /** Whether it is a debug kernel, built from sources, rather than a stock kernel. */
    public boolean debug() {
        return flavour.equals(DEBUG);
    }

    /** A name for directories. */
    public String id() {
        return version + "-" + flavour + "-" + suite;
    }

    /** The written form. */
    @Override
    public String toString() {
        return version + " " + flavour + " from " + suite + (pin.isEmpty() ? "" : " at " + pin);
    }
}
