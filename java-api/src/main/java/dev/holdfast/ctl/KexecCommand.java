// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.Kexec;
import dev.holdfast.KexecImage;
import dev.holdfast.Preflight;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Jumps. */
@Command(
        name = "kexec",
        description =
                "Loads the next kernel, and with --yes jumps into it at once: programs are not stopped first."
                        + " Without it, systemctl kexec stops them and jumps; where systemd/install was run, that is refused to other kernels.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class KexecCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final NextKernel next = new NextKernel();

    @Option(names = "--yes", description = "Jump. Without it the kernel is loaded only.")
    private boolean yes;

    @Option(
            names = "--unpacked",
            description =
                    "Unpack kernel and initrd before the jump, which then is shorter. Not under lockdown, nor with EFI firmware.")
    private boolean unpacked;

    @Override
    public Integer call() {
        KexecImage image = next.image();
        Preflight preflight = Preflight.of(image);
        preflight.findings().forEach(finding -> output.line("%s", finding));
        if (preflight.passes()) {
            if (unpacked) {
                Kexec.loadUnpacked(image);
            } else {
                Kexec.load(image);
            }
            Guard.open();
            output.line(yes ? "jumping" : "loaded; systemctl kexec, or kexec -e, jumps");
        } else {
            output.line("nothing was loaded");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("loaded", preflight.passes());
        fields.put("commandLine", image.commandLine());
        fields.put("findings", preflight.findings().stream().map(Fields::of).toList());
        output.json(fields);
        output.out().flush();
        if (!preflight.passes()) {
            return Main.FOUND;
        }
        if (yes) {
            Kexec.execute();
        }
        return 0;
    }
}
