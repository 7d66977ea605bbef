// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ctl;

import dev.holdfast.DamagedException;
import dev.holdfast.FutureVersionException;
import dev.holdfast.NotFormattedException;
import dev.holdfast.PhysicalRange;
import dev.holdfast.Region;
import dev.holdfast.RegionImage;
import dev.holdfast.fsck.Fsck;
import dev.holdfast.fsck.FsckFinding;
import dev.holdfast.fsck.FsckOutcome;
import dev.holdfast.fsck.FsckReport;
import dev.holdfast.fsck.Repair;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a region that is not mounted. */
@Command(
        name = "fsck",
        description = "Checks a region that is not mounted, in memory or in a dump, and repairs what it is told to.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class FsckCommand implements Callable<Integer> {
    @Mixin
    private final Output output = new Output();

    /** What is to be checked. */
    static final class Subject {
        @Parameters(
                paramLabel = "RANGE",
                converter = RangeParameter.class,
                description = "SIZE$BASE of its first range in this machine's memory.")
        private @Nullable PhysicalRange range;

        @Option(names = "--dump", paramLabel = "FILE", description = "A file that holds all bytes of a region.")
        private @Nullable Path dump;
    }

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Subject subject;

    @Option(
            names = "--repair",
            paramLabel = "KIND",
            arity = "0..1",
            fallbackValue = "harmless",
            split = ",",
            description = {
                "Do the repairs that lose nothing, or those of some sorts: rewrite_superblock, rewrite_copy, bury_superseded,",
                "attach_orphan, rename_duplicate, and, losing something, free_damaged, cut_file, rebuild_root."
            })
    private List<String> repairs = List.of();

    @Override
    public Integer call() {
        Set<Repair> chosen = chosen();
        RegionImage.Access access = chosen.isEmpty() ? RegionImage.Access.READ : RegionImage.Access.REPAIR;
        try (RegionImage image = open(access)) {
            FsckOutcome outcome =
                    chosen.isEmpty() ? new FsckOutcome(List.of(), checked(image)) : Fsck.repair(image, chosen);
            tell(outcome);
            return outcome.after().isClean() ? 0 : Main.FOUND;
        }
    }

    private static FsckReport checked(RegionImage image) {
        try (Bar bar = Bar.of("reading records")) {
            return Fsck.check(image, bar);
        }
    }

    private Set<Repair> chosen() {
        Set<Repair> chosen = EnumSet.noneOf(Repair.class);
        for (String word : repairs) {
            if (word.equals("harmless")) {
                chosen.addAll(Repair.harmless());
            } else {
                chosen.add(repair(word));
            }
        }
        return chosen;
    }

    private static Repair repair(String word) {
        for (Repair repair : Repair.values()) {
            if (repair.name().equalsIgnoreCase(word)) {
                return repair;
            }
        }
        throw new CommandFailure("'" + word + "' is no sort of repair; fsck --help lists them");
    }

    private RegionImage open(RegionImage.Access access) {
        if (subject.dump != null) {
            return RegionImage.open(subject.dump, access);
        }
        PhysicalRange range = Objects.requireNonNull(subject.range);
        return RegionImage.attach(ranges(range), access);
    }

    /** All ranges of the region, if it says which; a check tells why it does not. */
    private static List<PhysicalRange> ranges(PhysicalRange first) {
        try {
            return Region.inspect(first.base()).ranges();
        } catch (NotFormattedException | DamagedException | FutureVersionException e) {
            return List.of(first);
        }
    }

    private void tell(FsckOutcome outcome) {
        FsckReport report = outcome.after();
        outcome.repaired().forEach(finding -> output.line("repaired: %s", finding));
        report.findings().forEach(finding -> output.line("%s", finding));
        if (report.isClean()) {
            output.line("nothing is wrong");
        }
        report.summary()
                .ifPresent(summary -> output.line(
                        "%d files, %d directories; %s used, %s free",
                        summary.files(),
                        summary.directories(),
                        Bytes.text(summary.dataUsed()),
                        Bytes.text(summary.dataFree())));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("clean", report.isClean());
        fields.put("mountable", report.isMountable());
        fields.put("repaired", all(outcome.repaired()));
        fields.put("findings", all(report.findings()));
        report.summary().ifPresent(summary -> fields.put("summary", summary));
        output.json(fields);
    }

    private static List<Map<String, Object>> all(List<FsckFinding> findings) {
        return findings.stream().map(Fields::of).toList();
    }
}
