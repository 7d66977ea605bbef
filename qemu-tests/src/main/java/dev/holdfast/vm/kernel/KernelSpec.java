// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stock kernel to be tested, written {@code 6.1 cloud-amd64 from bookworm}.
 *
 * @param version the version it must start with
 * @param flavour the distribution's name for its configuration
 * @param suite the distribution's release that it comes from
 */
public record KernelSpec(String version, String flavour, String suite) {

    private static final Pattern FORM = Pattern.compile("([0-9]+\\.[0-9]+) ([a-z0-9-]+) from ([a-z-]+)");

    /** Reads the written form. */
    public static KernelSpec parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "not a kernel: '" + text + "'; write it as '6.1 cloud-amd64 from bookworm'");
        }
        return new KernelSpec(form.group(1), form.group(2), form.group(3));
    }

    /** Whether a name means this kernel: whole words from the start of its written form, with spaces or dashes between. */
    public boolean isCalled(String name) {
        return (id() + "-").startsWith(name.replace(' ', '-') + "-");
    }

    /** A name for directories. */
    public String id() {
        return version + "-" + flavour + "-" + suite;
    }

    @Override
    public String toString() {
        return version + " " + flavour + " from " + suite;
    }
}
