// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.PhysicalRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reserves memory from the next boot on. */
@Command(
        name = "setup",
        description = "Shows what GRUB has to be told to reserve memory for a region, and with --write tells it;"
                + " and the line of /etc/fstab that mounts it before the hypervisors start.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class SetupCommand implements Runnable {
    private static final String HEAD = "# Written by holdfastctl setup.\n";

    @Mixin
    private final Output output = new Output();

    @Parameters(
            index = "0",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "Size of the region, such as 64G.")
    private long size;

    @Option(
            names = "--range",
            paramLabel = "RANGE",
            converter = RangeParameter.class,
            description = "SIZE$BASE instead of what is chosen.")
    private @Nullable PhysicalRange range;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            defaultValue = "/etc/default/grub.d/holdfast.cfg",
            description = "What update-grub reads. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(names = "--write", description = "Write the file.")
    private boolean write;

    @Override
    public void run() {
        if (range != null && range.size() != size) {
            throw new CommandFailure(range + " has another size than is asked for; make them agree");
        }
        PhysicalRange chosen = range == null ? choose() : range;
        String text = snippet(chosen);
        output.line("# %s", file);
        output.line("%s", text.stripTrailing());
        if (write) {
            store(text);
            output.line("# written; update-grub puts it into effect with the next boot");
        } else {
            output.line("# nothing was written; --write does it");
        }
        output.line("# /etc/fstab, where systemd/install was run, and the region is formatted");
        output.line("%s", fstab(chosen));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("range", Fields.of(chosen));
        fields.put("memmap", chosen.memmap());
        fields.put("file", file.toString());
        fields.put("text", text);
        fields.put("fstab", fstab(chosen));
        fields.put("written", write);
        output.json(fields);
    }

    private PhysicalRange choose() {
        try {
            return Reservation.choose(Files.readString(Path.of("/proc/iomem")), size);
        } catch (IOException e) {
            throw new CommandFailure("cannot read /proc/iomem: " + e.getMessage() + "; run as root");
        }
    }

    /** The shell that reads the file takes a backslash from each pair, and GRUB the one that is left before the dollar. */
    static String snippet(PhysicalRange range) {
        return HEAD + "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX "
                + range.memmap().replace("$", "\\\\\\$") + "\"\n";
    }

    /** What holdfast.target requires, hypervisors can; a boot does not wait for it. */
    static String fstab(PhysicalRange range) {
        return "none /mnt/holdfast holdfast base=0x" + Long.toHexString(range.base())
                + ",x-systemd.required-by=holdfast.target,x-systemd.before=holdfast.target 0 0";
    }

    private void store(String text) {
        try {
            if (Files.exists(file) && !Files.readString(file).startsWith(HEAD)) {
                throw new CommandFailure(
                        file + " was not written by holdfastctl; move it away, or choose another with --file");
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + file + ": " + e.getMessage() + "; run as root");
        }
    }
}
