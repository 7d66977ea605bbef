// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import java.util.List;
import java.util.regex.Pattern;

/** Makes one readable block of what a failed module build printed. */
final class CompilerOutput {

    private static final Pattern CHATTER = Pattern.compile(
            "^\\s+(CC|LD|AR|MODPOST|BTF|CHECK) .*|^make(\\[[0-9]+\\])?: .*|^warning: the compiler differs.*"
                    + "|^\\s+(The kernel was built by|You are using): .*");
    private static final Pattern REMARK = Pattern.compile(": (fatal )?(warning|error): |^(WARNING|ERROR): ");
    private static final int LIMIT = 60;

    private CompilerOutput() {}

    /** The warnings among the lines, each with the file's path below the module's directory. */
    static List<String> warnings(String directory, List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(": warning: "))
                .map(line -> line.replace(directory + "/", ""))
                .toList();
    }

    /** Everything that a compiler, sparse or modpost objects to. */
    static List<String> remarks(String directory, List<String> lines) {
        return lines.stream()
                .filter(line -> REMARK.matcher(line).find())
                .map(line -> line.replace(directory + "/", ""))
                .distinct()
                .toList();
    }

    static String failure(String release, String directory, List<String> lines) {
        List<String> told = lines.stream()
                .filter(line -> !CHATTER.matcher(line).matches())
                .map(line -> line.replace(directory + "/", ""))
                .toList();
        List<String> shown = told.isEmpty() ? lines.subList(Math.max(0, lines.size() - LIMIT), lines.size()) : told;
        StringBuilder text = new StringBuilder("the module does not compile for " + release + ":\n");
        shown.stream()
                .limit(LIMIT)
                .forEach(line -> text.append("    ").append(line).append('\n'));
        if (shown.size() > LIMIT) {
            text.append("    … and ").append(shown.size() - LIMIT).append(" lines more\n");
        }
        return text.toString().stripTrailing();
    }
}
