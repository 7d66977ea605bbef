// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.render.Layout;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the sources are to lie. */
final class LayoutOption {
    @Option(
            names = "--layout",
            paramLabel = "NAME",
            converter = Converter.class,
            completionCandidates = Names.class,
            defaultValue = "out-of-tree",
            description = "How the sources lie: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Layout layout = Layout.OUT_OF_TREE;

    Layout layout() {
        return layout;
    }

    /** A name as a layout; the message of a failure lists the names that there are. */
    static final class Converter implements ITypeConverter<Layout> {
        @Override
        public Layout convert(String word) {
            try {
                return Layout.named(word);
            } catch (CodegenException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Each name with what it stands for, for the help of the command. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Layout.values())
                    .map(layout -> layout.word() + " (" + layout.doc() + ")")
                    .iterator();
        }
    }
}
