// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.HarnessException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A package as {@code apt-cache show} describes it.
 *
 * @param name its name
 * @param version its version
 * @param dependencies the packages it depends on; of alternatives the first; their versions as far as demanded
 */
public record DebianPackage(String name, String version, List<DebianPackage> dependencies) {

    /** Reads the first paragraph. */
    public static DebianPackage parse(List<String> lines) {
        List<String> paragraph =
                lines.stream().takeWhile(line -> !line.isBlank()).toList();
        return new DebianPackage(
                field(paragraph, "Package"),
                field(paragraph, "Version"),
                paragraph.stream()
                        .filter(line -> line.matches("(Pre-)?Depends: .*"))
                        .flatMap(line -> Arrays.stream(
                                line.substring(line.indexOf(':') + 1).split(",", -1)))
                        .map(DebianPackage::dependency)
                        .toList());
    }

    /** Reads all paragraphs. */
    static List<DebianPackage> parseAll(List<String> lines) {
        List<DebianPackage> packages = new ArrayList<>();
        List<String> paragraph = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                paragraph.add(line);
            } else if (!paragraph.isEmpty()) {
                packages.add(parse(paragraph));
                paragraph.clear();
            }
        }
        if (!paragraph.isEmpty()) {
            packages.add(parse(paragraph));
        }
        return packages;
    }

    /** The word that makes apt take exactly this version. */
    String exactly() {
        return version.isEmpty() ? name : name + "=" + version;
    }

    /** Orders versions as the distribution does. */
    static int compareVersions(String one, String other) {
        if (one.equals(other)) {
            return 0;
        }
        return Command.of("dpkg", "--compare-versions", one, "lt", other)
                                .attempt(line -> {})
                                .exitCode()
                        == 0
                ? -1
                : 1;
    }

    private static String field(List<String> paragraph, String name) {
        return paragraph.stream()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2).strip())
                .findFirst()
                .orElseThrow(() -> new HarnessException("apt-cache tells no " + name + " in: " + paragraph));
    }

    /** Such as {@code linux-headers-6.1.0-56-common (= 6.1.192-2) | other}. */
    private static DebianPackage dependency(String text) {
        String first = text.split("\\|", 2)[0].strip();
        String[] parts = first.split("[ :(]", 2);
        return new DebianPackage(parts[0], first.replaceFirst("^[^(]*(\\(= ([^)]*)\\))?.*$", "$2"), List.of());
    }
}
