// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.KexecImage;
import dev.holdfast.Preflight;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What is known of a jump before it. */
@Command(
        name = "preflight",
        description = "Says whether the regions would be kept by a kexec into a kernel. Loads nothing.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class PreflightCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NextKernel next = new NextKernel();

    @Override
    public Integer call() {
        KexecImage image = next.image();
        Preflight preflight = Preflight.of(image);
        output.line("command line: %s", image.commandLine());
        preflight.findings().forEach(finding -> output.line("%s", finding));
        output.line("%s", preflight.passes() ? "nothing is in the way" : "the regions would not be kept");
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("passes", preflight.passes());
        fields.put("commandLine", image.commandLine());
        fields.put("findings", preflight.findings().stream().map(Fields::of).toList());
        output.json(fields);
        return preflight.passes() ? 0 : Main.FOUND;
    }
}
