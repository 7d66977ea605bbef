// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest.kvm;

import java.util.List;

/**
 * What a Linux guest has said since this process knows it.
 *
 * @param reports of its rounds, in order
 * @param others lines on its console that are none: what its kernel logged, and what it was told
 * @param serial what came by its serial port
 */
public record LinuxSeen(List<LinuxReport> reports, List<String> others, String serial) {
    /** The last report. */
    public LinuxReport last() {
        return reports.get(reports.size() - 1);
    }
}
