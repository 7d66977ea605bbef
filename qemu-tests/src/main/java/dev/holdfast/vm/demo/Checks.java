// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import java.util.List;

/** What the demo promises, and whether it was so. */
final class Checks {
    private Checks() {}

    /**
     * A row.
     *
     * @param what what was looked at
     * @param found what was found, in few words
     * @param good whether that is as it should be
     */
    record Check(String what, String found, boolean good) {}

    static List<Check> of(DemoResult result) {
        long pages = result.guestMemoryBytes() / 4096;
        long before = result.guestCounterBefore();
        long after = result.guestCounterAfter();
        return List.of(
                new Check("the KVM guest goes on counting", before + " → " + after, after > before),
                new Check(
                        "it notices nothing",
                        String.join("; ", result.guestComplaints()),
                        result.guestComplaints().isEmpty()),
                new Check(
                        "pages verified by the program",
                        result.pagesVerified() + " of " + pages,
                        result.pagesVerified() == pages),
                new Check(
                        "physical pages equal, seen from outside",
                        result.physicalPagesEqual() + " of " + pages,
                        result.physicalPagesEqual() == pages),
                new Check("at the same physical addresses", "", result.samePhysicalAddresses()),
                new Check("machine state read back as written", "", result.stateEqual()),
                new Check("writing goes on in the second kernel", "", result.wroteOn()));
    }
}
