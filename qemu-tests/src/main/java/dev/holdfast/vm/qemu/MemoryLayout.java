// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.qemu;

import java.util.OptionalLong;

/**
 * Where a VM's memory is in its physical address space. QEMU's memory is one file for each NUMA node: first what is below 4 GiB, then
 * the rest.
 *
 * @param below bytes from address 0
 * @param above bytes from address 4 GiB
 * @param secondNode address from which on memory is on a second NUMA node, above 4 GiB
 */
public record MemoryLayout(long below, long above, OptionalLong secondNode) {

    /** 1 GiB, in bytes. */
    public static final long GIB = 1L << 30;

    /** Where the memory above starts. */
    public static final long HIGH = 4 * GIB;

    /** Checks what the machine can do. */
    public MemoryLayout {
        if (below < GIB / 2 || below > 3 * GIB || below % (1 << 20) != 0 || above < 0 || above % (1 << 20) != 0) {
            throw new IllegalArgumentException(
                    "a VM has 512 MiB to 3 GiB below 4 GiB, in MiB: " + below + " and " + above);
        }
        if (secondNode.isPresent()
                && (secondNode.getAsLong() < HIGH
                        || secondNode.getAsLong() >= HIGH + above
                        || secondNode.getAsLong() % (1 << 20) != 0
                        || 2 * (secondNode.getAsLong() - HIGH + below) == below + above)) {
            throw new IllegalArgumentException(
                    "a second node starts above 4 GiB, in MiB, and is not as large as the first: " + secondNode);
        }
    }

    /** Memory on one node. */
    public MemoryLayout(long below, long above) {
        this(below, above, OptionalLong.empty());
    }

    /** How much is on the first node, in bytes. */
    public long onFirstNode() {
        return secondNode.isPresent() ? secondNode.getAsLong() - HIGH + below : total();
    }

    /** Length of the file that has the memory at an address, in bytes. */
    public long fileLength(long address) {
        return fileFrom(address) == 0 ? onFirstNode() : total() - onFirstNode();
    }

    private long fileFrom(long address) {
        return secondNode.isPresent() && address >= secondNode.getAsLong() ? onFirstNode() : 0;
    }

    /** All of it, in bytes. */
    public long total() {
        return below + above;
    }

    /** Where a physical range is in the file of its memory. */
    public long fileOffset(long address, long length) {
        if (address >= 0 && length >= 0 && address + length <= below) {
            return address;
        }
        if (address >= HIGH && length >= 0 && address + length <= HIGH + above) {
            return address - HIGH + below - fileFrom(address);
        }
        throw new IllegalArgumentException(
                String.format("the VM has no memory at 0x%x, %d bytes long: %s", address, length, this));
    }
}
