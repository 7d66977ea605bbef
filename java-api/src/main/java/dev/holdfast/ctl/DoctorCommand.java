// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether this host is ready. */
@Command(
        name = "doctor",
        description = "Says whether this host is ready for regions and for kexec, and what to do where it is not.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() {
        List<Check> checks = new Doctor(Path.of("/")).examine();
        for (Check check : checks) {
            output.line("%-5s %-12s %s", word(check), check.subject(), check.what());
            if (check.verdict() != Check.Verdict.OK) {
                output.line("%-18s %s", "", check.hint());
            }
        }
        boolean ready = checks.stream().noneMatch(check -> check.verdict() == Check.Verdict.FAIL);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ready", ready);
        fields.put("checks", checks.stream().map(DoctorCommand::fields).toList());
        output.json(fields);
        return ready ? 0 : Main.FOUND;
    }

    private static String word(Check check) {
        return check.verdict().name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> fields(Check check) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("subject", check.subject());
        fields.put("verdict", word(check));
        fields.put("what", check.what());
        if (check.verdict() != Check.Verdict.OK) {
            fields.put("hint", check.hint());
        }
        return fields;
    }
}
