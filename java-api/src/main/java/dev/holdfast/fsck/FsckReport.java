// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.fsck;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found in a region. */
public final class FsckReport implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Set<FsckFinding.Kind> MADE_GOOD =
            EnumSet.of(FsckFinding.Kind.RECORD_COPY, FsckFinding.Kind.LEAF_COPY);
    private static final Set<FsckFinding.Kind> SET_ASIDE =
            EnumSet.of(FsckFinding.Kind.RECORD_DAMAGED, FsckFinding.Kind.LEAF_DAMAGED, FsckFinding.Kind.OVERLAP);

    private final List<FsckFinding> findings;
    private final @Nullable FsckSummary summary;

    FsckReport(List<FsckFinding> findings, @Nullable FsckSummary summary) {
        this.findings = List.copyOf(findings);
        this.summary = summary;
    }

    /** What is wrong, in the order in which a mount would meet it. */
    public List<FsckFinding> findings() {
        return findings;
    }

    /** What is in the region; nothing where a mount would refuse it. */
    public Optional<FsckSummary> summary() {
        return Optional.ofNullable(summary);
    }

    /** Whether nothing at all is wrong. */
    public boolean isClean() {
        return findings.isEmpty();
    }

    /** Whether a mount would take the region. */
    public boolean isMountable() {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.FATAL);
    }

    /** How many files and directories a mount would set aside: {@code recordsDamaged} of what the mounted region says. */
    public int recordsDamaged() {
        return count(SET_ASIDE);
    }

    /** How many records and leaves a mount would make good: {@code recordsRepaired} of what the mounted region says. */
    public int recordsRepaired() {
        return count(MADE_GOOD);
    }

    private int count(Set<FsckFinding.Kind> kinds) {
        return (int) findings.stream()
                .filter(finding -> kinds.contains(finding.kind()))
                .count();
    }

    /** One finding a line, or that there is none. */
    @Override
    public String toString() {
        return isClean()
                ? "nothing is wrong"
                : String.join(
                        System.lineSeparator(),
                        findings.stream().map(FsckFinding::toString).toList());
    }
}
