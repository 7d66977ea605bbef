// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.guest.kvm.LinuxReport;
import java.util.List;

/** What a Linux guest that did not notice anything has reported. */
final class LinuxHistory {
    /** A kernel that finds its processor slow says so once, whenever that is: this one is emulated twice over. */
    private static final String SLOW = "hrtimer: interrupt took";

    private LinuxHistory() {}

    /** What it has said that it would not have said if nothing had been. */
    static List<String> complaints(List<String> lines) {
        return lines.stream().filter(line -> !line.contains(SLOW)).toList();
    }

    /**
     * All of it follows from what was before.
     *
     * @param last its last report before it stood still
     * @param reports those behind that, in order
     * @param leapMillis how far a clock may have gone on between two of them
     */
    static void assertWentOn(LinuxReport last, List<LinuxReport> reports, long leapMillis) {
        assertThat(reports.get(0).round()).isGreaterThan(last.round());
        for (int index = 0; index < reports.size(); index++) {
            LinuxReport now = reports.get(index);
            LinuxReport before = index == 0 ? last : reports.get(index - 1);
            if (index > 0) {
                assertThat(now.round()).isEqualTo(before.round() + 1);
            }
            assertThat(now.isWhole()).as("chain of %s", now).isTrue();
            assertThat(now.links()).isGreaterThanOrEqualTo(before.links());
            assertThat(now.clock()).isGreaterThanOrEqualTo(before.clock());
            assertThat(now.leap()).isLessThanOrEqualTo(Math.max(last.leap(), leapMillis));
            assertThat(List.of(now.wrong(), now.torn(), now.back())).containsOnly(0L);
        }
        assertThat(reports.get(reports.size() - 1).links()).isGreaterThan(last.links());
    }
}
