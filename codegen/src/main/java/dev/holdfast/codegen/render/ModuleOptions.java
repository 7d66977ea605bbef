// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.codegen.render;

import dev.holdfast.codegen.CodegenException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is in the module; {@code options} in the templates.
 *
 * @param chosen what is in it
 */
public record ModuleOptions(Set<ModuleOption> chosen) {
    public ModuleOptions {
        chosen = Set.copyOf(chosen);
    }

    /** What is in the module if nobody says anything. */
    public static ModuleOptions defaults() {
        return defaultsBut(List.of(), List.of());
    }

    /**
     * The defaults with some options more and some less.
     *
     * @throws CodegenException if an option is both
     */
    public static ModuleOptions defaultsBut(Collection<ModuleOption> with, Collection<ModuleOption> without) {
        if (!Collections.disjoint(with, without)) {
            Set<ModuleOption> both = EnumSet.copyOf(with);
            both.retainAll(without);
            throw new CodegenException(
                    "option " + words(both) + " is both asked for and left out; drop --with or" + " --without");
        }
        Set<ModuleOption> chosen = EnumSet.noneOf(ModuleOption.class);
        Arrays.stream(ModuleOption.values()).filter(ModuleOption::byDefault).forEach(chosen::add);
        chosen.addAll(with);
        chosen.removeAll(without);
        return new ModuleOptions(chosen);
    }

    /**
     * Whether the option that is called {@code word} is in the module.
     *
     * @throws CodegenException if there is no such option
     */
    public boolean has(String word) {
        return chosen.contains(ModuleOption.named(word));
    }

    /** What to say on the command line to get these; empty for the defaults. */
    public String arguments() {
        return Arrays.stream(ModuleOption.values())
                .filter(option -> chosen.contains(option) != option.byDefault())
                .map(option -> (option.byDefault() ? " --without=" : " --with=") + option.word())
                .collect(Collectors.joining())
                .strip();
    }

    /** The names of what is in the module. */
    public String words() {
        return words(chosen);
    }

    private static String words(Set<ModuleOption> options) {
        return options.stream().sorted().map(ModuleOption::word).collect(Collectors.joining(" "));
    }
}
