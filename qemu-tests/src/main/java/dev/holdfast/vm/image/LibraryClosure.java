// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The shared libraries that programs need: some come with the tools, the rest are the host's. */
final class LibraryClosure {

    private static final Pattern LIBRARY = Pattern.compile("^\\s+(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)$");
    private static final Pattern MISSING = Pattern.compile("^\\s+(\\S+) => not found$");

    private LibraryClosure() {}

    /** The libraries of {@code programs} as the loader finds them, looking in {@code directories} first. */
    static NavigableSet<Path> of(Collection<Path> programs, List<Path> directories) {
        String search = directories.stream().map(Path::toString).collect(Collectors.joining(":"));
        NavigableSet<Path> libraries = new TreeSet<>();
        for (Path program : programs) {
            Command ldd = Command.of("ldd", program.toString()).with("LD_LIBRARY_PATH", search);
            ldd.run().forEach(line -> parse(line, program).ifPresent(libraries::add));
        }
        return libraries;
    }

    /** The library that one line of ldd names. */
    static Optional<Path> parse(String line, Path program) {
        Matcher missing = MISSING.matcher(line);
        if (missing.matches()) {
            throw new HarnessException(program + " needs " + missing.group(1) + ", which the host does not have");
        }
        Matcher library = LIBRARY.matcher(line);
        return library.matches() ? Optional.of(Path.of(library.group(1)).normalize()) : Optional.empty();
    }
}
