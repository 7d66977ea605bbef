// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.demo;

import dev.holdfast.vm.guest.kvm.ResumingGuests;
import java.util.List;
import java.util.Map;

/**
 * What the demo found, as it stands in {@code build/demo/result.json}.
 *
 * @param passed whether everything is as it should be
 * @param kernelBefore release of the kernel that wrote
 * @param kernelAfter release of the kernel that read
 * @param accelerator how the VM's processor was run
 * @param regionBytes size of the region, in bytes
 * @param guestMemoryBytes size of the guest memory, in bytes
 * @param pagesVerified pages of 4 KiB that the program in the second kernel compared and found right
 * @param wrongPages numbers of the first pages that it found wrong
 * @param physicalPagesEqual pages that are the same at their physical address, before and after, seen from outside
 * @param physicalPagesDifferent physical addresses of the first of those that are not
 * @param stateEqual whether the state file was read back as it was written
 * @param samePhysicalAddresses whether the guest memory is where it was
 * @param wroteOn whether the program in the second kernel could go on writing
 * @param guestCounterBefore passes through its memory that the processors of the KVM guest had made when it was stopped
 * @param guestCounterAfter passes that they had made some time behind the update
 * @param guestComplaints what is wrong with the KVM guest
 * @param timeline what the update did when
 * @param pauseMillis how long each part of the pause of the guest took, in milliseconds, in order
 * @param phasesMillis how long each phase took, in milliseconds, in order
 * @param bootRetries first boots that never reached init and were tried again
 * @param console the console log
 */
record DemoResult(
        boolean passed,
        String kernelBefore,
        String kernelAfter,
        String accelerator,
        long regionBytes,
        long guestMemoryBytes,
        long pagesVerified,
        List<Long> wrongPages,
        long physicalPagesEqual,
        List<String> physicalPagesDifferent,
        boolean stateEqual,
        boolean samePhysicalAddresses,
        boolean wroteOn,
        long guestCounterBefore,
        long guestCounterAfter,
        List<String> guestComplaints,
        List<ResumingGuests.Phase> timeline,
        Map<String, Long> pauseMillis,
        Map<String, Long> phasesMillis,
        int bootRetries,
        String console) {}
