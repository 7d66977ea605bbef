// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.pc;

import dev.holdfast.examples.kvm.Access;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Finds the device that is at an address. Where none is, reads give ones and writes are lost, as on a PC. */
final class Bus {
    private final TreeMap<Long, Slot> slots = new TreeMap<>();

    private record Slot(int size, Device device) {}

    /** Puts a device on it, before the guest runs. */
    void plug(long first, int size, Device device) {
        slots.put(first, new Slot(size, device));
    }

    void access(Access access) {
        Map.Entry<Long, Slot> found = slots.floorEntry(access.address());
        if (found != null
                && access.address() - found.getKey() < found.getValue().size()) {
            found.getValue().device().access((int) (access.address() - found.getKey()), access);
        } else if (!access.isWrite()) {
            byte[] ones = new byte[access.length()];
            Arrays.fill(ones, (byte) 0xff);
            access.answer(ones);
        }
    }
}
