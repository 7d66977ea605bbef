// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vm.Vm;
import dev.holdfast.vm.VmBuilder;
import dev.holdfast.vm.guest.Formatting;
import dev.holdfast.vm.guest.None;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.junit.QemuTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** What the documentation says of system calls is so. */
@QemuTest
@Tag("debug-kernel")
class CallsIT {

    private static final Path DOCUMENT =
            Path.of(System.getProperty("holdfast.root", "..")).resolve("docs/programs.md");

    @Kernels
    void each_call_does_what_the_document_says(VmBuilder builder) throws IOException {
        List<String> documented = Files.readAllLines(DOCUMENT).stream()
                .dropWhile(line -> !line.startsWith("| call "))
                .skip(2)
                .takeWhile(line -> line.startsWith("| "))
                .toList();
        try (Vm vm = builder.start()) {
            vm.run(Formatting.class, vm.region());
            Inside.mount(vm);

            assertThat(vm.run(KnownCalls.class, None.NONE)).isEqualTo(documented);
        }
    }
}
