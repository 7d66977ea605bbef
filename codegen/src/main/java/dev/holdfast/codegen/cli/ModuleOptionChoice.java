// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.cli;

import dev.holdfast.codegen.CodegenException;
import dev.holdfast.codegen.render.ModuleOption;
import dev.holdfast.codegen.render.ModuleOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What is in the module. */
final class ModuleOptionChoice {
    @Option(
            names = "--with",
            paramLabel = "NAME",
            converter = Converter.class,
            description = "Put this into the module; see below. Can be repeated.")
    private final List<ModuleOption> with = new ArrayList<>();

    @Option(
            names = "--without",
            paramLabel = "NAME",
            converter = Converter.class,
            description = "Leave this out of the module, without a trace; see below. Can be repeated.")
    private final List<ModuleOption> without = new ArrayList<>();

    /** Adds the list of options to the help of the command. */
    @Spec(Spec.Target.MIXEE)
    void describe(CommandSpec command) {
        String row = "  %-" + (longest() + 2) + "s%-5s%s";
        command.usageMessage()
                .footerHeading("%nWhat can be in the module, and whether it is by default:%n")
                .footer(Arrays.stream(ModuleOption.values())
                        .map(option -> row.formatted(option.word(), option.byDefault() ? "in" : "out", option.doc()))
                        .toArray(String[]::new));
    }

    ModuleOptions options() {
        return ModuleOptions.defaultsBut(with, without);
    }

    private static int longest() {
        return Arrays.stream(ModuleOption.values())
                .mapToInt(option -> option.word().length())
                .max()
                .orElseThrow();
    }

    /** A name as an option; the message of a failure lists the names that there are. */
    static final class Converter implements ITypeConverter<ModuleOption> {
        @Override
        public ModuleOption convert(String word) {
            try {
                return ModuleOption.named(word);
            } catch (CodegenException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
