// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.image;

import dev.holdfast.vm.HarnessException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The programs of unpacked packages, and where the libraries are that came with them.
 *
 * @param tools where the packages were unpacked over each other
 */
record Programs(Path tools) {

    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /** The static busybox. */
    Path busybox() {
        return tools.resolve("bin/busybox");
    }

    /** All others, by the paths that they have in the VM: {@code sbin/kexec}. */
    SortedMap<String, Path> dynamic() {
        SortedMap<String, Path> programs = new TreeMap<>();
        for (String directory : List.of("bin", "sbin")) {
            for (String place : List.of(directory, "usr/" + directory)) {
                list(place, file -> !file.equals(busybox()) && isProgram(file))
                        .forEach(file -> programs.put(directory + "/" + file.getFileName(), file));
            }
        }
        return programs;
    }

    /** Where libraries are. Some packages keep those that only they use in a directory below the usual one. */
    List<Path> libraryDirectories() {
        List<Path> directories = new ArrayList<>();
        for (String usual : List.of("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu")) {
            directories.add(tools.resolve(usual));
            directories.addAll(list(usual, Files::isDirectory));
        }
        return directories;
    }

    /** Adds what the programs are to a hash. */
    void addTo(ContentHash hash) {
        hash.add(busybox());
        dynamic().forEach((place, program) -> hash.add(place).add(program));
    }

    /** Their names, or how many they are. */
    String inWords() {
        Collection<String> places = dynamic().keySet();
        return places.size() > 4 ? places.size() + " programs" : String.join(", ", places);
    }

    private List<Path> list(String name, Predicate<Path> wanted) {
        Path directory = tools.resolve(name);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(wanted).sorted().toList();
        } catch (IOException e) {
            throw new HarnessException("cannot list " + directory + ": " + e, e);
        }
    }

    /** Not a script: its interpreter would be missing. */
    private static boolean isProgram(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        } catch (IOException e) {
            throw new HarnessException("cannot read " + file + ": " + e, e);
        }
    }
}
