// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.kvm;

/** Why a guest does not go on. */
public enum Exit {
    /** {@link Vcpu#kick()}. */
    KICKED,
    /** It reads or writes a port. */
    IO,
    /** It touches an address where no memory is. */
    MMIO,
    /** It gave up: a fault in the handler of a fault. */
    SHUTDOWN,
    /** Something else, which nothing here can deal with. */
    OTHER;

    private static final int KVM_EXIT_IO = 2;
    private static final int KVM_EXIT_MMIO = 6;
    private static final int KVM_EXIT_SHUTDOWN = 8;
    private static final int KVM_EXIT_INTR = 10;

    static Exit of(int reason) {
        return switch (reason) {
            case KVM_EXIT_IO -> IO;
            case KVM_EXIT_MMIO -> MMIO;
            case KVM_EXIT_SHUTDOWN -> SHUTDOWN;
            case KVM_EXIT_INTR -> KICKED;
            default -> OTHER;
        };
    }
}
