// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a Linux guest has said since this process knows it.
 *
 * @param reports of its rounds, in order
 * @param others lines on its console that are none: what its kernel logged, and what it was told
 * @param serial what came by its serial port
 */
public record LinuxSeen(List<LinuxReport> reports, List<String> others, String serial) {
    /** What starts a line of the guest's that is no report. */
    private static final List<String> WORDS = List.of("log ", "echo ");

    /**
     * Reads what has come so far. The last line may not have ended, and the first may be the rest of one that began in another
     * process: neither counts then.
     */
    public static LinuxSeen of(String console, String serial) {
        List<LinuxReport> reports = new ArrayList<>();
        List<String> others = new ArrayList<>();
        boolean first = true;
        for (String line :
                console.substring(0, console.lastIndexOf('\n') + 1).lines().toList()) {
            Optional<LinuxReport> report = LinuxReport.of(line);
            if (report.isPresent()) {
                reports.add(report.get());
            } else if (!first || WORDS.stream().anyMatch(line::startsWith)) {
                others.add(line);
            }
            first = false;
        }
        return new LinuxSeen(reports, others, serial);
    }

    /** The last report. */
    public LinuxReport last() {
        return reports.get(reports.size() - 1);
    }
}
