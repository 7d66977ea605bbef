// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.examples.vmm;

import dev.holdfast.examples.kvm.PortAccess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The transmitting half of a serial port of a PC: what the guest sends is written at once, so that there is no state to save. */
final class Serial {
    private static final int FIRST_PORT = 0x3f8;
    private static final int PORTS = 8;
    private static final int DATA = 0;
    private static final int LINE_STATUS = 5;
    private static final byte NOTHING_WAITS = 0x60;

    private final OutputStream out;

    Serial(OutputStream out) {
        this.out = out;
    }

    /** Whether it is for this device. */
    static boolean has(PortAccess access) {
        return access.port() >= FIRST_PORT && access.port() < FIRST_PORT + PORTS;
    }

    void access(PortAccess access) {
        int register = access.port() - FIRST_PORT;
        if (!access.isWrite()) {
            byte[] answer = new byte[access.length()];
            Arrays.fill(answer, register == LINE_STATUS ? NOTHING_WAITS : 0);
            access.answer(answer);
        } else if (register == DATA) {
            synchronized (this) {
                try {
                    out.write(access.data());
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
