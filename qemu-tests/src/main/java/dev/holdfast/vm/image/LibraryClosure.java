// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shared libraries of the host that programs need. */
final class LibraryClosure {

    private static final Pattern LIBRARY = Pattern.compile("^\\s+(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$");
    private static final Pattern MISSING = Pattern.compile("^\\s+(\\S+) => not found$");

    private LibraryClosure() {}

    /** The libraries of {@code programs}, without those that are below {@code own}. */
    static SortedSet<Path> of(Collection<Path> programs, Path own) {
        SortedSet<Path> libraries = new TreeSet<>();
        for (Path program : programs) {
            for (String line : Command.of("ldd", program.toString()).run()) {
                libraries.addAll(parse(line, program));
            }
        }
        libraries.removeIf(library -> library.startsWith(own));
        return libraries;
    }

    /** What one line of ldd names: a library or nothing. */
    static SortedSet<Path> parse(String line, Path program) {
        Matcher missing = MISSING.matcher(line);
        if (missing.matches()) {
            throw new HarnessException(program + " needs " + missing.group(1) + ", which the host does not have");
        }
        Matcher library = LIBRARY.matcher(line);
        return library.matches()
                ? new TreeSet<>(java.util.Set.of(Path.of(library.group(1)).normalize()))
                : new TreeSet<>();
    }
}
