// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.HoldfastException;
import dev.holdfast.PhysicalRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A physical range, as {@code memmap=} has it. */
final class RangeParameter implements ITypeConverter<PhysicalRange> {
    @Override
    public PhysicalRange convert(String text) {
        try {
            return PhysicalRange.parse(text);
        } catch (HoldfastException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
