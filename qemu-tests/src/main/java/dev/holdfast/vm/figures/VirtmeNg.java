// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm.figures;

import dev.holdfast.vm.Command;
import dev.holdfast.vm.kernel.Kernel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Boots a kernel with virtme-ng, to see how long that takes. It shares the host's files with the guest instead of bringing its own:
 * over 9p where the kernel has that, else over virtiofs.
 *
 * @param command its name or path
 * @param patience how long a boot may take, in seconds
 */
record VirtmeNg(String command, long patience) {

    private static final String FIRST_LINE = "holdfast: first line";

    /**
     * What came of a boot.
     *
     * @param millis from its start to the first line of the code that is to run inside, in ms; 0 if that never came
     * @param reason why it never came
     */
    record Outcome(long millis, String reason) {

        @Override
        public String toString() {
            return reason.isEmpty() ? millis + " ms" : reason;
        }
    }

    /** Boots a kernel with 2 GiB of memory and one processor. */
    Outcome boot(Kernel kernel, boolean kvm) {
        if (!Command.exists(command)) {
            return new Outcome(0, "not installed: Debian 13 has it as virtme-ng");
        }
        AtomicLong seen = new AtomicLong();
        long start = System.nanoTime();
        Command.Outcome ended = Command.of(words(kernel, kvm)).attempt(line -> {
            if (line.strip().equals(FIRST_LINE)) {
                seen.compareAndSet(0, System.nanoTime());
            }
        });
        return seen.get() == 0
                ? new Outcome(0, "does not boot it: " + lastLine(ended))
                : new Outcome((seen.get() - start) / 1_000_000, "");
    }

    private List<String> words(Kernel kernel, boolean kvm) {
        List<String> words = new ArrayList<>(List.of("timeout", Long.toString(patience), command));
        words.addAll(List.of("--run", kernel.image().toString(), "--memory", "2G", "--cpus", "1"));
        if (!kvm) {
            words.add("--disable-kvm");
        }
        if (Files.exists(kernel.modules().resolve("kernel/fs/9p"))) {
            words.add("--force-9p");
        }
        words.addAll(List.of("--", "echo " + FIRST_LINE));
        return words;
    }

    private static String lastLine(Command.Outcome ended) {
        return ended.lines().stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((earlier, later) -> later)
                .orElse("exit code " + ended.exitCode() + ", and it says nothing");
    }
}
