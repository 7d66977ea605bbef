// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.KexecCommandLine;
import dev.holdfast.KexecImage;
import dev.holdfast.KnownRegions;
import dev.holdfast.PhysicalRange;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The kernel to jump to. */
final class NextKernel {
    @Parameters(index = "0", paramLabel = "KERNEL", description = "Image of the next kernel.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path kernel;

    @Parameters(index = "1", paramLabel = "INITRD", arity = "0..1", description = "Its initrd.")
    private @Nullable Path initrd;

    @Option(
            names = "--command-line",
            paramLabel = "TEXT",
            description =
                    "Its command line. Default: that of the running kernel, with what keeps it away from the regions.")
    private @Nullable String commandLine;

    /** It, with its initrd and command line. */
    KexecImage image() {
        return new KexecImage(kernel, initrd, commandLine == null ? carryingAll() : commandLine);
    }

    private static String carryingAll() {
        PhysicalRange[] ranges = KnownRegions.now().regions().stream()
                .flatMap(region -> region.description().ranges().stream())
                .toArray(PhysicalRange[]::new);
        return KexecCommandLine.running().carrying(ranges).text();
    }
}
