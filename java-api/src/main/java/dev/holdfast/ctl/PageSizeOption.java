// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.PageSize;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A size of pages, as the mount option calls it. */
final class PageSizeOption implements ITypeConverter<PageSize> {
    @Override
    public PageSize convert(String text) {
        String name = "SIZE_" + text.toUpperCase(Locale.ROOT);
        return Arrays.stream(PageSize.values())
                .filter(size -> size.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is no size of pages; 4K, 2M and 1G are"));
    }
}
