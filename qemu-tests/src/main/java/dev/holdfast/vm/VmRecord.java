// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.vm;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What is written down about a VM, as {@code result.json} beside its console log.
 *
 * @param name name of the test
 * @param outcome how the test ended; empty while it runs
 * @param accelerator how the processor was run, and why so
 * @param bootRetries first boots that never reached init and were tried again
 * @param boots the kernels that ran
 */
public record VmRecord(String name, String outcome, String accelerator, int bootRetries, List<Boot> boots) {

    VmRecord with(List<Boot> allBoots) {
        return new VmRecord(name, outcome, accelerator, bootRetries, List.copyOf(allBoots));
    }

    VmRecord retried() {
        return new VmRecord(name, outcome, accelerator, bootRetries + 1, boots);
    }

    /** The same, with how the test ended. */
    public VmRecord ended(String howItEnded) {
        return new VmRecord(name, howItEnded, accelerator, bootRetries, boots);
    }

    /** Writes {@code result.json} into a directory. */
    public void write(Path directory) throws IOException {
        Files.writeString(
                directory.resolve("result.json"),
                new GsonBuilder()
                                .setPrettyPrinting()
                                .disableHtmlEscaping()
                                .create()
                                .toJson(this) + "\n");
    }
}
