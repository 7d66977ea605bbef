// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import dev.holdfast.examples.guest.Checker;
import java.util.ArrayList;
import java.util.List;

/**
 * What a guest says of itself while it stands still, and what is seen of it from outside.
 *
 * @param reports what each of its processors says
 * @param wrongWords words of its memory that are not what it must have left there
 * @param serial what it has said since this process knows it
 */
public record Seen(List<Checker.Report> reports, long wrongWords, String serial) {

    /** How many passes through their memory all processors have made. */
    public long passes() {
        return reports.stream().mapToLong(Checker.Report::passes).sum();
    }

    /** What is wrong with it, a line each. */
    public List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (wrongWords != 0) {
            complaints.add(wrongWords + " words of its memory are wrong, seen from outside");
        }
        for (Checker.Report report : reports) {
            if (!report.isWhole()) {
                complaints.add("a chain has a gap: " + report);
            }
            if (report.wrongWords() != 0) {
                complaints.add("it found words that it did not leave: " + report);
            }
            if (report.clockJumps() != 0) {
                complaints.add("its clock jumped: " + report);
            }
            if (report.ticks() <= 0) {
                complaints.add("its timer does not tick: " + report);
            }
        }
        return complaints;
    }
}
