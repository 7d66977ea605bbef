// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.holdfast.codegen.probe.Fact;
import dev.holdfast.codegen.probe.Probe;
import dev.holdfast.vm.VmHost;
import dev.holdfast.vm.Workspace;
import dev.holdfast.vm.junit.Kernels;
import dev.holdfast.vm.kernel.KernelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The copies of rendered trees in the repository are for the kernels that there are. */
class RecordedFactsIT {

    private static final Path RECORDED = Path.of("codegen/src/test/resources/golden/kernels");

    @Kernels
    void what_is_recorded_of_a_kernel_is_still_found(KernelSpec spec) throws IOException {
        Path file = Workspace.find().root().resolve(RECORDED).resolve(spec.version() + ".json");
        assumeThat(file).as("what make golden records of a new kernel").exists();
        Map<String, JsonElement> recorded = JsonParser.parseString(Files.readString(file))
                .getAsJsonObject()
                .getAsJsonObject("facts")
                .asMap();

        Map<String, String> found = Probe.of(VmHost.here().kernel(spec).headers()).facts().stream()
                .collect(Collectors.toMap(Fact::name, Fact::value));

        assertThat(recorded.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                fact -> fact.getValue()
                                        .getAsJsonObject()
                                        .get("value")
                                        .getAsString())))
                .as("%s; if the kernel has changed: make golden", file)
                .isEqualTo(found);
    }
}
