// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.kernel;

import dev.holdfast.vm.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code make coccicheck MODE=report} does in a kernel tree, for sources outside. Starting its tool takes longer than what the
 * tool does, and most rules are the same in all kernels: a rule is applied to the sources for all kernels at once.
 *
 * @param rules {@code scripts/coccinelle} of each kernel, by the name of the directory of what is rendered for it
 */
record CocciCheck(Map<String, Path> rules) {

    private static final Pattern OPTIONS = Pattern.compile("(?m)^// Options: *(.*)$");
    private static final Pattern REPORTS = Pattern.compile("(?m)^virtual .*\\breport\\b");
    private static final Pattern REMARK = Pattern.compile("([^/]+)/(\\S+:[0-9]+:[0-9]+-[0-9]+: .*)");

    /** Rules with scripts in this language need its compiler: one is about one driver, one about what sparse finds as well. */
    private static final String OCAML = "script:ocaml";

    /** spatch asks the first python3 on the path for its library, which must be that of the distribution. */
    private static final String PATH = "/usr/bin:/bin";

    /**
     * A rule of one kernel or more.
     *
     * @param name its path among the rules
     * @param content what it says
     */
    private record Rule(String name, String content) {}

    /** What the tool says that it is. */
    static String version() {
        return Command.of("spatch", "--version").with("PATH", PATH).run().get(0);
    }

    /** All remarks on the directories of sources in a directory, sorted. */
    List<String> remarks(Path directory) throws IOException {
        return applying().entrySet().parallelStream()
                .flatMap(rule -> remarks(rule.getKey(), rule.getValue(), directory))
                .sorted()
                .toList();
    }

    /** The rules that can report, each with the directories that it is for, and where it is for these. */
    private Map<Rule, Map<String, Path>> applying() throws IOException {
        Map<Rule, Map<String, Path>> applying = new HashMap<>();
        for (Map.Entry<String, Path> kernel : new TreeMap<>(rules).entrySet()) {
            try (Stream<Path> files = Files.walk(kernel.getValue())) {
                for (Path file :
                        files.filter(file -> file.toString().endsWith(".cocci")).toList()) {
                    Rule rule = new Rule(kernel.getValue().relativize(file).toString(), Files.readString(file));
                    if (REPORTS.matcher(rule.content()).find()
                            && !rule.content().contains(OCAML)) {
                        applying.computeIfAbsent(rule, one -> new TreeMap<>()).put(kernel.getKey(), file);
                    }
                }
            }
        }
        return applying;
    }

    private Stream<String> remarks(Rule rule, Map<String, Path> kernels, Path directory) {
        Path file = kernels.values().iterator().next();
        Command command = Command.of("spatch", "-D", "report", "--very-quiet", "--sp-file", file.toString())
                .and(options(rule.content()))
                .and(List.of("--dir", directory.toString()))
                .with("PATH", PATH);
        return command.checked(command.attempt(line -> {})).stream()
                .map(line -> REMARK.matcher(line.replace(directory + "/", "")))
                .filter(remark -> remark.matches() && kernels.containsKey(remark.group(1)))
                .map(remark -> remark.group(1) + ": coccicheck " + rule.name() + ": " + remark.group(2));
    }

    private static List<String> options(String content) {
        Matcher options = OPTIONS.matcher(content);
        return options.find()
                ? Arrays.stream(options.group(1).split(" +"))
                        .filter(option -> !option.isEmpty())
                        .toList()
                : List.of();
    }
}
