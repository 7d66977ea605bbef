// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import java.util.Map;

/**
 * One start of a kernel in a VM.
 *
 * @param release the kernel's release
 * @param commandLine its command line
 * @param millisToInit from the start of QEMU, or from the jump, to init, by the host's clock
 * @param millisToHello the same, to the agent's hello
 * @param stages what init said, and when by the kernel's own clock, in milliseconds, in order; before it, where systemd ended the
 *     kernel before, {@code left-clean} or, if a region was mounted still, {@code left-mounted}
 * @param memFreeBytes free memory at the agent's hello, in bytes
 */
public record Boot(
        String release,
        String commandLine,
        long millisToInit,
        long millisToHello,
        Map<String, Long> stages,
        long memFreeBytes) {

    /** When a stage was reached, by the kernel's own clock, in milliseconds; its resolution is 10 ms. */
    public long millisAt(String stage) {
        Long at = stages.get(stage);
        if (at == null) {
            throw new IllegalArgumentException("no stage " + stage + " in " + stages);
        }
        return at;
    }

    /** Time between two stages, by the kernel's own clock, in milliseconds; its resolution is 10 ms. */
    public long millisBetween(String earlier, String later) {
        return millisAt(later) - millisAt(earlier);
    }
}
