// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's own clock. */
public final class KernelClock {

    private KernelClock() {}

    /** Time since the kernel's start, in milliseconds; its resolution is 10 ms. */
    public static long millis() throws IOException {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        return Math.round(Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000);
    }
}
