// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.bench;

import java.util.Locale;

/** Numbers for readers: three digits that count. */
final class Numbers {

    private Numbers() {}

    static String of(double value) {
        double size = Math.abs(value);
        String form = size >= 100 || size == 0 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, form, value);
    }
}
